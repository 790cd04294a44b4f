/** The tables that exports are made of: which columns each has, and what fills them. */
import { wideMetrics } from '../contracts/vocabulary.js';
import { summedMetrics } from './engagement.js';
import { chosen, idsOf, keysOf, observed } from './export-choice.js';
import { day, instant, json, number, section, text, truth, type ExportSection } from './export-columns.js';

const sums = summedMetrics.map((metric) => number(metric, `t.${metric}`));
const previousSums = summedMetrics.map((metric) => number(`previous_${metric}`, `t.previous_${metric}`));

/** One row a platform, and one for all of them. */
const overview = section(
  'overview',
  [
    text('platform', `coalesce(t.platform, 'all')`),
    number('content_pieces', 't.content_pieces'),
    number('releases', 't.releases'),
    ...sums,
    ...previousSums,
  ],
  ({ start, end, fromDay, toDay, previousFromDay, platforms }) => ({
    text: `from (
      select o.platform, grouping(o.platform) as of_all, count(*)::int as content_pieces,
        count(distinct o.release_id)::int as releases,
        ${summedMetrics.map((metric) => `sum(d.${metric}) as ${metric}, sum(d.previous_${metric}) as previous_${metric}`).join(', ')}
      from (
        select c.id, c.platform, c.release_id from contents c where ${chosen(6)} and ${observed}
      ) o
      left join lateral (
        select ${summedMetrics.map((metric) => `sum(e.${metric}) filter (where e.day >= $3::date) as ${metric}, sum(e.${metric}) filter (where e.day < $3::date) as previous_${metric}`).join(', ')}
        from effective_days e where e.content_id = o.id and e.day >= $5::date and e.day < $4::date
      ) d on true
      group by grouping sets ((o.platform), ())
    ) t order by t.of_all desc, t.platform`,
    values: [start, end, fromDay, toDay, previousFromDay, platforms, null],
  }),
);

/** One row a content that was observed in the period. */
const contentAnalysis = section(
  'content_analysis',
  [
    text('content_id', 'c.content_key'),
    text('platform', 'c.platform'),
    text('title', 'c.title'),
    number('artist_id', 'c.artist_id'),
    text('artist', 'a.name'),
    number('release_id', 'c.release_id'),
    text('release_title', 'r.title'),
    text('format', 'coalesce(c.format, r.format)'),
    instant('published_at', 'c.published_at'),
    number('days', 't.days'),
    ...sums,
    number(
      'engagement_rate_computed',
      `case when t.views > 0 and num_nonnulls(t.likes, t.comments, t.shares) > 0
         then (coalesce(t.likes, 0) + coalesce(t.comments, 0) + coalesce(t.shares, 0)) / t.views end`,
    ),
    number(
      'performance_score',
      `(select l.score from (
          select distinct on (s.age_days) s.age_days, s.score from release_scores s
          where s.release_id = c.release_id order by s.age_days, s.computed_at desc, s.id desc
        ) l where l.score is not null order by l.age_days desc limit 1)`,
    ),
    number(
      'anomalies',
      `(select count(*)::int from anomalies n
        where n.content_id = c.id and n.day >= $3::date and n.day < $4::date)`,
    ),
  ],
  (filter) => ({
    text: `from contents c
      left join releases r on r.id = c.release_id
      left join artists a on a.id = c.artist_id
      cross join lateral (
        select count(*)::int as days, ${summedMetrics.map((metric) => `sum(e.${metric}) as ${metric}`).join(', ')}
        from effective_days e where e.content_id = c.id and e.day >= $3::date and e.day < $4::date
      ) t
      where ${chosen(5)} and ${observed}
      order by c.id`,
    values: [filter.start, filter.end, filter.fromDay, filter.toDay, filter.platforms, idsOf(filter)],
  }),
);

/** Insights that were found, or found again, in the period, whatever was decided about them. */
const insights = (name: string): ExportSection =>
  section(
    name,
    [
      text('insight_id', 'i.id::text'),
      number('artist_id', 'i.artist_id'),
      text('artist', 'a.name'),
      text('insight_type', 'i.insight_type'),
      text('priority', 'i.priority'),
      text('status', 'i.status'),
      number('rank', 'i.rank'),
      text('title', 'i.title'),
      text('description', 'i.description'),
      text('impact_prediction', 'i.impact_prediction'),
      text('implementation_difficulty', 'i.implementation_difficulty'),
      json('affected_content', 'to_jsonb(i.affected_content)'),
      json('data_supporting', 'i.data_supporting'),
      instant('first_found_at', 'i.first_found_at'),
      instant('last_found_at', 'i.last_found_at'),
    ],
    (filter) => ({
      text: `from optimization_insights i
        join artists a on a.id = i.artist_id
        where i.last_found_at >= $1::timestamptz and i.last_found_at < $2::timestamptz
          and ($3::text[] is null or exists (
            select from contents c where c.content_key = any(i.affected_content) and c.platform = any($3::text[])))
          and ($4::text[] is null or i.affected_content && $4::text[])
        order by i.rank desc, i.id`,
      values: [filter.start, filter.end, filter.platforms, keysOf(filter)],
    }),
  );

