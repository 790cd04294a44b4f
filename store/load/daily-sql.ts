/** Statements of the load of days as platforms and exports report them. */
import { wideMetrics } from '../../contracts/vocabulary.js';
import { hasClose, traitsOf, type MetricRegistry } from './metric-traits.js';
import { distinctRows } from './snapshot-sql.js';

/** Columns that a chunk of days tells: increments and closes of wide metrics, and whether it tells others. */
export interface ToldDays {
  increments: readonly string[];
  closes: readonly string[];
  extra: boolean;
}

/** The stored columns, which are also the names that revisions carry. */
export function valueColumns(told: ToldDays): string[] {
  return [...told.increments, ...told.closes.map((metric) => `${metric}_close`)];
}

export function dailyColumns(told: ToldDays): string[] {
  const values = valueColumns(told);
  return ['content_id', 'day', 'final', 'source_version', ...values, ...(told.extra ? ['extra'] : [])];
}

// {"increments": {…}, "closes": {…}}, merged a level down.
const mergedExtra = `nullif(jsonb_strip_nulls(jsonb_build_object(
      'increments', nullif(coalesce(t.extra -> 'increments', '{}') || coalesce(excluded.extra -> 'increments', '{}'), '{}'),
      'closes', nullif(coalesce(t.extra -> 'closes', '{}') || coalesce(excluded.extra -> 'closes', '{}'), '{}'))), '{}')`;

/**
 * Upserts the staged days under the rules of the snapshots: what was not told keeps what was known, a row that
 * says nothing new is not written, an older version is stale. Once told as final a day stays so.
 * Parameters: basis, run, now. Leaves the written rows in `daily_changes`.
 */
export function upsertDays(told: ToldDays): string {
  const columns = [...valueColumns(told), ...(told.extra ? ['extra'] : [])];
  const merged = valueColumns(told).map((column) => `coalesce(excluded.${column}, t.${column})`);
  if (told.extra) merged.push(mergedExtra);
  const final = '((t.final or t.repeats or excluded.final) and not t.repeats)';
  const list = (prefix: string): string =>
    valueColumns(told)
      .map((column) => `${prefix}.${column}`)
      .join(', ');
  const extra = (prefix: string): string => (told.extra ? `${prefix}.extra` : 'null::jsonb');
  return `
with written as (
  insert into content_performance_history as t
    (content_id, day, basis, ${columns.map((column) => `${column}, `).join('')}final, source_version, run_id, first_observed_at, observed_at)
  select content_id, day, $1::smallint, ${columns.map((column) => `${column}, `).join('')}final, source_version, $2::bigint, $3::timestamptz, $3::timestamptz
  from daily_stage
  on conflict (content_id, day, basis) do update set
    ${columns.map((column, index) => `${column} = ${merged[index]!}, `).join('')}final = ${final},
    source_version = greatest(excluded.source_version, t.source_version),
    run_id = excluded.run_id,
    observed_at = excluded.observed_at
  where (t.source_version is null or excluded.source_version is null or excluded.source_version >= t.source_version)
    and (${distinctRows([...columns.map((column) => `t.${column}`), 't.final'], [...merged, final])}
      or (excluded.source_version is not null and excluded.source_version is distinct from t.source_version))
  returning
    t.content_id, t.day, old.content_id is null as inserted, old.final is distinct from new.final as settled,
    case when old.content_id is not null then array[${list('old')}]::float8[] end as old_values,
    case when old.content_id is not null then array[${list('new')}]::float8[] end as new_values,
    case when old.content_id is not null then ${extra('old')} end as old_extra,
    case when old.content_id is not null then ${extra('new')} end as new_extra
)
insert into daily_changes (content_id, day, inserted, changed, old_values, new_values, old_extra, new_extra)
select content_id, day, inserted,
  inserted or settled or old_values is distinct from new_values or old_extra is distinct from new_extra,
  old_values, new_values, old_extra, new_extra
from written`;
}

export const countDailyChanges = `
select count(*) filter (where inserted)::integer as inserted,
  count(*) filter (where not inserted and changed)::integer as updated,
  count(*) filter (where not changed)::integer as refreshed
from daily_changes`;

/** Parameter: basis. */
export const countStaleDays = `
select count(*)::integer as stale
from daily_stage s
cross join lateral (
  select 1 from content_performance_history t
  where t.content_id = s.content_id and t.day = s.day and t.basis = $1::smallint
    and t.source_version > s.source_version
  offset 0
) newer`;

/** What became something else in a day known before, from null too. Parameters: basis, columns, run, now. */
export const reviseDays = `
insert into performance_revisions
  (content_id, grain, day, source, metric, kind, old_value, new_value, learnt_at, run_id)
select c.content_id, 'day', c.day, $1::smallint, v.metric, 'replaced', v.old_value, v.new_value, $4::timestamptz, $3::bigint
from daily_changes c
cross join lateral (
  select * from unnest($2::text[], c.old_values, c.new_values) as w (metric, old_value, new_value)
  union all
  select n.key, (c.old_extra -> 'increments' ->> n.key)::float8, n.value::float8
  from jsonb_each_text(c.new_extra -> 'increments') n
  union all
  select n.key || '_close', (c.old_extra -> 'closes' ->> n.key)::float8, n.value::float8
  from jsonb_each_text(c.new_extra -> 'closes') n
) v
where not c.inserted and c.changed and v.old_value is distinct from v.new_value
order by c.content_id, c.day, v.metric`;

/** Neighbouring days are compared by one transaction at a time, each seeing what the one before left. */
export const lockChangedContents = `
select id from contents
where id in (select content_id from daily_changes where changed)
order by id
for no key update`;

