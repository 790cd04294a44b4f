/** Trends and forecasts, one row a run, content, metric and method. */
import type { TrendAnalysis, TrendPrediction } from '../contracts/models.js';
import { execute, queryPlanned, type Queryable } from './queryable.js';

/** How a forecast did on the series' own past, as stored beside it. */
export type StoredBacktest = Record<string, unknown>;

export interface TrendRow {
  contentId: number;
  metric: string;
  method: string;
  methodVersion: string;
  periodStart: string | null;
  periodEnd: string | null;
  /** Days with a value. */
  points: number;
  slope: number | null;
  /** Null where withheld. */
  analysis: TrendAnalysis | null;
  /** The days ahead, also where the trend is withheld; empty where there is no forecast. */
  predictions: TrendPrediction[];
  backtest: StoredBacktest | null;
  /** What it was told by; null for a result from before it was kept. */
  parameters: Record<string, number | null> | null;
  withheldReason: string | null;
}

const insertSql = `
insert into trend_analysis_results as t (run_id, content_id, metric, method, method_version, period_start, period_end,
  points, direction, strength, slope, r_squared, analysis, predictions, backtest, parameters,
  withheld_reason, computed_at)
select $1::bigint, r.content_id, r.metric, r.method, r.method_version, r.period_start, r.period_end, r.points,
  r.direction, r.strength, r.slope, r.r_squared, r.analysis, r.predictions, r.backtest, r.parameters,
  r.withheld_reason, $2::timestamptz
from jsonb_to_recordset($3::jsonb) as r (content_id int, metric text, method text, method_version text,
  period_start date, period_end date, points int, direction text, strength text, slope float8, r_squared float8,
  analysis jsonb, predictions jsonb, backtest jsonb, parameters jsonb, withheld_reason text)
on conflict (run_id, content_id, metric, method) do update
set method_version = excluded.method_version, period_start = excluded.period_start,
  period_end = excluded.period_end, points = excluded.points, direction = excluded.direction,
  strength = excluded.strength, slope = excluded.slope, r_squared = excluded.r_squared,
  analysis = excluded.analysis, predictions = excluded.predictions, backtest = excluded.backtest,
  parameters = excluded.parameters, withheld_reason = excluded.withheld_reason
where (t.method_version, t.period_start, t.period_end, t.points, t.analysis, t.predictions, t.backtest,
    t.parameters, t.withheld_reason)
  is distinct from (excluded.method_version, excluded.period_start, excluded.period_end, excluded.points,
    excluded.analysis, excluded.predictions, excluded.backtest, excluded.parameters,
    excluded.withheld_reason)`;

/** Writes a run's trends; the same rows again change nothing. */
export async function saveTrends(
  db: Queryable,
  rows: readonly TrendRow[],
  origin: { runId: string; computedAt: Date },
): Promise<void> {
  if (rows.length === 0) return;
  const records = rows.map((row) => ({
    content_id: row.contentId,
    metric: row.metric,
    method: row.method,
    method_version: row.methodVersion,
    period_start: row.periodStart,
    period_end: row.periodEnd,
    points: row.points,
    direction: row.analysis?.overall_direction ?? null,
    strength: row.analysis?.strength ?? null,
    slope: row.slope,
    r_squared: row.analysis?.statistical_metrics['r_squared'] ?? null,
    analysis: row.analysis,
    // Not twice where the analysis holds them.
    predictions: row.analysis === null && row.predictions.length > 0 ? row.predictions : null,
    backtest: row.backtest,
    parameters: row.parameters,
    withheld_reason: row.withheldReason,
  }));
  await execute(db, insertSql, [origin.runId, origin.computedAt, JSON.stringify(records)]);
}

export interface LatestTrend extends TrendRow {
  runId: string;
  contentKey: string;
  title: string | null;
  releaseId: number | null;
  artistId: number | null;
  platform: string;
  /** ISO day in UTC; null where unknown. */
  publishedOn: string | null;
}

/**
 * The latest result a content and metric, withheld ones included.
 * @param contentIds null reads those of every content.
 */
export async function latestTrends(
  db: Queryable,
  contentIds: readonly number[] | null,
): Promise<LatestTrend[]> {
  // A text of its own for some contents: one plan for both would read all of them.
  const chosen = contentIds === null ? '$1::int[] is null' : 't.content_id = any($1::int[])';
  return queryPlanned<LatestTrend>(
    db,
    `select distinct on (t.content_id, t.metric) t.run_id::text as "runId", t.content_id as "contentId",
       c.content_key as "contentKey", c.title, c.release_id as "releaseId", c.artist_id as "artistId", c.platform,
       (c.published_at at time zone 'UTC')::date::text as "publishedOn",
       t.metric, t.method, t.method_version as "methodVersion", t.period_start::text as "periodStart",
       t.period_end::text as "periodEnd", t.points, t.slope, t.analysis,
       coalesce(t.predictions, t.analysis -> 'predictions', '[]') as predictions, t.backtest,
       t.parameters, t.withheld_reason as "withheldReason"
     from trend_analysis_results t
     join contents c on c.id = t.content_id
     where ${chosen}
     order by t.content_id, t.metric, t.computed_at desc, t.id desc`,
    [contentIds],
  );
}
