import { queryRows, type Queryable } from '../queryable.js';

export interface ListedUsage {
  id: string;
  sourceName: string;
  clipId: string;
  releaseId: number;
  usedAt: Date;
}

export interface UsageFilter {
  sourceName: string | null;
  releaseId: number | null;
  artistId: number | null;
  /** The id of the last one of the page before. */
  beforeId: string | null;
  limit: number;
}

/** The latest logged first. @throws StoreError */
export async function listClipUsages(db: Queryable, filter: UsageFilter): Promise<ListedUsage[]> {
  return queryRows<ListedUsage>(
    db,
    `select u.id::text as id, u.source_name as "sourceName", u.clip_id as "clipId", u.release_id as "releaseId",
       u.used_at as "usedAt"
     from stock_clip_usages u
     where ($1::text is null or u.source_name = $1) and ($2::int is null or u.release_id = $2)
       and ($3::int is null or u.release_id in (select r.id from releases r where r.artist_id = $3))
       and ($4::bigint is null or u.id < $4)
     order by u.id desc
     limit $5`,
    [filter.sourceName, filter.releaseId, filter.artistId, filter.beforeId, filter.limit],
  );
}