/** An increment that was told and is taken back. */
export interface TakenBack {
  contentId: number;
  day: string;
  metric: string;
  /** The total before, and the one told; from 0 to the increment where no total is told. */
  before: number;
  after: number;
  sourceVersion: Date | null;
}

const taken = `
  unnest($1::integer[], $2::date[], $3::text[], $4::float8[], $5::float8[], $6::timestamptz[])
    as r (content_id, day, metric, old_value, new_value, source_version)
  join content_performance_history h
    on h.content_id = r.content_id and h.day = r.day and h.basis = $7::smallint
    and (h.source_version is null or r.source_version is null or r.source_version >= h.source_version)`;

/** Keeps what was taken back as corrections. Parameters: the columns of `TakenBack`, basis, run, now. */
export const correctTakenBack = `
insert into performance_revisions
  (content_id, grain, day, source, metric, kind, old_value, new_value, learnt_at, run_id)
select r.content_id, 'day', r.day, $7::smallint, r.metric, 'correction', r.old_value, r.new_value, $9::timestamptz, $8::bigint
from ${taken}
order by r.content_id, r.day, r.metric
on conflict do nothing`;

/** The increment of a day that was taken back is not known, also where one was told before. Same parameters. */
export function forgetTakenBack(metric: string): string {
  return `
with forgotten as (
  update content_performance_history t
  set ${metric} = null, run_id = $8::bigint, observed_at = $9::timestamptz
  from ${taken}
  where t.content_id = h.content_id and t.day = h.day and t.basis = h.basis
    and r.metric = '${metric}' and t.${metric} is not null
  returning t.content_id, t.day, old.${metric} as old_value
)
insert into performance_revisions
  (content_id, grain, day, source, metric, kind, old_value, new_value, learnt_at, run_id)
select content_id, 'day', day, $7::smallint, '${metric}', 'replaced', old_value, null, $9::timestamptz, $8::bigint
from forgotten`;
}

/**
 * The days that changed and those that follow them, each with the last day told before it, in `daily_around`.
 * Most days follow each other in the chunk: only a gap asks the table. Parameter: basis.
 */
export const findDaysAround = `
insert into daily_around (content_id, day, before_day)
with changed as (
  select content_id, day, lag(day) over days as lag_day, lead(day) over days as lead_day
  from daily_changes
  where changed
  window days as (partition by content_id order by day)
)
select c.content_id, c.day, coalesce(p.day, c.lag_day)
from changed c
left join lateral (
  select b.day from content_performance_history b
  where b.content_id = c.content_id and b.basis = $1::smallint and b.day < c.day
    and b.day > coalesce(c.lag_day, '-infinity') and c.lag_day is distinct from c.day - 1
  order by b.day desc limit 1
) p on true
union all
select c.content_id, n.day, c.day
from changed c
cross join lateral (
  select b.day from content_performance_history b
  where b.content_id = c.content_id and b.basis = $1::smallint and b.day > c.day
    and c.lead_day is distinct from c.day + 1
  order by b.day limit 1
) n
where c.lead_day is null or n.day < c.lead_day`;

// `offset 0` keeps the planner from turning the look-ups by key into joins over the whole table.
const around = `daily_around a
cross join lateral (
  select * from content_performance_history d
  where d.content_id = a.content_id and d.day = a.day and d.basis = $1::smallint
  offset 0
) h
cross join lateral (
  select * from content_performance_history d
  where d.content_id = a.content_id and d.day = a.before_day and d.basis = $1::smallint
  offset 0
) p`;

function totalsThatNeverFall(metrics: readonly string[], registry: MetricRegistry): string[] {
  return metrics.filter((metric) => traitsOf(registry, metric).neverFalls);
}

/**
 * Totals that fell from one day to the next, around the days that changed. Parameters: basis, run, now.
 * Null where the chunk tells no total of a metric that never falls.
 */
export function correctFallenTotals(told: ToldDays, registry: MetricRegistry): string | null {
  const metrics = totalsThatNeverFall(told.closes, registry);
  if (metrics.length === 0) return null;
  return `
insert into performance_revisions
  (content_id, grain, day, source, metric, kind, old_value, new_value, learnt_at, run_id)
select h.content_id, 'day', h.day, $1::smallint, v.metric, 'correction', v.old_value, v.new_value, $3::timestamptz, $2::bigint
from ${around}
cross join lateral (values ${metrics.map((metric) => `('${metric}', p.${metric}_close, h.${metric}_close)`).join(', ')})
  as v (metric, old_value, new_value)
where a.before_day = a.day - 1 and v.new_value < v.old_value
order by h.content_id, h.day, v.metric
on conflict do nothing`;
}

/**
 * Marks the days that only repeat the last one told, among those that changed and those that follow them: the
 * total has not moved although the day is said to have added to it. Such a day is stale and not final, until
 * one of the two is restated. Parameter: basis. Null where the chunk tells no total of a metric that never
 * falls.
 */
export function settleRepeats(told: ToldDays, registry: MetricRegistry): string | null {
  if (totalsThatNeverFall(told.closes, registry).length === 0) return null;
  const repeated = totalsThatNeverFall(wideMetrics.filter(hasClose), registry).map(
    (metric) => `h.${metric}_close = p.${metric}_close and h.${metric} > 0`,
  );
  // An upsert finds each row by its key, where an update joined to the chunk would read the whole table.
  return `
insert into content_performance_history as t (content_id, day, basis, final, repeats)
select h.content_id, h.day, h.basis, not r.repeats, r.repeats
from ${around}
cross join lateral (select coalesce(${repeated.join(' or ')}, false) as repeats) r
where (h.final or h.repeats) and h.repeats is distinct from r.repeats
order by h.content_id, h.day
on conflict (content_id, day, basis) do update set final = excluded.final, repeats = excluded.repeats`;
}
