import { queryRows, type Queryable } from '../queryable.js';

export interface ListedContent {
  id: number;
  contentKey: string;
  platform: string;
  externalId: string | null;
  kind: string;
  releaseId: number | null;
  artistId: number | null;
  isPrimary: boolean;
  title: string | null;
  publishedAt: Date | null;
  durationSeconds: number | null;
  format: string | null;
  language: string | null;
  tags: string[] | null;
}

export interface ContentFilter {
  artistId: number | null;
  releaseId: number | null;
  platform: string | null;
  /** False finds those that wait for a release. */
  linked: boolean | null;
  /** A content by our key or the platform's id. */
  name: string | null;
  /** The id of the last one of the page before. */
  afterId: number | null;
  limit: number;
}

/** In order of id. @throws StoreError */
export async function listContents(db: Queryable, filter: ContentFilter): Promise<ListedContent[]> {
  return queryRows<ListedContent>(
    db,
    `select c.id, c.content_key as "contentKey", c.platform, c.external_id as "externalId", c.kind,
       c.release_id as "releaseId", c.artist_id as "artistId", c.is_primary as "isPrimary", c.title,
       c.published_at as "publishedAt", c.duration_seconds as "durationSeconds", c.format, c.language, c.tags
     from contents c
     where ($1::int is null or c.artist_id = $1) and ($2::int is null or c.release_id = $2)
       and ($3::text is null or c.platform = $3) and ($4::boolean is null or (c.release_id is not null) = $4)
       and ($5::text is null or c.content_key = $5 or c.external_id = $5)
       and ($6::int is null or c.id > $6)
     order by c.id
     limit $7`,
    [
      filter.artistId,
      filter.releaseId,
      filter.platform,
      filter.linked,
      filter.name,
      filter.afterId,
      filter.limit,
    ],
  );
}
