/** A release's figures over time, by content and day or instant, and what is known of the days around them. */
import { wideMetrics } from '../contracts/vocabulary.js';
import { queryPlanned, queryRows, type Queryable } from './queryable.js';

export interface SeriesSelection {
  releaseId: number;
  metric: string;
  /** Null takes every platform. */
  platforms: readonly string[] | null;
}

export interface ReleaseDay {
  contentId: number;
  platform: string;
  /** ISO day. */
  day: string;
  /** What was gained on the day; of gauges and ratios the value itself. Null: not told. */
  value: number | null;
  /** Of counters, the total at the day's end; null where not told. */
  close: number | null;
  final: boolean;
}

/** Our own names become columns; any other metric is looked up in the row's `extra` by a parameter. */
function isWide(metric: string): boolean {
  return (wideMetrics as readonly string[]).includes(metric);
}
const closing: ReadonlySet<string> = new Set(
  wideMetrics.filter((metric) => metric !== 'engagement_rate' && metric !== 'popularity'),
);

/** In order of platform, content and day; days without the metric are left out. */
export async function readReleaseDays(
  db: Queryable,
  { releaseId, metric, platforms }: SeriesSelection,
  range: { from: string; to: string },
): Promise<ReleaseDay[]> {
  const wide = isWide(metric);
  const value = wide ? `d.${metric}` : `(d.extra -> 'increments' ->> $5::text)::float8`;
  const close = closing.has(metric)
    ? `d.${metric}_close`
    : wide
      ? 'null::float8'
      : `(d.extra -> 'closes' ->> $5::text)::float8`;
  return queryPlanned<ReleaseDay>(
    db,
    `select c.id as "contentId", c.platform, d.day::text as day, ${value} as value, ${close} as close, d.final
     from contents c
     join effective_days d on d.content_id = c.id and d.day >= $3::date and d.day < $4::date
     where c.release_id = $1 and ($2::text[] is null or c.platform = any($2::text[]))
       and (${value} is not null or ${close} is not null)
     order by c.platform, c.id, d.day`,
    [releaseId, platforms, range.from, range.to, ...(wide ? [] : [metric])],
  );
}

/**
 * Of a metric without a column that was told at instants alone, such as by hand: the last value of each UTC day, which
 * is no gain and has no total.
 */
export async function readToldDays(
  db: Queryable,
  { releaseId, metric, platforms }: SeriesSelection,
  range: { from: string; to: string },
): Promise<ReleaseDay[]> {
  if (isWide(metric)) return [];
  return queryRows<ReleaseDay>(
    db,
    `select distinct on (c.platform, c.id, 3) c.id as "contentId", c.platform,
       (s.recorded_at at time zone 'UTC')::date::text as day, (s.extra ->> $5::text)::float8 as value,
       null::float8 as close, true as final
     from contents c
     join engagement_snapshots s on s.content_id = c.id
       and s.recorded_at >= $3::date::timestamp at time zone 'UTC'
       and s.recorded_at < $4::date::timestamp at time zone 'UTC'
     where c.release_id = $1 and ($2::text[] is null or c.platform = any($2::text[])) and s.extra ? $5::text
     order by c.platform, c.id, 3, s.recorded_at desc, s.source`,
    [releaseId, platforms, range.from, range.to, metric],
  );
}

export interface ReleaseInstant {
  contentId: number;
  platform: string;
  at: Date;
  value: number;
}

/** The values told at instants of a half-open range, in order of platform, content and time. */
export async function readReleaseInstants(
  db: Queryable,
  { releaseId, metric, platforms }: SeriesSelection,
  range: { start: Date; end: Date },
): Promise<ReleaseInstant[]> {
  const wide = isWide(metric);
  const value = wide ? `s.${metric}` : `(s.extra ->> $5::text)::float8`;
  return queryRows<ReleaseInstant>(
    db,
    `select c.id as "contentId", c.platform, s.recorded_at as at, ${value} as value
     from contents c
     join effective_snapshots s on s.content_id = c.id and s.recorded_at >= $3::timestamptz
       and s.recorded_at < $4::timestamptz
     where c.release_id = $1 and ($2::text[] is null or c.platform = any($2::text[])) and ${value} is not null
     order by c.platform, c.id, s.recorded_at`,
    [releaseId, platforms, range.start, range.end, ...(wide ? [] : [metric])],
  );
}

export interface PlatformCorrection {
  contentId: number;
  platform: string;
  day: string;
  was: number | null;
  became: number | null;
  learntAt: Date;
  runId: string | null;
}

