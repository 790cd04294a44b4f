/** What is known around a value that somebody is about to enter. */
import type { TrendPrediction } from '../contracts/models.js';
import { wideMetrics } from '../contracts/vocabulary.js';
import { queryRow, queryRows, type Queryable } from './queryable.js';

export interface MetricTraits {
  name: string;
  kind: 'counter' | 'increment' | 'gauge' | 'ratio';
  unit: string;
  never_falls: boolean;
  description: string;
}

export interface KnownInstant {
  recorded_at: Date;
  metric_value: number;
  source: string;
}

/** In order of name. @throws StoreError */
export async function listMetrics(db: Queryable): Promise<MetricTraits[]> {
  return queryRows<MetricTraits>(
    db,
    'select name, kind, unit, never_falls, description from metrics order by name',
  );
}

/** The content that values told for a release and platform alone belong to; null where there is none yet. */
export async function primaryContent(
  db: Queryable,
  releaseId: number,
  platform: string,
): Promise<{ id: number; content_id: string } | null> {
  return queryRow(
    db,
    `select id, content_key as content_id from contents
     where release_id = $1 and platform = $2 and is_primary`,
    [releaseId, platform],
  );
}

/** Effective values of the half-open range, in order of time. @throws StoreError */
export async function instantsOf(
  db: Queryable,
  contentKey: string,
  metric: string,
  from: Date,
  to: Date,
): Promise<KnownInstant[]> {
  return queryRows<KnownInstant>(
    db,
    `select recorded_at, metric_value, source from content_performance
     where content_id = $1 and metric_name = $2 and grain = 'instant' and recorded_at >= $3 and recorded_at < $4
     order by recorded_at`,
    [contentKey, metric, from, to],
  );
}

/** Increments (levels, of a gauge) of the final days of the half-open range, without gaps' days. @throws StoreError */
export async function finalDaysOf(
  db: Queryable,
  contentId: number,
  metric: string,
  from: string,
  to: string,
): Promise<number[]> {
  // Other columns of the days are no metrics, whatever is asked for.
  const value = (wideMetrics as readonly string[]).includes(metric)
    ? 'to_jsonb(d) ->> $2'
    : `d.extra -> 'increments' ->> $2`;
  const rows = await queryRows<{ value: number }>(
    db,
    `select v.value from effective_days d cross join lateral (select (${value})::float8 as value) v
     where d.content_id = $1 and d.day >= $3::date and d.day < $4::date and d.final and v.value is not null
     order by d.day`,
    [contentId, metric, from, to],
  );
  return rows.map(({ value: day }) => day);
}

/** The latest forecast of a content's metric for a day; null where none reaches it. @throws StoreError */
export async function forecastOf(
  db: Queryable,
  contentId: number,
  metric: string,
  day: string,
): Promise<TrendPrediction | null> {
  const row = await queryRow<{ prediction: TrendPrediction }>(
    db,
    `select p.prediction
     from (
       select coalesce(t.predictions, t.analysis -> 'predictions', '[]') as predictions
       from trend_analysis_results t
       where t.content_id = $1 and t.metric = $2
       order by t.computed_at desc, t.id desc limit 1
     ) latest
     cross join lateral jsonb_array_elements(latest.predictions) as p (prediction)
     where left(p.prediction ->> 'timestamp', 10) = $3
     limit 1`,
    [contentId, metric, day],
  );
  return row?.prediction ?? null;
}
