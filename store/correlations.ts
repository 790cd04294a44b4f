/**
 * How features go with outcomes, one row a run, artist, feature, metric and method: tests of association, and the
 * features' importance to a model of all of them.
 */
import type { FeatureEffect } from '../analytics/feature-tests.js';
import { execute, queryRow, queryRows, type Queryable } from './queryable.js';

export interface CorrelationRow {
  feature: string;
  metric: string;
  method: string;
  methodVersion: string;
  coefficient: number | null;
  pValue: number | null;
  adjustedP: number | null;
  confidence: [low: number, high: number] | null;
  sampleSize: number;
  strength: string | null;
  /** Null where it was withheld, and where levels or hours differ without an order. */
  direction: string | null;
  significant: boolean;
  interpretation: string | null;
  effect: FeatureEffect | null;
  /** What accounts for the association; empty where nothing does. */
  confoundedBy: string[];
  /** What was found beside the coefficient, as the analysis tells it; null where it was withheld. */
  detail: object | null;
  withheldReason: string | null;
}

const insertSql = `
insert into correlation_analysis_results as r (run_id, artist_id, feature, metric, method, method_version,
  correlation_coefficient, p_value, adjusted_p_value, confidence_low, confidence_high, sample_size, strength,
  direction, significant, interpretation, withheld_reason, effect, confounded_by, detail, computed_at)
select $1::bigint, $2::int, f.feature, f.metric, f.method, f.method_version, f.coefficient, f.p_value, f.adjusted_p,
  f.low, f.high, f.sample_size, f.strength, f.direction, f.significant, f.interpretation, f.withheld_reason,
  f.effect, array(select jsonb_array_elements_text(f.confounded_by)), f.detail, $3::timestamptz
from unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::float8[], $9::float8[], $10::float8[], $11::float8[],
    $12::float8[], $13::int[], $14::text[], $15::text[], $16::boolean[], $17::text[], $18::text[],
    $19::jsonb[], $20::jsonb[], $21::jsonb[])
  as f (feature, metric, method, method_version, coefficient, p_value, adjusted_p, low, high, sample_size, strength,
    direction, significant, interpretation, withheld_reason, effect, confounded_by, detail)
on conflict (run_id, artist_id, feature, metric, method) do update
set method_version = excluded.method_version, correlation_coefficient = excluded.correlation_coefficient,
  p_value = excluded.p_value, adjusted_p_value = excluded.adjusted_p_value,
  confidence_low = excluded.confidence_low, confidence_high = excluded.confidence_high,
  sample_size = excluded.sample_size, strength = excluded.strength, direction = excluded.direction,
  significant = excluded.significant, interpretation = excluded.interpretation,
  withheld_reason = excluded.withheld_reason, effect = excluded.effect, confounded_by = excluded.confounded_by,
  detail = excluded.detail
where (r.method_version, r.correlation_coefficient, r.p_value, r.adjusted_p_value, r.sample_size, r.withheld_reason,
    r.effect, r.confounded_by, r.detail)
  is distinct from (excluded.method_version, excluded.correlation_coefficient, excluded.p_value,
    excluded.adjusted_p_value, excluded.sample_size, excluded.withheld_reason, excluded.effect,
    excluded.confounded_by, excluded.detail)`;

/** Writes an artist's family of tests; the same rows again change nothing. */
export async function saveCorrelations(
  db: Queryable,
  artistId: number,
  rows: readonly CorrelationRow[],
  origin: { runId: string; computedAt: Date },
): Promise<void> {
  if (rows.length === 0) return;
  await execute(db, insertSql, [
    origin.runId,
    artistId,
    origin.computedAt,
    rows.map((row) => row.feature),
    rows.map((row) => row.metric),
    rows.map((row) => row.method),
    rows.map((row) => row.methodVersion),
    rows.map((row) => row.coefficient),
    rows.map((row) => row.pValue),
    rows.map((row) => row.adjustedP),
    rows.map((row) => row.confidence?.[0] ?? null),
    rows.map((row) => row.confidence?.[1] ?? null),
    rows.map((row) => row.sampleSize),
    rows.map((row) => row.strength),
    rows.map((row) => row.direction),
    rows.map((row) => row.significant),
    rows.map((row) => row.interpretation),
    rows.map((row) => row.withheldReason),
    rows.map((row) => jsonOf(row.effect)),
    rows.map((row) => JSON.stringify(row.confoundedBy)),
    rows.map((row) => jsonOf(row.detail)),
  ]);
}

function jsonOf(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

export interface LatestCorrelations {
  runId: string;
  /** Withheld ones included. */
  rows: CorrelationRow[];
  /** Keys of the contents that they were computed over. */
  contentKeys: string[];
}

/** An artist's latest family of tests; null before the first. */
export async function latestCorrelations(
  db: Queryable,
  artistId: number,
): Promise<LatestCorrelations | null> {
  const latest = await queryRow<{ runId: string; contentKeys: string[] }>(
    db,
    `select l.run_id::text as "runId", array(
       select c.content_key
       from content_feature_analysis f
       join contents c on c.id = f.content_id
       where f.run_id = l.run_id and c.artist_id = $1
       order by c.id
     ) as "contentKeys"
     from correlation_analysis_results l
     where l.artist_id = $1
     order by l.computed_at desc, l.id desc
     limit 1`,
    [artistId],
  );
  if (latest === null) return null;
  const rows = await queryRows<
    Omit<CorrelationRow, 'confidence'> & { low: number | null; high: number | null }
  >(
    db,
    `select feature, metric, method, method_version as "methodVersion", correlation_coefficient as coefficient,
       p_value as "pValue", adjusted_p_value as "adjustedP", confidence_low as low, confidence_high as high,
       sample_size as "sampleSize", strength, direction, significant, interpretation,
       effect, confounded_by as "confoundedBy", detail, withheld_reason as "withheldReason"
     from correlation_analysis_results
     where artist_id = $1 and run_id = $2
     order by feature, metric, method`,
    [artistId, latest.runId],
  );
  const tests = rows.map(({ low, high, ...row }): CorrelationRow => ({
    ...row,
    confidence: low === null || high === null ? null : [low, high],
  }));
  return { ...latest, rows: tests };
}