/** Days on which a counter of the release fell, as the platform itself told it. */
export async function readCorrections(
  db: Queryable,
  { releaseId, metric, platforms }: SeriesSelection,
  range: { from: string; to: string },
): Promise<PlatformCorrection[]> {
  return queryPlanned<PlatformCorrection>(
    db,
    `select r.content_id as "contentId", c.platform, r.day::text as day, r.old_value as was, r.new_value as became,
       r.learnt_at as "learntAt", r.run_id::text as "runId"
     from contents c
     join performance_revisions r on r.content_id = c.id
     where c.release_id = $1 and ($2::text[] is null or c.platform = any($2::text[]))
       and r.metric = $3 and r.kind = 'correction' and r.day >= $4::date and r.day < $5::date
     order by r.day, r.content_id, r.learnt_at`,
    [releaseId, platforms, metric, range.from, range.to],
  );
}

export interface DefinitionBreak {
  platform: string;
  day: string;
  definition: string;
  /** The two sides differ by a factor alone. */
  comparable: boolean;
}

/** Days on which what a platform counts under the metric changed, for the release's own formats. */
export async function readDefinitionBreaks(
  db: Queryable,
  { releaseId, metric, platforms }: SeriesSelection,
  range: { from: string; to: string },
): Promise<DefinitionBreak[]> {
  return queryPlanned<DefinitionBreak>(
    db,
    `select distinct m.platform, m.valid_from::text as day, m.definition, m.comparable
     from metric_definitions m
     join contents c on c.platform = m.platform and c.release_id = $1
     left join releases r on r.id = c.release_id
     where m.breaks_series and m.metric = $3 and (m.format is null or m.format = coalesce(c.format, r.format))
       and ($2::text[] is null or m.platform = any($2::text[]))
       and m.valid_from >= $4::date and m.valid_from < $5::date
     order by 2, 1`,
    [releaseId, platforms, metric, range.from, range.to],
  );
}

export interface ReleaseAnnotation {
  id: string;
  at: Date;
  platform: string | null;
  text: string;
}

/** Notes on the release, and on its artist as a whole, in order of time. */
export async function readReleaseAnnotations(
  db: Queryable,
  releaseId: number,
  range: { start: Date; end: Date },
): Promise<ReleaseAnnotation[]> {
  return queryPlanned<ReleaseAnnotation>(
    db,
    `select a.id::text as id, a.at, a.platform, a.text
     from annotations a
     where (a.release_id = $1
         or (a.release_id is null and a.artist_id = (select r.artist_id from releases r where r.id = $1)))
       and a.at >= $2::timestamptz and a.at < $3::timestamptz
     order by a.at, a.id`,
    [releaseId, range.start, range.end],
  );
}

export interface ReleaseReach {
  /** First and last ISO day with anything told; nulls before the first. */
  firstDay: string | null;
  lastDay: string | null;
  /** Metrics that were ever told of the release, by name. */
  metrics: string[];
}

/** What there is of a release. */
export async function readReleaseReach(db: Queryable, releaseId: number): Promise<ReleaseReach> {
  const [row] = await queryPlanned<ReleaseReach>(
    db,
    `with told as (
       select h.day, h.extra, ${wideMetrics.map((metric) => `h.${metric}`).join(', ')}
       from contents c
       join content_performance_history h on h.content_id = c.id
       where c.release_id = $1
     ), instants as (
       select s.recorded_at, s.extra
       from contents c
       join engagement_snapshots s on s.content_id = c.id
       where c.release_id = $1
     )
     select least(min(day), (select min(i.recorded_at at time zone 'UTC')::date from instants i))::text as "firstDay",
       greatest(max(day), (select max(i.recorded_at at time zone 'UTC')::date from instants i))::text as "lastDay",
       array_remove(array[${wideMetrics
         .map((metric) => `case when count(${metric}) > 0 then '${metric}' end`)
         .join(', ')}], null)
         || coalesce((select array_agg(distinct k order by k) from told t
              cross join lateral jsonb_object_keys(t.extra -> 'increments') k), '{}')
         || coalesce((select array_agg(distinct k order by k) from instants i
              cross join lateral jsonb_object_keys(i.extra) k), '{}') as metrics
     from told`,
    [releaseId],
  );
  // One told by platforms and by hand comes twice.
  return row === undefined
    ? { firstDay: null, lastDay: null, metrics: [] }
    : { ...row, metrics: [...new Set(row.metrics)] };
}

export interface MetricDescription {
  name: string;
  kind: 'counter' | 'increment' | 'gauge' | 'ratio';
  unit: string;
  addsUp: 'sum' | 'last' | 'mean';
  description: string;
}

/** A metric as the registry knows it; null for one that nobody described. */
export async function describeMetric(db: Queryable, name: string): Promise<MetricDescription | null> {
  const [described] = await queryPlanned<MetricDescription>(
    db,
    `select name, kind, unit, adds_up as "addsUp", description from metrics where name = $1`,
    [name],
  );
  return described ?? null;
}
