/** Contents by how much faster they gain than before. */
import { addDays, daysBetween } from '../analytics/calendar.js';
import { queryRows, type Queryable } from './queryable.js';
import { firstOfParts, inOrderOfRank, inPart, type Ranked } from './ranked-parts.js';

export interface TrendingRow {
  contentId: number;
  contentKey: string;
  releaseId: number | null;
  title: string;
  platform: string;
  publishedAt: Date | null;
  metric: 'views' | 'streams';
  /** What the days brought, and what the days before them did; null where nothing was told. */
  current: number;
  former: number | null;
  /** Days with a value in the period. */
  days: number;
  /** ISO day that the period ends with. */
  lastDay: string;
  /** By how much more a day was gained than before, per day with a value; null where there is nothing to compare with. */
  growth: number | null;
}

export const trendingOrders = ['growth', 'velocity', 'newest'] as const;
export type TrendingOrder = (typeof trendingOrders)[number];

export interface TrendingSelection {
  /** Half-open range of ISO days. */
  from: string;
  to: string;
  /** Null takes every platform. */
  platforms: readonly string[] | null;
  order: TrendingOrder;
  limit: number;
  /** With those that have no complete day yet, by what they have. */
  youngToo?: boolean;
}

/** Days by which a platform's reports lag, at most. */
const longestLag = 7;

const settled = 'e.final and coalesce(e.views, e.streams) is not null';

/** A day that is not settled yet is missing in the one period and not in the other: sums would tell of the gap. */
const growth = `case when g.former > 0
  then (g.current::float8 / g.days) / (g.former::float8 / g.former_days) - 1 end`;

const orders = {
  growth: { rank: growth, tie: 'g.current' },
  velocity: { rank: 'g.current / g.days', tie: '0' },
  newest: {
    rank: `extract(epoch from coalesce(c.published_at, r.released_on::timestamp at time zone 'UTC'))::float8`,
    tie: '0',
  },
} as const satisfies Record<TrendingOrder, { rank: string; tie: string }>;

/**
 * By views, and by streams where a platform counts those. A content's period ends with its last complete day and is
 * as long as the days asked for, and so is the one before it: weekdays stand against the same weekdays, each day
 * with a value for as much as any other.
 */
export async function readTrending(db: Queryable, selection: TrendingSelection): Promise<TrendingRow[]> {
  const { from, to, platforms, order, limit, youngToo = false } = selection;
  const readFrom = addDays(from, -daysBetween(from, to) - longestLag);
  return firstOfParts<TrendingRow>(limit, (part) =>
    queryRows<TrendingRow & Ranked>(
      db,
      `select c.id as "contentId", c.content_key as "contentKey", c.release_id as "releaseId",
         coalesce(r.title, c.title, c.content_key) as title, c.platform,
         coalesce(c.published_at, r.released_on::timestamp at time zone 'UTC') as "publishedAt",
         g.metric, g.current, g.former, g.days, g.last_day::text as "lastDay", ${growth} as growth, ${orders[order].rank} as rank, ${orders[order].tie}::float8 as tie
       from (
         select s.content_id, s.last_day, case when s.views is not null then 'views' else 'streams' end as metric,
           coalesce(s.views, s.streams) as current,
           case when s.views is not null then s.former_views else s.former_streams end as former,
           case when s.views is not null then s.views_days else s.streams_days end as days,
           case when s.views is not null then s.former_views_days else s.former_streams_days end as former_days
         from (
           select d.content_id, max(d.last_day) as last_day,
             sum(d.views) filter (where d.day > d.last_day - d.length) as views,
             sum(d.streams) filter (where d.day > d.last_day - d.length) as streams,
             sum(d.views) filter (where d.day <= d.last_day - d.length) as former_views,
             sum(d.streams) filter (where d.day <= d.last_day - d.length) as former_streams,
             count(d.views) filter (where d.day > d.last_day - d.length)::int as views_days,
             count(d.streams) filter (where d.day > d.last_day - d.length)::int as streams_days,
             count(d.views) filter (where d.day <= d.last_day - d.length)::int as former_views_days,
             count(d.streams) filter (where d.day <= d.last_day - d.length)::int as former_streams_days
           from (
             select e.content_id, e.day, e.views, e.streams, $2::date - $1::date as length,
               e.final, bool_or(${settled}) over w as is_settled,
               case when bool_or(${settled}) over w then max(e.day) filter (where e.final) over w
                 else max(e.day) over w end as last_day
             from contents c
             join effective_days e on e.content_id = c.id and (e.final or $8::boolean) and e.day >= $3::date and e.day < $2::date
             where ($4::text[] is null or c.platform = any($4::text[])) and ${inPart(6)}
             window w as (partition by e.content_id)
           ) d
           where (d.final or not d.is_settled) and d.day > d.last_day - 2 * d.length
           group by d.content_id
         ) s
         where coalesce(s.views, s.streams) is not null
       ) g
       join contents c on c.id = g.content_id
       left join releases r on r.id = c.release_id
       order by ${inOrderOfRank}
       limit $5`,
      [from, to, readFrom, platforms, limit, ...part, youngToo],
    ),
  );
}
