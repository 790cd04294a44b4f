/** Benchmarks: the team's own, written by the analysis, and external ones that people tell and edit. */
import { execute, queryRow, queryRows, type Queryable } from './queryable.js';

export interface Benchmark {
  id: string;
  /** Null for an external one that every artist shares. */
  artistId: number | null;
  origin: 'own' | 'external';
  platform: string;
  format: string | null;
  /** Null holds for any industry. */
  industry: string | null;
  metric: string;
  /** Null holds for any age. */
  ageDays: number | null;
  /** Null where only a middle is told, and where withheld. */
  p30: number | null;
  median: number | null;
  p70: number | null;
  /** Contents behind an own one; null for an external one. */
  sampleSize: number | null;
  withheldReason: string | null;
  method: string | null;
  methodVersion: string | null;
  /** Of an external one: where its figures are from. */
  toldSource: string | null;
  editedBy: string | null;
  editedAt: Date | null;
  computedAt: Date;
}

const columns = `b.id::text as id, b.artist_id as "artistId", b.origin, b.platform, b.format, b.industry, b.metric,
  b.age_days as "ageDays", b.p30, b.median, b.p70, b.sample_size as "sampleSize",
  b.withheld_reason as "withheldReason", b.method, b.method_version as "methodVersion",
  b.told_source as "toldSource", b.edited_by as "editedBy", b.edited_at as "editedAt", b.computed_at as "computedAt"`;

export interface BenchmarkFilter {
  /** Its own, and the external ones that all artists share; null takes every artist's. */
  artistId: number | null;
  origin: 'own' | 'external' | null;
  platform: string | null;
}

/** In order of artist, platform, format, industry, metric and age; without those struck out. @throws StoreError */
export async function listBenchmarks(db: Queryable, filter: BenchmarkFilter): Promise<Benchmark[]> {
  return queryRows<Benchmark>(
    db,
    `select ${columns} from performance_benchmarks b
     where b.removed_at is null
       and ($1::int is null or b.artist_id = $1 or (b.artist_id is null and b.origin = 'external'))
       and ($2::text is null or b.origin = $2) and ($3::text is null or b.platform = $3)
     order by b.origin, b.artist_id, b.platform, b.format, b.industry, b.metric, b.age_days`,
    [filter.artistId, filter.origin, filter.platform],
  );
}

/** Up to `limit` of them after an id, in order of it. @throws StoreError */
export async function listBenchmarkPage(
  db: Queryable,
  filter: BenchmarkFilter & { afterId: string | null; limit: number },
): Promise<Benchmark[]> {
  return queryRows<Benchmark>(
    db,
    `select ${columns} from performance_benchmarks b
     where b.removed_at is null
       and ($1::int is null or b.artist_id = $1 or (b.artist_id is null and b.origin = 'external'))
       and ($2::text is null or b.origin = $2) and ($3::text is null or b.platform = $3)
       and ($4::bigint is null or b.id > $4)
     order by b.id
     limit $5`,
    [filter.artistId, filter.origin, filter.platform, filter.afterId, filter.limit],
  );
}

export type OwnBenchmark = Pick<
  Benchmark,
  'platform' | 'format' | 'metric' | 'ageDays' | 'p30' | 'median' | 'p70' | 'sampleSize' | 'withheldReason'
>;

// Unchanged rows keep the run that found them; groups that are no more go.
const replaceOwnSql = `
with told as (
  select * from jsonb_to_recordset($2::jsonb) as t (platform text, format text, metric text, age_days int, p30 float8,
    median float8, p70 float8, sample_size int, withheld_reason text)
), gone as (
  delete from performance_benchmarks b
  where b.artist_id = $1 and b.origin = 'own' and not exists (
    select from told t where t.platform = b.platform and t.metric = b.metric
      and t.format is not distinct from b.format and t.age_days is not distinct from b.age_days)
)
insert into performance_benchmarks as b (artist_id, origin, platform, format, metric, age_days, p30, median, p70,
  sample_size, withheld_reason, method, method_version, run_id, computed_at)
select $1, 'own', t.platform, t.format, t.metric, t.age_days, t.p30, t.median, t.p70, t.sample_size,
  t.withheld_reason, $3, $4, $5::bigint, $6
from told t
on conflict on constraint performance_benchmarks_key do update
set p30 = excluded.p30, median = excluded.median, p70 = excluded.p70, sample_size = excluded.sample_size,
  withheld_reason = excluded.withheld_reason, method = excluded.method, method_version = excluded.method_version,
  run_id = excluded.run_id, computed_at = excluded.computed_at
where (b.p30, b.median, b.p70, b.sample_size, b.withheld_reason, b.method, b.method_version) is distinct from
  (excluded.p30, excluded.median, excluded.p70, excluded.sample_size, excluded.withheld_reason, excluded.method,
    excluded.method_version)`;

