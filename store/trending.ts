/** Contents by how much faster they gain than before. */
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
}

export const trendingOrders = ['growth', 'velocity', 'newest'] as const;
export type TrendingOrder = (typeof trendingOrders)[number];

export interface TrendingSelection {
  /** Half-open range of ISO days. */
  from: string;
  to: string;
  /** From which day on days are read at all: early enough for the period before. */
  readFrom: string;
  /** Null takes every platform. */
  platforms: readonly string[] | null;
  order: TrendingOrder;
  limit: number;
}

const orders = {
  growth: { rank: 'g.current / nullif(g.former, 0)', tie: 'g.current' },
  velocity: { rank: 'g.current / g.days', tie: '0' },
  newest: {
    rank: `extract(epoch from coalesce(c.published_at, r.released_on::timestamp at time zone 'UTC'))::float8`,
    tie: '0',
  },
} as const satisfies Record<TrendingOrder, { rank: string; tie: string }>;

/**
 * By views, and by streams where a platform counts those. A content's period ends with its last complete day and is
 * as long as the days asked for, and so is the one before it: weekdays stand against the same weekdays.
 */
export async function readTrending(db: Queryable, selection: TrendingSelection): Promise<TrendingRow[]> {
  const { from, to, readFrom, platforms, order, limit } = selection;
  return firstOfParts<TrendingRow>(limit, (part) =>
    queryRows<TrendingRow & Ranked>(
      db,
      `select c.id as "contentId", c.content_key as "contentKey", c.release_id as "releaseId",
         coalesce(r.title, c.title, c.content_key) as title, c.platform,
         coalesce(c.published_at, r.released_on::timestamp at time zone 'UTC') as "publishedAt",
         g.metric, g.current, g.former, g.days, ${orders[order].rank} as rank, ${orders[order].tie}::float8 as tie
       from (
         select s.content_id, case when s.views is not null then 'views' else 'streams' end as metric,
           coalesce(s.views, s.streams) as current,
           case when s.views is not null then s.former_views else s.former_streams end as former,
           case when s.views is not null then s.views_days else s.streams_days end as days
         from (
           select d.content_id,
             sum(d.views) filter (where d.day > d.last_day - d.length) as views,
             sum(d.streams) filter (where d.day > d.last_day - d.length) as streams,
             sum(d.views) filter (where d.day <= d.last_day - d.length) as former_views,
             sum(d.streams) filter (where d.day <= d.last_day - d.length) as former_streams,
             count(d.views) filter (where d.day > d.last_day - d.length)::int as views_days,
             count(d.streams) filter (where d.day > d.last_day - d.length)::int as streams_days
           from (
             select e.content_id, e.day, e.views, e.streams, $2::date - $1::date as length,
               max(e.day) over (partition by e.content_id) as last_day
             from contents c
             join effective_days e on e.content_id = c.id and e.final and e.day >= $3::date and e.day < $2::date
             where ($4::text[] is null or c.platform = any($4::text[])) and ${inPart(6)}
           ) d
           where d.day > d.last_day - 2 * d.length
           group by d.content_id
         ) s
         where coalesce(s.views, s.streams) is not null
       ) g
       join contents c on c.id = g.content_id
       left join releases r on r.id = c.release_id
       order by ${inOrderOfRank}
       limit $5`,
      [from, to, readFrom, platforms, limit, ...part],
    ),
  );
}
