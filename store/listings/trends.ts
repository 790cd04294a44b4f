import { queryRows, type Queryable } from '../queryable.js';
import type { TrendRow } from '../trends.js';

export interface ListedTrend extends TrendRow {
  contentKey: string;
  title: string | null;
  releaseId: number | null;
  artistId: number | null;
  platform: string;
  direction: string | null;
  strength: string | null;
  rSquared: number | null;
  runId: string;
  computedAt: Date;
}

export interface TrendFilter {
  artistId: number | null;
  releaseId: number | null;
  contentKey: string | null;
  platform: string | null;
  metric: string | null;
  direction: string | null;
  /** Without it `analysis` is null, `predictions` empty and `backtest` null: they are long. */
  withAnalysis: boolean;
  /** Content and metric of the last one of the page before. */
  after: readonly [contentId: number, metric: string] | null;
  limit: number;
}

/**
 * The latest result a content and metric, withheld ones included, in order of both: content by content, so that a
 * page costs no more than its own contents.
 * @throws StoreError
 */
export async function listTrends(db: Queryable, filter: TrendFilter): Promise<ListedTrend[]> {
  return queryRows<ListedTrend>(
    db,
    `with page as (
       select l.id
       from contents c
       cross join lateral (
         select distinct on (t.metric) t.id, t.metric, t.direction
         from trend_analysis_results t
         where t.content_id = c.id and ($5::text is null or t.metric = $5)
           and (c.id > $6 or $6 is null or t.metric > $7::text)
         order by t.metric, t.computed_at desc, t.id desc
       ) l
       where ($1::int is null or c.artist_id = $1) and ($2::int is null or c.release_id = $2)
         and ($3::text is null or c.content_key = $3) and ($4::text is null or c.platform = $4)
         and ($6::int is null or c.id >= $6) and ($8::text is null or l.direction = $8)
       order by c.id, l.metric
       limit $9
     )
     select t.content_id as "contentId", c.content_key as "contentKey", c.title, c.release_id as "releaseId",
       c.artist_id as "artistId", c.platform, t.metric, t.method, t.method_version as "methodVersion",
       t.period_start::text as "periodStart", t.period_end::text as "periodEnd", t.points, t.direction, t.strength,
       t.slope, t.r_squared as "rSquared", case when $10 then t.analysis end as analysis,
       case when $10 then coalesce(t.predictions, t.analysis -> 'predictions', '[]') else '[]' end as predictions,
       case when $10 then t.backtest end as backtest, t.withheld_reason as "withheldReason",
       t.run_id::text as "runId", t.computed_at as "computedAt"
     from page p
     join trend_analysis_results t on t.id = p.id
     join contents c on c.id = t.content_id
     order by t.content_id, t.metric`,
    [
      filter.artistId,
      filter.releaseId,
      filter.contentKey,
      filter.platform,
      filter.metric,
      ...(filter.after ?? [null, null]),
      filter.direction,
      filter.limit,
      filter.withAnalysis,
    ],
  );
}
