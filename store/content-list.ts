/** Contents as people look for them, to link those that wait. */
import { queryRow, queryRows, type Queryable } from './queryable.js';

export interface ListedContent {
  id: number;
  content_id: string;
  platform: string;
  external_id: string | null;
  kind: 'video' | 'track' | 'post';
  title: string | null;
  published_at: Date | null;
  account: string | null;
  /** Null for one that waits to be linked. */
  release_id: number | null;
  release_title: string | null;
  artist_id: number | null;
  /** Values told for its release and platform alone belong to it. */
  is_primary: boolean;
  /** Made for such values, until a content of the platform is linked. */
  stands_in: boolean;
}

export interface ContentFilter {
  platform?: string | undefined;
  releaseId?: number | undefined;
  linked?: boolean | undefined;
  /** Part of the title, of our key or of the platform's id, in any case. */
  search?: string | undefined;
  /** Contents with a greater id: the last one of the page before. */
  after?: number | undefined;
  /** 50 unless told. */
  limit?: number | undefined;
}

const select = `
select c.id, c.content_key as content_id, c.platform, c.external_id, c.kind, c.title, c.published_at,
  a.name as account, c.release_id, r.title as release_title, c.artist_id, c.is_primary, c.stands_in
from contents c
left join accounts a on a.id = c.account_id
left join releases r on r.id = c.release_id`;

/** In order of id. @throws StoreError */
export async function listContents(db: Queryable, filter: ContentFilter = {}): Promise<ListedContent[]> {
  const pattern = filter.search === undefined ? null : `%${filter.search.replace(/[\\%_]/g, '\\$&')}%`;
  return queryRows<ListedContent>(
    db,
    `${select}
     where ($1::text is null or c.platform = $1) and ($2::integer is null or c.release_id = $2)
       and ($3::boolean is null or (c.release_id is not null) = $3)
       and ($4::text is null or c.title ilike $4 or c.content_key ilike $4 or c.external_id ilike $4)
       and c.id > $5
     order by c.id
     limit $6`,
    [
      ...[filter.platform ?? null, filter.releaseId ?? null, filter.linked ?? null, pattern],
      ...[filter.after ?? 0, filter.limit ?? 50],
    ],
  );
}

/** By our key; null where there is none. @throws StoreError */
export async function findContent(db: Queryable, contentKey: string): Promise<ListedContent | null> {
  return queryRow<ListedContent>(db, `${select} where c.content_key = $1`, [contentKey]);
}
