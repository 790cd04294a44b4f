import type { MetricRegistry } from './metric-traits.js';
import { derivedBasis, derivedMetrics, writeDays } from './write-derived-days-sql.js';

/**
 * Locks the contents whose snapshots changed or that were silent, in order of id: the days and the
 * availability of a content are derived by one transaction at a time, each seeing what the one before left.
 * Parameter: contents that were silent.
 */
export const lockTouchedContents = `
with locked as (
  select id, account_id from contents
  where id in (select content_id from snapshot_changes where changed union select unnest($1::integer[]))
  order by id
  for no key update
)
insert into touched_contents (content_id, zone)
select l.id, coalesce(a.day_zones ->> 'counters', 'UTC')
from locked l
left join accounts a on a.id = l.account_id`;

/** The days, in the zone of the content's account, in which a snapshot was added or changed. */
export const findTouchedDays = `
insert into touched_days (content_id, day, zone, starts, ends)
select d.content_id, d.day, d.zone,
  d.day::timestamp at time zone d.zone, (d.day + 1)::timestamp at time zone d.zone
from (
  select c.content_id, z.zone, (c.recorded_at at time zone z.zone)::date as day
  from snapshot_changes c
  join touched_contents z on z.content_id = c.content_id
  where c.changed
  group by 1, 2, 3
) d
order by d.content_id, d.day`;

/**
 * Derives the touched days from their snapshots. The close of a metric is the last value told in the day;
 * its increment is the close less that of the day before, null where that day is missing or the counter fell.
 * Parameters: run, now, whether to keep revisions.
 */
export function deriveTouchedDays(told: readonly string[], registry: MetricRegistry): string | null {
  const metrics = derivedMetrics(told, registry);
  if (metrics.length === 0) return null;
  const names = metrics.map((metric) => metric.name);
  const lastTold = names.map(
    (name) => `coalesce(l.${name}, (
    select s.${name} from engagement_snapshots s
    where s.content_id = d.content_id and s.recorded_at >= d.starts and s.recorded_at < d.ends and s.${name} is not null
    order by s.recorded_at desc, s.source limit 1
  )) as ${name}_close`,
  );
  // The row before in the chunk is the day before more often than not: only a gap asks the table.
  return writeDays(
    metrics,
    `
with closes as materialized (
  select d.content_id, d.day, d.ends <= $2::timestamptz as over, ${lastTold.join(', ')}
  from touched_days d
  cross join lateral (
    select ${names.map((name) => `s.${name}`).join(', ')} from engagement_snapshots s
    where s.content_id = d.content_id and s.recorded_at >= d.starts and s.recorded_at < d.ends
    order by s.recorded_at desc, s.source limit 1
  ) l
),
lagged as (
  select *, lag(day) over previous as lag_day${names
    .map((name) => `, lag(${name}_close) over previous as ${name}_lag`)
    .join('')}
  from closes
  window previous as (partition by content_id order by day)
),
chained as (
  select g.content_id, g.day, g.over, coalesce(h.day, g.lag_day) as before_day${metrics
    .map(({ name, close }) =>
      close
        ? `, g.${name}_close, case when h.day is null then g.${name}_lag else h.${name}_close end as ${name}_before`
        : `, g.${name}_close`,
    )
    .join('')}
  from lagged g
  left join lateral (
    select * from content_performance_history p
    where p.content_id = g.content_id and p.basis = ${derivedBasis} and p.day < g.day
      and p.day > coalesce(g.lag_day, '-infinity') and g.lag_day is distinct from g.day - 1
    order by p.day desc limit 1
  ) h on true
)`,
  );
}

/** The day after each run of touched days stands on a new close: it is derived again. Same parameters. */
export function deriveFollowingDays(told: readonly string[], registry: MetricRegistry): string | null {
  const metrics = derivedMetrics(told, registry).filter((metric) => metric.counts && metric.close);
  if (metrics.length === 0) return null;
  return writeDays(
    metrics,
    `
with ends as (
  select content_id, day, lead(day) over (partition by content_id order by day) as lead_day
  from touched_days
),
chained as (
  select n.content_id, n.day, p.day as before_day, n.final as over${metrics
    .map(({ name }) => `, n.${name}_close, p.${name}_close as ${name}_before`)
    .join('')}
  from ends e
  cross join lateral (
    select * from content_performance_history h
    where h.content_id = e.content_id and h.basis = ${derivedBasis} and h.day > e.day
      and e.lead_day is distinct from e.day + 1
    order by h.day limit 1
  ) n
  cross join lateral (
    select * from content_performance_history h
    where h.content_id = e.content_id and h.day = e.day and h.basis = ${derivedBasis}
    offset 0
  ) p
  where e.lead_day is null or n.day < e.lead_day
)`,
  );
}

/**
 * Makes derived days final that have ended since they were last touched: a content that fell silent has
 * nothing to touch them. Parameters: now, contents of the load, account. In order of key, so that loads meet
 * in one order.
 */
export const finaliseEndedDays = `
insert into content_performance_history as t (content_id, day, basis, final)
select h.content_id, h.day, h.basis, true
from content_performance_history h
join contents c on c.id = h.content_id
left join accounts a on a.id = c.account_id
where not h.final and h.basis = ${derivedBasis}
  and (c.account_id = $3::integer or h.content_id = any ($2::integer[]))
  and (h.day + 1)::timestamp at time zone coalesce(a.day_zones ->> 'counters', 'UTC') <= $1::timestamptz
order by h.content_id, h.day
on conflict (content_id, day, basis) do update set final = true`;
