/** What derived days leave behind: the row of the day, and the corrections and revisions that go with it. */
import { hasClose, isWide, traitsOf, type MetricRegistry } from './metric-traits.js';
import { distinctRows } from './snapshot-sql.js';

/** The basis of days that were derived from snapshots: `derived` in `value_sources`. */
export const derivedBasis = 4;

export interface DerivedMetric {
  name: string;
  /** Has an increment; otherwise the day's value is its last. */
  counts: boolean;
  neverFalls: boolean;
  close: boolean;
}

/** Those with a column, of the metrics that a chunk tells. */
export function derivedMetrics(metrics: readonly string[], registry: MetricRegistry): DerivedMetric[] {
  return metrics.filter(isWide).map((name) => {
    const traits = traitsOf(registry, name);
    return { name, counts: traits.kind === 'counter', neverFalls: traits.neverFalls, close: hasClose(name) };
  });
}

/**
 * A new day tells nothing of the metrics that the chunk does not tell: a fall of theirs, over the gap in which
 * it now lies, is seen no more. Only contents with corrections after a new day have anything to look for.
 */
function withdrawnCorrections(told: readonly string[]): string {
  const untold =
    told.length === 0 ? '' : `and r.metric not in (${told.map((name) => `'${name}'`).join(', ')})`;
  return `,
withdrawn as (
  delete from performance_revisions
  where $3::boolean and id = any (array(
    select r.id
    from (select content_id, min(day) as day from written where inserted group by content_id) w
    cross join lateral (
      select c.id, c.content_id, c.day, c.metric from performance_revisions c
      where c.content_id = w.content_id and c.day > w.day and c.source = ${derivedBasis} and c.kind = 'correction'
      offset 0
    ) r
    where exists (
        select from written n
        where n.inserted and n.content_id = r.content_id and n.day < r.day
          -- As the days were before: none of them lies between the new one and the fall.
          and not exists (
            select from content_performance_history h
            where h.content_id = n.content_id and h.basis = ${derivedBasis} and h.day > n.day and h.day < r.day
          )
      )
      ${untold}
  ))
)`;
}

/** `m_close`, `m_before` of every metric come in; the day's row, its corrections and revisions go out. */
export function writeDays(metrics: readonly DerivedMetric[], source: string): string {
  const columns = metrics.flatMap((metric) =>
    metric.close ? [metric.name, `${metric.name}_close`] : [metric.name],
  );
  const expressions = metrics.flatMap((metric) => {
    const { name } = metric;
    const fell = metric.neverFalls ? ` and ${name}_close >= ${name}_before` : '';
    const value = metric.counts
      ? `case when before_day = day - 1${fell} then ${name}_close - ${name}_before end as ${name}`
      : `${name}_close as ${name}`;
    return metric.close ? [value, `${name}_close`] : [value];
  });
  const falling = metrics.filter((metric) => metric.counts && metric.neverFalls).map((metric) => metric.name);
  const names = columns.map((column) => `'${column}'`).join(', ');
  const corrections =
    falling.length === 0
      ? ''
      : `,
fell as (
  select d.content_id, d.day, v.metric, v.old_value, v.new_value
  from days d
  cross join lateral (values ${falling.map((name) => `('${name}', ${name}_before, ${name}_after)`).join(', ')})
    as v (metric, old_value, new_value)
  where $3::boolean and (${falling.map((name) => `${name}_after < ${name}_before`).join(' or ')})
    and v.new_value < v.old_value
),
outdated as (
  delete from performance_revisions
  where $3::boolean and id = any (array(
    select r.id
    from days d
    cross join lateral (
      select c.id, c.metric, c.old_value, c.new_value from performance_revisions c
      where c.content_id = d.content_id and c.day = d.day and c.source = ${derivedBasis} and c.kind = 'correction'
      offset 0
    ) r
    -- A day that is new has none yet.
    where not exists (
        select from written w where w.inserted and w.content_id = d.content_id and w.day = d.day
      )
      and r.metric in (${falling.map((name) => `'${name}'`).join(', ')})
      and not exists (
        select from fell f
        where f.content_id = d.content_id and f.day = d.day and f.metric = r.metric
          and f.old_value = r.old_value and f.new_value = r.new_value
      )
  ))
),
corrected as (
  insert into performance_revisions
    (content_id, grain, day, source, metric, kind, old_value, new_value, learnt_at, run_id)
  select content_id, 'day', day, ${derivedBasis}, metric, 'correction', old_value, new_value, $2::timestamptz, $1::bigint
  from fell
  order by content_id, day, metric
  on conflict do nothing
)`;
  return `${source},
days as materialized (
  select content_id, day, before_day, over, ${expressions.join(', ')}${falling
    .map((name) => `, ${name}_close as ${name}_after, ${name}_before`)
    .join('')}
  from chained
),
written as (
  insert into content_performance_history as t
    (content_id, day, basis, ${columns.join(', ')}, final, run_id, first_observed_at, observed_at)
  select content_id, day, ${derivedBasis}, ${columns.join(', ')}, over, $1::bigint, $2::timestamptz, $2::timestamptz
  from days
  order by content_id, day
  on conflict (content_id, day, basis) do update set
    ${columns.map((column) => `${column} = excluded.${column}`).join(', ')},
    final = t.final or excluded.final,
    run_id = excluded.run_id,
    observed_at = excluded.observed_at
  where ${distinctRows(
    [...columns.map((column) => `t.${column}`), 't.final'],
    [...columns.map((column) => `excluded.${column}`), '(t.final or excluded.final)'],
  )}
  returning t.content_id, t.day, old.content_id is null as inserted,
    -- A day restated: it was final, and by another run; what one run says in passing is no restatement.
    case when old.final and old.run_id is distinct from $1::bigint then array[${columns.map((column) => `old.${column}`).join(', ')}] end as old_values,
    case when old.final and old.run_id is distinct from $1::bigint then array[${columns.map((column) => `new.${column}`).join(', ')}] end as new_values
)${corrections}${withdrawnCorrections(falling)}
insert into performance_revisions
  (content_id, grain, day, source, metric, kind, old_value, new_value, learnt_at, run_id)
select w.content_id, 'day', w.day, ${derivedBasis}, v.metric, 'replaced', v.old_value, v.new_value, $2::timestamptz, $1::bigint
from written w
cross join lateral unnest(array[${names}], w.old_values, w.new_values) as v (metric, old_value, new_value)
where $3::boolean and w.old_values is not null
  and v.old_value is not null and v.old_value is distinct from v.new_value
order by w.content_id, w.day, v.metric`;
}
