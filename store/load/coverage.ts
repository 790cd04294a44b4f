import { wideMetrics } from '../../contracts/vocabulary.js';
import { execute, type Queryable } from '../queryable.js';
import { hasClose } from './metric-traits.js';
import type { CoveredDay, LoadAccount } from './options.js';

function digestOf(fields: readonly string[], order: string): string {
  return `md5(coalesce(string_agg(row(${fields.join(', ')})::text, E'\\n' order by ${order}), ''))`;
}

const values = wideMetrics.map((metric) => `f.${metric}`);
const closes = wideMetrics.filter(hasClose).map((metric) => `f.${metric}_close`);

const upsert = `
insert into coverage as t (account_id, report, day, state, attempts, rows, digest, run_id, updated_at)
select $1::integer, $2::text, day, case when final then 'final' else 'provisional' end, 1, rows, digest, $5::bigint, $6::timestamptz
from told
order by day
on conflict (account_id, report, day) do update set
  -- What is final stays so, whatever an attempt that comes late believes.
  state = case when t.state = 'final' then t.state else excluded.state end,
  attempts = t.attempts + 1, rows = excluded.rows, digest = excluded.digest,
  failure_kind = null, failure_message = null, run_id = excluded.run_id, updated_at = excluded.updated_at`;

// Parameters: account, report, days, whether each is final, run, now.
const coverInstants = `
with told as (
  select d.day, d.final, m.rows, m.digest
  from unnest($3::date[], $4::boolean[]) as d (day, final)
  join accounts a on a.id = $1::integer
  cross join lateral (select coalesce(a.day_zones ->> $2::text, 'UTC') as name) zone
  cross join lateral (
    select count(*)::integer as rows,
      ${digestOf(['c.content_key', "f.recorded_at at time zone 'UTC'", 'f.source', ...values, 'f.extra'], 'c.content_key, f.recorded_at, f.source')} as digest
    from contents c
    join engagement_snapshots f on f.content_id = c.id
      and f.recorded_at >= d.day::timestamp at time zone zone.name
      and f.recorded_at < (d.day + 1)::timestamp at time zone zone.name
    where c.account_id = a.id
  ) m
)${upsert}`;

// Beside the above: the basis of the days.
const coverDays = `
with told as (
  select d.day, d.final, m.rows, m.digest
  from unnest($3::date[], $4::boolean[]) as d (day, final)
  cross join lateral (
    select count(*)::integer as rows,
      ${digestOf(['c.content_key', ...values, ...closes, 'f.extra', 'f.final'], 'c.content_key')} as digest
    from contents c
    join content_performance_history f on f.content_id = c.id and f.day = d.day and f.basis = $7::smallint
    where c.account_id = $1::integer
  ) m
)${upsert}`;

/**
 * Writes the ledger of days whose rows the transaction completes: how many rows of the account's contents
 * there are, and a digest of them. An instants' report counts snapshots; any other counts days of a basis.
 * @throws StoreError
 */
export async function writeCoverage(
  db: Queryable,
  account: LoadAccount,
  days: readonly CoveredDay[],
  run: { id: string | null; now: Date },
  basis: number | null,
): Promise<void> {
  if (days.length === 0) return;
  // A day named twice counts as final if either says so.
  const finals = new Map<string, boolean>();
  for (const { day, final } of days) finals.set(day, final || (finals.get(day) ?? false));
  const parameters = [account.id, account.report, [...finals.keys()], [...finals.values()], run.id, run.now];
  if (basis === null) await execute(db, coverInstants, parameters);
  else await execute(db, coverDays, [...parameters, basis]);
}
