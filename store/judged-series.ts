/** What each series was judged by when anomalies were looked for, one row a content, metric and method. */
import { execute, queryRows, type Queryable } from './queryable.js';

/** The days of a series that a detector judged; anomalies that it found there before and finds no more are withdrawn. */
export interface JudgedSeries {
  contentId: number;
  metric: string;
  method: string;
  methodVersion: string;
  /** Null where nothing was judged. */
  parameters: Record<string, number> | null;
  /** Days with a value. */
  points: number;
  /** First judged day and last judged day, both included. */
  from: string;
  to: string;
  /** Null where it was judged. */
  withheldReason: string | null;
}

/** Stores how series were judged, in place of how they were before; the same again changes no row. */
export async function saveJudgedSeries(
  db: Queryable,
  judged: readonly JudgedSeries[],
  origin: { runId: string; judgedAt: Date },
): Promise<void> {
  if (judged.length === 0) return;
  await execute(
    db,
    `insert into judged_series as j (content_id, metric, method, method_version, parameters, points, first_day,
       last_day, withheld_reason, run_id, judged_at)
     select r.content_id, r.metric, r.method, r.method_version, r.parameters, r.points, r.first_day, r.last_day,
       r.withheld_reason, $2::bigint, $3::timestamptz
     from jsonb_to_recordset($1::jsonb) as r (content_id int, metric text, method text, method_version text,
       parameters jsonb, points int, first_day date, last_day date, withheld_reason text)
     on conflict (content_id, metric, method) do update
     set method_version = excluded.method_version, parameters = excluded.parameters, points = excluded.points,
       first_day = excluded.first_day, last_day = excluded.last_day, withheld_reason = excluded.withheld_reason,
       run_id = excluded.run_id, judged_at = excluded.judged_at
     where (j.method_version, j.parameters, j.points, j.first_day, j.last_day, j.withheld_reason)
       is distinct from (excluded.method_version, excluded.parameters, excluded.points, excluded.first_day,
         excluded.last_day, excluded.withheld_reason)`,
    [
      JSON.stringify(
        judged.map((series) => ({
          content_id: series.contentId,
          metric: series.metric,
          method: series.method,
          method_version: series.methodVersion,
          parameters: series.parameters,
          points: series.points,
          first_day: series.from,
          last_day: series.to,
          withheld_reason: series.withheldReason,
        })),
      ),
      origin.runId,
      origin.judgedAt,
    ],
  );
}

export interface StoredJudgement extends JudgedSeries {
  contentKey: string;
  title: string | null;
  platform: string;
}

/** How the given contents' series were judged, in order of content and metric. */
export async function readJudgedSeries(
  db: Queryable,
  filter: { contentIds: readonly number[] | null; metric: string | null },
): Promise<StoredJudgement[]> {
  return queryRows<StoredJudgement>(
    db,
    `select j.content_id as "contentId", c.content_key as "contentKey", c.title, c.platform, j.metric, j.method,
       j.method_version as "methodVersion", j.parameters, j.points, j.first_day::text as "from",
       j.last_day::text as "to", j.withheld_reason as "withheldReason"
     from judged_series j
     join contents c on c.id = j.content_id
     where ($1::int[] is null or j.content_id = any($1::int[])) and ($2::text is null or j.metric = $2)
     order by j.content_id, j.metric, j.method`,
    [filter.contentIds, filter.metric],
  );
}
