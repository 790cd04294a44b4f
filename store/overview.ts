/** What all contents together gained, by day and by content, in one pass each. */
import { summedMetrics, type SummedMetric } from './engagement.js';
import { firstOfParts, inOrderOfRank, inPart, type Ranked } from './ranked-parts.js';
import { queryRows, type Queryable } from './queryable.js';

export interface DayTotals extends Record<SummedMetric, number | null> {
  platform: string;
  /** ISO day. */
  day: string;
  /** Whether every content's day is final. */
  final: boolean;
}

export interface DaySelection {
  /** Half-open range of ISO days. */
  from: string;
  to: string;
  /** Null takes every platform. */
  platforms: readonly string[] | null;
}

/** Sums by platform and day, in order of both; a day that is in several of the half-open ranges of ISO days comes once. */
export async function readDayTotals(
  db: Queryable,
  ranges: readonly { from: string; to: string }[],
  platforms: readonly string[] | null,
): Promise<DayTotals[]> {
  // All at once, since the days that the roll-up is behind on cost a look-up a content.
  const within = ranges.map((_, index) => {
    const first = 2 * index + 2;
    return `d.day >= $${String(first)}::date and d.day < $${String(first + 1)}::date`;
  });
  return queryRows<DayTotals>(
    db,
    `select d.platform, d.day::text as day, bool_and(d.final) as final,
       ${summedMetrics.map((metric) => `sum(d.${metric}) as ${metric}`).join(', ')}
     from platform_days d
     where (${within.join(' or ')}) and ($1::text[] is null or d.platform = any($1::text[]))
     group by d.platform, d.day
     order by d.platform, d.day`,
    [platforms, ...ranges.flatMap(({ from, to }) => [from, to])],
  );
}

export interface Mover {
  contentId: number;
  contentKey: string;
  releaseId: number | null;
  title: string;
  platform: string;
  publishedAt: Date | null;
  metric: SummedMetric;
  /** What the period brought, and what the compared one did; null where nothing was told. */
  current: number;
  former: number | null;
}

const orders = {
  difference: 'abs(g.current - g.former)',
  gain: 'g.current',
  growth: 'case when g.former > 0 then g.current / g.former end',
} as const;
/** By what was gained more or less than before, by what was gained at all, or by how many times as much. */
export type MoverOrder = keyof typeof orders;

export interface MoverSelection extends DaySelection {
  compared: { from: string; to: string };
  order: MoverOrder;
  limit: number;
}

/**
 * What a content `c` gained in days, as `effective_days` tells it: the join of that view with contents, once more a
 * content, took a fifth of the time.
 */
function gained(from: string, to: string): string {
  return `select sum(d.views) as views, sum(d.streams) as streams
         from (
           select first_told(h.views order by h.basis) as views, first_told(h.streams order by h.basis) as streams
           from content_performance_history h
           where h.content_id = c.id and h.day >= ${from}::date and h.day < ${to}::date
           group by h.day
         ) d`;
}

/** Contents by views, and by streams where a platform counts those, the largest first. */
export async function readMovers(db: Queryable, selection: MoverSelection): Promise<Mover[]> {
  const { from, to, compared, platforms, order, limit } = selection;
  // A look-up a content and period: sums over both at once, each for its own days, took a third longer.
  return firstOfParts<Mover>(limit, (part) =>
    queryRows<Mover & Ranked>(
      db,
      `select c.id as "contentId", c.content_key as "contentKey", c.release_id as "releaseId",
         coalesce(r.title, c.title, c.content_key) as title, c.platform,
         coalesce(c.published_at, r.released_on::timestamp at time zone 'UTC') as "publishedAt",
         m.metric, m.current, m.former, m.rank, m.tie
       from (
         select c.id, g.metric, g.current, g.former, ${orders[order]} as rank, g.current as tie
         from contents c
         cross join lateral (
           ${gained('$1', '$2')}
         ) p
         cross join lateral (
           ${gained('$3', '$4')}
         ) f
         cross join lateral (
           select case when p.views is not null then 'views' else 'streams' end as metric,
             coalesce(p.views, p.streams) as current,
             case when p.views is not null then f.views else f.streams end as former
         ) g
         where g.current is not null and ($5::text[] is null or c.platform = any($5::text[])) and ${inPart(7)}
         order by ${inOrderOfRank}
         limit $6
       ) m
       join contents c on c.id = m.id
       left join releases r on r.id = c.release_id
       order by ${inOrderOfRank}`,
      [from, to, compared.from, compared.to, platforms, limit, ...part],
    ),
  );
}

/** How many contents were told anything in the days, or at an instant since then. */
export async function countObserved(db: Queryable, { from, to, platforms }: DaySelection): Promise<number> {
  // A look-up a content each: `exists` was turned into readings of both tables, which took twice as long.
  const [row] = await queryRows<{ contents: number }>(
    db,
    `select count(*)::int as contents from contents c
     where ($3::text[] is null or c.platform = any($3::text[])) and (
       (select true from content_performance_history h
         where h.content_id = c.id and h.day >= $1::date and h.day < $2::date limit 1)
       or (select true from engagement_snapshots s
         where s.content_id = c.id and s.recorded_at >= $1::date::timestamp at time zone 'UTC'
           and s.recorded_at < $2::date::timestamp at time zone 'UTC' limit 1))`,
    [from, to, platforms],
  );
  return row?.contents ?? 0;
}

/** The values of several contents day by day, for the small lines beside their figures; in order of content and day. */
export async function readContentDays(
  db: Queryable,
  contentIds: readonly number[],
  { from, to }: { from: string; to: string },
): Promise<{ contentId: number; day: string; views: number | null; streams: number | null }[]> {
  if (contentIds.length === 0) return [];
  return queryRows(
    db,
    `select d.content_id as "contentId", d.day::text as day, d.views, d.streams
     from effective_days d
     where d.content_id = any($1::int[]) and d.day >= $2::date and d.day < $3::date
     order by d.content_id, d.day`,
    [contentIds, from, to],
  );
}