/** The latest trend of each content and metric, if it was worked out in the period. */
const performanceTrends = section(
  'performance_trends',
  [
    text('content_id', 't.content_key'),
    text('platform', 't.platform'),
    text('title', 't.title'),
    number('release_id', 't.release_id'),
    text('metric_name', 't.metric'),
    text('direction', 't.direction'),
    text('strength', 't.strength'),
    number('slope', 't.slope'),
    number('r_squared', 't.r_squared'),
    number('points', 't.points'),
    day('period_start', 't.period_start'),
    day('period_end', 't.period_end'),
    json('change_points', `t.analysis -> 'change_points'`),
    json('predictions', `coalesce(t.predictions, t.analysis -> 'predictions')`),
    json('key_insights', `t.analysis -> 'key_insights'`),
    text('withheld_reason', 't.withheld_reason'),
    instant('computed_at', 't.computed_at'),
  ],
  (filter) => ({
    text: `from (
        select distinct on (x.content_id, x.metric) x.*, c.content_key, c.platform, c.title, c.release_id
        from trend_analysis_results x
        join contents c on c.id = x.content_id
        where ${chosen(3)}
        order by x.content_id, x.metric, x.computed_at desc, x.id desc
      ) t
      where t.computed_at >= $1::timestamptz and t.computed_at < $2::timestamptz
      order by t.content_id, t.metric`,
    values: [filter.start, filter.end, filter.platforms, idsOf(filter)],
  }),
);

const closedMetrics = wideMetrics.filter((metric) => metric !== 'engagement_rate' && metric !== 'popularity');

/** One row a content and day: what the day brought, and the totals at its close. */
const series = section(
  'series',
  [
    text('content_id', 'c.content_key'),
    text('platform', 'c.platform'),
    text('title', 'c.title'),
    number('release_id', 'c.release_id'),
    text('release_title', 'r.title'),
    day('day', 'd.day'),
    truth('final', 'd.final'),
    ...wideMetrics.map((metric) => number(metric, `d.${metric}`)),
    ...closedMetrics.map((metric) => number(`${metric}_close`, `d.${metric}_close`)),
    json('other_metrics', 'd.extra'),
  ],
  (filter) => ({
    text: `from contents c
      left join releases r on r.id = c.release_id
      join effective_days d on d.content_id = c.id and d.day >= $1::date and d.day < $2::date
      where ${chosen(3)}
      order by c.id, d.day`,
    values: [filter.fromDay, filter.toDay, filter.platforms, idsOf(filter)],
  }),
);

/** The ranking of stock sources as of the period's last day. */
const sources = section(
  'sources',
  [
    number('rank', 's.rank'),
    text('source_name', 's.source_name'),
    number('score', 's.score'),
    number('lower', 's.lower'),
    number('upper', 's.upper'),
    number('releases', 's.releases'),
    truth('low_evidence', 's.low_evidence'),
    instant('last_used', 's.last_used'),
  ],
  (filter) => ({
    text: `from stock_source_ranking(($1::date - 1), $2::float8) s order by s.rank`,
    values: [filter.toDay, filter.halfLifeDays],
  }),
);

/** Runs that began in the period, the newest first. */
const runs = section(
  'runs',
  [
    text('run_id', 'r.id::text'),
    text('kind', 'r.kind'),
    text('state', 'r.state'),
    text('workflow_id', 'r.workflow_id'),
    text('platform', 'r.platform'),
    text('account', 'a.name'),
    text('report', 'r.report'),
    day('window_from', 'r.window_from'),
    day('window_to', 'r.window_to'),
    json('counts', 'r.counts'),
    text('failure_kind', 'r.failure_kind'),
    text('failure_message', 'r.failure_message'),
    json('warnings', 'to_jsonb(r.warnings)'),
    instant('started_at', 'r.started_at'),
    instant('finished_at', 'r.finished_at'),
  ],
  (filter) => ({
    text: `from runs r left join accounts a on a.id = r.account_id
      where r.started_at >= $1::timestamptz and r.started_at < $2::timestamptz
        and ($3::text[] is null or r.platform = any($3::text[]))
      order by r.started_at desc, r.id desc`,
    values: [filter.start, filter.end, filter.platforms],
  }),
);

/** In the order in which a dataset holds them. */
export const exportSections = {
  overview: [overview],
  content: [contentAnalysis, insights('optimization_insights'), performanceTrends],
  series: [series],
  insights: [insights('insights')],
  sources: [sources],
  runs: [runs],
} as const satisfies Record<string, readonly ExportSection[]>;
