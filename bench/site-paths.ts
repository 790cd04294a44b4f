/** The pages and endpoints that are measured, each with the statement that it could not do without. */

export interface MeasuredPath {
  /** `{id}` runs through all releases: nearly each request then asks for what is not kept. */
  path: string;
  sql: string;
}

export const measuredPaths: readonly MeasuredPath[] = [
  {
    path: '/',
    sql: `select c.platform, d.day, sum(d.views), sum(d.likes), sum(d.comments)
      from contents c join content_performance_history d on d.content_id = c.id
      where d.day > $1::date - 60 and d.day <= $1::date group by c.platform, d.day`,
  },
  {
    path: '/releases',
    sql: `select r.id, r.title, r.released_on from releases r where r.state = 'approved' and r.released_on <= $1::date
      order by r.released_on desc, r.id desc limit 51`,
  },
  {
    path: '/releases/{id}?range=90d',
    sql: `select d.day, d.views, d.views_close from content_performance_history d
      where d.content_id = 7 and d.day > $1::date - 180 and d.day <= $1::date order by d.day`,
  },
  {
    path: '/trending',
    sql: `select d.content_id, sum(d.views) filter (where d.day > $1::date - 7), sum(d.views)
      from content_performance_history d where d.day > $1::date - 14 and d.day <= $1::date
      group by d.content_id order by 2 desc limit 50`,
  },
  {
    path: '/stock-sources',
    sql: `select u.source_name, u.release_id, u.used_at from stock_clip_usages u where u.used_at <= $1::date + 1`,
  },
  {
    path: '/insights',
    sql: `select i.id, i.title, i.rank from optimization_insights i where i.first_found_at <= $1::date + 1
      order by i.rank desc limit 26`,
  },
  {
    path: '/runs',
    sql: `select r.id, r.kind, r.state, r.started_at from runs r where r.started_at <= $1::date + 1
      order by r.started_at desc limit 51`,
  },
  {
    path: '/add-data',
    sql: `select r.id, r.title from releases r where r.state = 'approved' and r.released_on <= $1::date
      order by r.released_on desc limit 51`,
  },
  {
    path: '/api/v1/releases/{id}/series?metric=views&from=2026-04-01&to=2026-07-01',
    sql: `select d.day, d.views, d.views_close from content_performance_history d
      where d.content_id = 7 and d.day > $1::date - 91 and d.day <= $1::date order by d.day`,
  },
  {
    path: '/analytics/dashboard/overview?timeframe=30d',
    sql: `select sum(d.views), sum(d.likes), sum(d.comments) from content_performance_history d
      where d.day > $1::date - 60 and d.day <= $1::date`,
  },
  {
    path: '/analytics/realtime/metrics/youtube:{id}',
    sql: `select s.recorded_at, s.views, s.likes from engagement_snapshots s
      where s.content_id = 7 and s.recorded_at <= $1::date + 1 order by s.recorded_at desc limit 1`,
  },
  {
    path: '/api/v1/stock-sources?top_n=3',
    sql: `select u.source_name, u.release_id, u.used_at from stock_clip_usages u where u.used_at <= $1::date + 1`,
  },
];