/** Makes these the artist's own benchmarks; the same rows again change nothing. @throws StoreError */
export async function replaceOwnBenchmarks(
  db: Queryable,
  artistId: number,
  rows: readonly OwnBenchmark[],
  origin: { runId: string; method: string; methodVersion: string; computedAt: Date },
): Promise<void> {
  const records = rows.map((row) => ({
    platform: row.platform,
    format: row.format,
    metric: row.metric,
    age_days: row.ageDays,
    p30: row.p30,
    median: row.median,
    p70: row.p70,
    sample_size: row.sampleSize,
    withheld_reason: row.withheldReason,
  }));
  await execute(db, replaceOwnSql, [
    ...[
      artistId,
      JSON.stringify(records),
      origin.method,
      origin.methodVersion,
      origin.runId,
      origin.computedAt,
    ],
  ]);
}

export interface ExternalBenchmark {
  artistId: number | null;
  platform: string;
  industry: string | null;
  metric: string;
  ageDays: number | null;
  p30: number | null;
  median: number;
  p70: number | null;
  toldSource: string | null;
}

/**
 * Sets an external benchmark, a former one of the same key included.
 * @throws StoreError `notFound` for an artist that is not there, `accessDenied` for one outside the session's and
 *   for a shared one in a session that does not see every artist.
 */
export async function setExternalBenchmark(
  db: Queryable,
  benchmark: ExternalBenchmark,
  edit: { by: string; at: Date },
): Promise<Benchmark> {
  const { artistId, platform, industry, metric, ageDays, p30, median, p70, toldSource } = benchmark;
  const row = await queryRow<Benchmark>(
    db,
    `insert into performance_benchmarks as b (artist_id, origin, platform, industry, metric, age_days, p30, median, p70,
       told_source, edited_by, edited_at, computed_at)
     values ($1, 'external', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
     on conflict on constraint performance_benchmarks_key do update
     set p30 = excluded.p30, median = excluded.median, p70 = excluded.p70, told_source = excluded.told_source,
       edited_by = excluded.edited_by, edited_at = excluded.edited_at, computed_at = excluded.computed_at,
       removed_at = null
     returning ${columns}`,
    [artistId, platform, industry, metric, ageDays, p30, median, p70, toldSource, edit.by, edit.at],
  );
  return row!;
}

/** Strikes an external benchmark out; false where there is none of that id. @throws StoreError */
export async function removeExternalBenchmark(
  db: Queryable,
  id: string,
  edit: { by: string; at: Date },
): Promise<boolean> {
  const removed = await execute(
    db,
    `update performance_benchmarks set removed_at = $3, edited_by = $2, edited_at = $3
     where id = $1::bigint and origin = 'external' and removed_at is null`,
    [id, edit.by, edit.at],
  );
  return removed > 0;
}

/**
 * External benchmarks to start from. One that was there before, edited or struck out, is left as it is.
 * @returns how many were new.
 */
export async function seedExternalBenchmarks(
  db: Queryable,
  metric: string,
  medians: readonly { platform: string; median: number }[],
  toldSource: string,
  at: Date,
): Promise<number> {
  return execute(
    db,
    `insert into performance_benchmarks (origin, platform, metric, median, told_source, computed_at)
     select 'external', m.platform, $1, m.median, $2, $3
     from unnest($4::text[], $5::float8[]) as m (platform, median)
     on conflict on constraint performance_benchmarks_key do nothing`,
    [metric, toldSource, at, medians.map(({ platform }) => platform), medians.map(({ median }) => median)],
  );
}
