/** Statements of the snapshot load, for the metrics that a chunk tells. */

/** How a chunk's rows look: which wide metrics it tells, and whether it tells any other. */
export interface ToldMetrics {
  wide: readonly string[];
  extra: boolean;
  /** Whether the rows carry a version of the source's answer. */
  versioned: boolean;
}

/** Row comparison that works for any number of columns, also for one. */
export function distinctRows(left: readonly string[], right: readonly string[]): string {
  return `(${left.join(', ')}) is distinct from (${right.join(', ')})`;
}

const mergedExtra = "nullif(coalesce(t.extra, '{}') || coalesce(excluded.extra, '{}'), '{}')";

export function copyStatement(table: string, columns: readonly string[]): string {
  return `copy ${table} (${columns.join(', ')}) from stdin (format binary)`;
}

export function snapshotColumns(told: ToldMetrics): string[] {
  return [
    'content_id',
    'recorded_at',
    ...(told.versioned ? ['source_version'] : []),
    ...told.wide,
    ...(told.extra ? ['extra'] : []),
  ];
}

/**
 * Upserts the staged snapshots. A value that was not told keeps what was known; a row that says nothing new
 * is not written; one from an older version of the source's answer is stale. A newer version that says the
 * same moves the version alone, so that a late answer in between is still found to be stale.
 *
 * Parameters: source, run, now. Leaves the written rows in `snapshot_changes`.
 */
export function upsertSnapshots(told: ToldMetrics): string {
  const stored = [...told.wide.map((metric) => `t.${metric}`), ...(told.extra ? ['t.extra'] : [])];
  const merged = [
    ...told.wide.map((metric) => `coalesce(excluded.${metric}, t.${metric})`),
    ...(told.extra ? [mergedExtra] : []),
  ];
  const columns = [...told.wide, ...(told.extra ? ['extra'] : [])];
  const differs = stored.length === 0 ? 'false' : distinctRows(stored, merged);
  const list = (prefix: string): string => told.wide.map((metric) => `${prefix}.${metric}`).join(', ');
  const extra = (prefix: string): string => (told.extra ? `${prefix}.extra` : 'null::jsonb');
  return `
with written as (
  insert into engagement_snapshots as t
    (content_id, recorded_at, source, ${columns.map((column) => `${column}, `).join('')}source_version, run_id, first_observed_at, observed_at)
  select content_id, recorded_at, $1::smallint, ${columns.map((column) => `${column}, `).join('')}source_version, $2::bigint, $3::timestamptz, $3::timestamptz
  from snapshot_stage
  on conflict (content_id, recorded_at, source) do update set
    ${columns.map((column, index) => `${column} = ${merged[index]!}, `).join('')}source_version = greatest(excluded.source_version, t.source_version),
    run_id = excluded.run_id,
    observed_at = excluded.observed_at
  where (t.source_version is null or excluded.source_version is null or excluded.source_version >= t.source_version)
    and (${differs}
      or (excluded.source_version is not null and excluded.source_version is distinct from t.source_version))
  returning
    t.content_id, t.recorded_at, old.content_id is null as inserted,
    case when old.content_id is not null then array[${list('old')}]::float8[] end as old_values,
    case when old.content_id is not null then array[${list('new')}]::float8[] end as new_values,
    case when old.content_id is not null then ${extra('old')} end as old_extra,
    case when old.content_id is not null then ${extra('new')} end as new_extra
)
insert into snapshot_changes (content_id, recorded_at, inserted, changed, old_values, new_values, old_extra, new_extra)
select content_id, recorded_at, inserted,
  inserted or old_values is distinct from new_values or old_extra is distinct from new_extra,
  old_values, new_values, old_extra, new_extra
from written`;
}

export const countSnapshotChanges = `
select count(*) filter (where inserted)::integer as inserted,
  count(*) filter (where not inserted and changed)::integer as updated,
  count(*) filter (where not changed)::integer as refreshed
from snapshot_changes`;

/** Staged rows that a newer version of the answer stands against. Parameter: source. */
export const countStaleSnapshots = `
select count(*)::integer as stale
from snapshot_stage s
cross join lateral (
  select 1 from engagement_snapshots t
  where t.content_id = s.content_id and t.recorded_at = s.recorded_at and t.source = $1::smallint
    and t.source_version > s.source_version
  offset 0
) newer`;

/**
 * What became something else in a row known before. Also where nothing was told of the metric until now, from
 * null, or a read as of a moment in between would tell the value too early. Parameters: source, metrics, run, now.
 */
export const reviseSnapshots = `
insert into performance_revisions
  (content_id, grain, recorded_at, source, metric, kind, old_value, new_value, learnt_at, run_id)
select c.content_id, 'instant', c.recorded_at, $1::smallint, v.metric, 'replaced', v.old_value, v.new_value, $4::timestamptz, $3::bigint
from snapshot_changes c
cross join lateral (
  select * from unnest($2::text[], c.old_values, c.new_values) as w (metric, old_value, new_value)
  union all
  select n.key, (c.old_extra ->> n.key)::float8, n.value::float8 from jsonb_each_text(c.new_extra) n
) v
where not c.inserted and c.changed and v.old_value is distinct from v.new_value
order by c.content_id, c.recorded_at, v.metric`;

/** Parameter: run. */
export const noteTouchedContents = `
insert into run_contents (run_id, content_id)
select $1::bigint, content_id from snapshot_changes where changed group by content_id order by content_id
on conflict do nothing`;
