/** Engagement as summaries read it: contents, latest values, sums of a period, freshness. */
import { wideMetrics, type Platform } from '../contracts/vocabulary.js';
import { queryRow, queryRows, type Queryable } from './queryable.js';

export interface KnownContent {
  contentId: number;
  contentKey: string;
  externalId: string | null;
  platform: Platform;
  releaseId: number | null;
  artistId: number | null;
  title: string | null;
  format: string | null;
  publishedAt: Date | null;
}

/** Contents by our key or the platform's id; null takes all. Unknown names are left out. */
export async function findContents(
  db: Queryable,
  names: readonly string[] | null,
  platforms: readonly string[] | null,
): Promise<KnownContent[]> {
  return queryRows<KnownContent>(
    db,
    `select c.id as "contentId", c.content_key as "contentKey", c.external_id as "externalId", c.platform,
       c.release_id as "releaseId",
       c.artist_id as "artistId", c.title, c.format, c.published_at as "publishedAt"
     from contents c
     where ($1::text[] is null or c.content_key = any($1::text[]) or c.external_id = any($1::text[]))
       and ($2::text[] is null or c.platform = any($2::text[]))
     order by c.id`,
    [names, platforms],
  );
}

export interface LatestValues {
  contentId: number;
  /** When the latest of them was recorded. */
  recordedAt: Date;
  metadata: Record<string, unknown>;
  values: Record<string, number>;
}

/** For each metric of a content the last value that was told; null before the first snapshot. */
export async function latestValues(db: Queryable, contentId: number): Promise<LatestValues | null> {
  const row = await queryRow<Omit<LatestValues, 'contentId'>>(
    db,
    `select (select max(s.recorded_at) from engagement_snapshots s where s.content_id = $1) as "recordedAt",
       coalesce((
         select s.metadata from engagement_snapshots s
         where s.content_id = $1 and s.metadata is not null
         order by s.recorded_at desc, s.source limit 1
       ), '{}') as metadata,
       jsonb_object_agg(v.metric, v.value) as values
     from (
       select distinct on (x.key) x.key as metric, x.value::text::float8 as value
       from engagement_snapshots s
       cross join lateral jsonb_each(
         jsonb_build_object(${wideMetrics.map((metric) => `'${metric}', s.${metric}`).join(', ')})
           || coalesce(s.extra, '{}')
       ) x
       where s.content_id = $1 and x.value <> 'null'
       order by x.key, s.recorded_at desc, s.source
     ) v
     having count(*) > 0`,
    [contentId],
  );
  return row === null ? null : { contentId, ...row };
}

export interface ReadingFilter {
  /** Half-open range of instants. */
  start: Date;
  end: Date;
  /** Half-open range of ISO days. */
  fromDay: string;
  toDay: string;
  /** Null takes every platform. */
  platforms: readonly string[] | null;
  /** Null takes every content. */
  contentIds: readonly number[] | null;
}

/** The condition on contents; its two parameters begin at the given number. */
function chosen(first: number): string {
  return `($${first}::text[] is null or c.platform = any($${first}::text[]))
       and ($${first + 1}::int[] is null or c.id = any($${first + 1}::int[]))`;
}

/**
 * Contents with a snapshot or a day in the period; parameters 1 to 6. A look-up a content each: `exists` is turned into
 * readings of both tables, which took twice as long.
 */
const observed = `from contents c
     where ${chosen(5)} and (
       (
         select true from engagement_snapshots s
         where s.content_id = c.id and s.recorded_at >= $1::timestamptz and s.recorded_at < $2::timestamptz limit 1
       ) or (
         select true from content_performance_history h
         where h.content_id = c.id and h.day >= $3::date and h.day < $4::date limit 1
       ))`;

function observedParameters(filter: ReadingFilter): unknown[] {
  return [filter.start, filter.end, filter.fromDay, filter.toDay, filter.platforms, filter.contentIds];
}

/** How many contents, and of how many releases, were observed in the period, by platform. */
export async function countContents(
  db: Queryable,
  filter: ReadingFilter,
): Promise<{ platform: Platform; contents: number; releases: number }[]> {
  return queryRows(
    db,
    `select c.platform, count(*)::int as contents, count(distinct c.release_id)::int as releases
     ${observed}
     group by c.platform
     order by c.platform`,
    observedParameters(filter),
  );
}

/** The ids of the contents that were observed in the period, ascending. */
export async function observedContents(db: Queryable, filter: ReadingFilter): Promise<number[]> {
  const rows = await queryRows<{ id: number }>(
    db,
    `select c.id ${observed} order by c.id`,
    observedParameters(filter),
  );
  return rows.map(({ id }) => id);
}

/** Metrics whose increments add up over days and contents. */
export const summedMetrics = [
  'views',
  'likes',
  'comments',
  'shares',
  'saves',
  'watch_time',
  'listen_time',
  'streams',
] as const;
export type SummedMetric = (typeof summedMetrics)[number];

export type MetricSums = Record<SummedMetric, number | null>;

/** What the contents of each platform gained together in the period's days; platforms without a day in it are left out. */
export async function sumByPlatform(
  db: Queryable,
  filter: ReadingFilter,
): Promise<(MetricSums & { platform: Platform })[]> {
  const { fromDay, toDay, platforms, contentIds } = filter;
  const sums = summedMetrics.map((metric) => `sum(d.${metric}) as ${metric}`).join(', ');
  if (contentIds === null)
    return queryRows(
      db,
      `select d.platform, ${sums}
       from platform_days d
       where d.day >= $1::date and d.day < $2::date and ($3::text[] is null or d.platform = any($3::text[]))
       group by d.platform
       order by d.platform`,
      [fromDay, toDay, platforms],
    );
  return queryRows(
    db,
    `select c.platform, ${sums}
     from contents c
     join effective_days d on d.content_id = c.id and d.day >= $1::date and d.day < $2::date
     where ${chosen(3)}
     group by c.platform
     order by c.platform`,
    [fromDay, toDay, platforms, contentIds],
  );
}

/**
 * The last day in which anything was observed, and when that day of a content was last learnt; nulls before the first.
 * Content by content through the primary key, 20,000 of 200 days take 60 ms; the table as a whole took 1.5 s.
 */
export async function freshness(
  db: Queryable,
): Promise<{ dataThrough: string | null; learntAt: Date | null }> {
  const row = await queryRow<{ dataThrough: string | null; learntAt: Date | null }>(
    db,
    `select max(l.day)::text as "dataThrough", max(l.observed_at) as "learntAt"
     from contents c
     cross join lateral (
       select h.day, h.observed_at from content_performance_history h
       where h.content_id = c.id
       order by h.day desc limit 1
     ) l`,
  );
  return row ?? { dataThrough: null, learntAt: null };
}
