/** Every change of a value that was known. */
import { queryRows, type Queryable } from '../queryable.js';

export const restatementKinds = ['replaced', 'correction', 'undone'] as const;
export type RestatementKind = (typeof restatementKinds)[number];

export interface Restatement {
  id: string;
  contentKey: string;
  title: string | null;
  platform: string;
  releaseId: number | null;
  grain: 'instant' | 'day';
  /** The one of the two that the value speaks of. */
  recordedAt: Date | null;
  day: string | null;
  source: string;
  metric: string;
  /** A platform's correction speaks of the counter's close; the others of the value itself. */
  kind: RestatementKind;
  oldValue: number | null;
  newValue: number | null;
  learntAt: Date;
  runId: string | null;
}

export interface RestatementFilter {
  artistId: number | null;
  releaseId: number | null;
  contentKey: string | null;
  /** A content's key, or its platform's id. */
  content: string | null;
  platform: string | null;
  metric: string | null;
  kind: RestatementKind | null;
  /** Half-open range of when it was learnt. */
  from: Date | null;
  to: Date | null;
  /** The id of the last one of the page before. */
  beforeId: string | null;
  limit: number;
}

/** The latest learnt first: ids ascend with the time of learning. @throws StoreError */
export async function listRestatements(db: Queryable, filter: RestatementFilter): Promise<Restatement[]> {
  return queryRows<Restatement>(
    db,
    `select p.id::text as id, c.content_key as "contentKey", c.title, c.platform, c.release_id as "releaseId", p.grain,
       p.recorded_at as "recordedAt", p.day::text as day, o.name as source, p.metric, p.kind,
       p.old_value as "oldValue", p.new_value as "newValue", p.learnt_at as "learntAt", p.run_id::text as "runId"
     from performance_revisions p
     join contents c on c.id = p.content_id
     join value_sources o on o.source = p.source
     where ($1::int is null or c.artist_id = $1) and ($2::int is null or c.release_id = $2)
       and ($3::text is null or c.content_key = $3) and ($4::text is null or c.platform = $4)
       and ($5::text is null or p.metric = $5) and ($6::text is null or p.kind = $6)
       and ($7::timestamptz is null or p.learnt_at >= $7) and ($8::timestamptz is null or p.learnt_at < $8)
       and ($9::bigint is null or p.id < $9)
       and ($10::text is null or c.content_key = $10 or c.external_id = $10)
     order by p.id desc
     limit $11`,
    [
      filter.artistId,
      filter.releaseId,
      filter.contentKey,
      filter.platform,
      filter.metric,
      filter.kind,
      filter.from,
      filter.to,
      filter.beforeId,
      filter.content,
      filter.limit,
    ],
  );
}
