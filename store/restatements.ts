/** Every change of a value that was known, as operators look for it. */
import { queryRows, type Queryable } from './queryable.js';

export const restatementKinds = ['replaced', 'correction', 'undone'] as const;
export type RestatementKind = (typeof restatementKinds)[number];

export interface Restatement {
  id: string;
  content_id: string;
  platform: string;
  title: string | null;
  metric_name: string;
  /** A platform's correction speaks of the counter's close; the others of the value itself. */
  kind: RestatementKind;
  grain: 'instant' | 'day';
  /** Of an instant's value. */
  recorded_at: Date | null;
  /** ISO day, of a day's value. */
  day: string | null;
  source: string;
  old_value: number | null;
  new_value: number | null;
  learnt_at: Date;
  run_id: string | null;
}

export interface RestatementFilter {
  /** A content's key, or its platform's id. */
  content?: string | undefined;
  metric?: string | undefined;
  kind?: RestatementKind | undefined;
  platform?: string | undefined;
  /** Learnt at or after. */
  since?: Date | undefined;
  /** Restatements with a smaller id: the last one of the page before. */
  after?: string | undefined;
  /** 50 unless told. */
  limit?: number | undefined;
}

/** Newest first. @throws StoreError */
export async function listRestatements(
  db: Queryable,
  filter: RestatementFilter = {},
): Promise<Restatement[]> {
  return queryRows<Restatement>(
    db,
    // Ids ascend with the time of learning, and have an index.
    `select r.id::text, c.content_key as content_id, c.platform, c.title, r.metric as metric_name, r.kind, r.grain,
       r.recorded_at, r.day::text, o.name as source, r.old_value, r.new_value, r.learnt_at, r.run_id::text
     from performance_revisions r
     join contents c on c.id = r.content_id
     join value_sources o on o.source = r.source
     where ($1::text is null or r.content_id in (
         select k.id from contents k where k.content_key = $1 or k.external_id = $1))
       and ($2::text is null or r.metric = $2) and ($3::text is null or r.kind = $3)
       and ($4::text is null or c.platform = $4) and ($5::timestamptz is null or r.learnt_at >= $5)
       and ($6::bigint is null or r.id < $6)
     order by r.id desc
     limit $7`,
    [
      filter.content ?? null,
      filter.metric ?? null,
      filter.kind ?? null,
      filter.platform ?? null,
      filter.since ?? null,
      filter.after ?? null,
      filter.limit ?? 50,
    ],
  );
}
