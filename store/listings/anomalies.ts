import type { AnomalyRow } from '../anomalies.js';
import { queryRows, type Queryable } from '../queryable.js';

export interface ListedAnomaly extends AnomalyRow {
  id: string;
  contentKey: string;
  title: string | null;
  releaseId: number | null;
  artistId: number | null;
  platform: string;
  runId: string | null;
  foundAt: Date;
}

export interface AnomalyFilter {
  artistId: number | null;
  releaseId: number | null;
  contentKey: string | null;
  platform: string | null;
  metric: string | null;
  kind: AnomalyRow['kind'] | null;
  /** Half-open range of ISO days. */
  from: string | null;
  to: string | null;
  /** Those that most series shared too. */
  withShared: boolean;
  /** Day and id of the last one of the page before. */
  after: readonly [day: string, id: string] | null;
  limit: number;
}

/** The latest day first. @throws StoreError */
export async function listAnomalies(db: Queryable, filter: AnomalyFilter): Promise<ListedAnomaly[]> {
  return queryRows<ListedAnomaly>(
    db,
    `select a.id::text as id, a.content_id as "contentId", c.content_key as "contentKey", c.title,
       c.release_id as "releaseId", c.artist_id as "artistId", c.platform, a.metric, a.day::text as day, a.method,
       a.method_version as "methodVersion", a.kind, a.direction, a.value, a.expected, a.lower_bound as lower,
       a.upper_bound as upper, a.score, a.shared, a.span_days as span, a.run_id::text as "runId",
       a.found_at as "foundAt"
     from anomalies a
     join contents c on c.id = a.content_id
     where ($1::int is null or c.artist_id = $1) and ($2::int is null or c.release_id = $2)
       and ($3::text is null or c.content_key = $3) and ($4::text is null or c.platform = $4)
       and ($5::text is null or a.metric = $5) and ($6::text is null or a.kind = $6)
       and ($7::date is null or a.day >= $7) and ($8::date is null or a.day < $8)
       and ($9 or not a.shared)
       and ($10::date is null or (a.day, a.id) < ($10, $11::bigint))
     order by a.day desc, a.id desc
     limit $12`,
    [
      filter.artistId,
      filter.releaseId,
      filter.contentKey,
      filter.platform,
      filter.metric,
      filter.kind,
      filter.from,
      filter.to,
      filter.withShared,
      ...(filter.after ?? [null, null]),
      filter.limit,
    ],
  );
}
