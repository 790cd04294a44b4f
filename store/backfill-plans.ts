/** Backfill plans: the exact days to collect, those left out with the reason, and how far they are. */
import type { Pool } from 'pg';
import type { Report } from '../contracts/records.js';
import type { Platform } from '../contracts/vocabulary.js';
import type { PlanDayState } from './backfill-plan-days.js';
import { StoreError } from './errors.js';
import { execute, inTransaction, queryRow, queryRows, type Queryable } from './queryable.js';

export type PlanState = 'planned' | 'running' | 'paused' | 'parked' | 'finished' | 'cancelled' | 'failed';

export interface NewPlan {
  accountId: number;
  report: Report;
  /** Half-open range of ISO days. */
  fromDay: string;
  toDay: string;
  mode: 'missing' | 'failed' | 'all';
  newestFirst: boolean;
  concurrency: number;
  quotaUnits: number;
  days: readonly NewPlanDay[];
  /** The name of the request that asks for it; null unless told. */
  requestedAs?: string | null;
}

export interface NewPlanDay {
  day: string;
  /** Null: to be collected. */
  skipReason: string | null;
  /** RFC 3339; instants to read the counters at. */
  moments: readonly string[];
}

export interface Plan {
  id: number;
  accountId: number;
  platform: Platform;
  account: string;
  report: Report;
  fromDay: string;
  toDay: string;
  mode: NewPlan['mode'];
  newestFirst: boolean;
  concurrency: number;
  quotaUnits: number;
  state: PlanState;
  createdAt: Date;
  /** Days by state. */
  counts: Record<PlanDayState, number>;
}

/** A plan in one of these keeps others off its range. */
const openStates: readonly PlanState[] = ['planned', 'running', 'paused', 'parked'];

const selectPlans = `
select p.id::integer, p.account_id as "accountId", a.platform, a.name as account, p.report,
  p.from_day::text as "fromDay", p.to_day::text as "toDay", p.mode, p.newest_first as "newestFirst",
  p.concurrency, p.quota_units as "quotaUnits", p.state, p.created_at as "createdAt", d.counts
from backfill_plans p
join accounts a on a.id = p.account_id
cross join lateral (
  select jsonb_build_object(
    'open', count(*) filter (where state = 'open'), 'skipped', count(*) filter (where state = 'skipped'),
    'started', count(*) filter (where state = 'started'), 'done', count(*) filter (where state = 'done'),
    'failed', count(*) filter (where state = 'failed')) as counts
  from backfill_plan_days where plan_id = p.id
) d`;

/**
 * Stores a plan with its days.
 * @throws StoreError `conflict` when an open plan of the same account and report overlaps, `rejected` for an
 *   empty range
 */
export async function createPlan(pool: Pool, plan: NewPlan): Promise<Plan> {
  return inTransaction(pool, async (client) => {
    await refuseOverlap(client, plan, null);
    const row = await queryRow<{ id: number }>(
      client,
      `insert into backfill_plans (account_id, report, from_day, to_day, mode, newest_first, concurrency, quota_units,
         requested_as)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       returning id::integer`,
      [
        plan.accountId,
        plan.report,
        plan.fromDay,
        plan.toDay,
        plan.mode,
        plan.newestFirst,
        plan.concurrency,
        plan.quotaUnits,
        plan.requestedAs ?? null,
      ],
    );
    if (row === null) throw new StoreError('internal', 'A plan that was stored did not come back');
    await execute(
      client,
      `insert into backfill_plan_days (plan_id, day, skip_reason, moments, state)
       select $1, d.day, d."skipReason", coalesce(d.moments, '{}'),
         case when d."skipReason" is null then 'open' else 'skipped' end
       from jsonb_to_recordset($2::jsonb) as d (day date, "skipReason" text, moments timestamptz[])
       order by d.day`,
      [row.id, JSON.stringify(plan.days)],
    );
    return showPlan(client, row.id);
  });
}

/** @throws StoreError `notFound` */
export async function showPlan(db: Queryable, planId: number): Promise<Plan> {
  const plan = await queryRow<Plan>(db, `${selectPlans} where p.id = $1`, [planId]);
  if (plan === null) throw new StoreError('notFound', `There is no backfill plan ${planId}`);
  return plan;
}

/** The plan that a request of this name has made; null for none. @throws StoreError */
export async function planRequestedAs(db: Queryable, name: string): Promise<Plan | null> {
  return queryRow<Plan>(db, `${selectPlans} where p.requested_as = $1`, [name]);
}

/**
 * Notes the request that starts a plan, and opens one that has failed. False where that very request has done so
 * before, and then nothing changes.
 */
export async function noteStart(db: Queryable, planId: number, name: string): Promise<boolean> {
  const noted = await execute(
    db,
    `update backfill_plans
     set start_requested_as = $2, state = case state when 'failed' then 'planned' else state end
     where id = $1 and start_requested_as is distinct from $2
       and (requested_as is distinct from $2 or state = 'planned')`,
    [planId, name],
  );
  return noted > 0;
}

/** Newest first. @throws StoreError */
export async function listPlans(
  db: Queryable,
  filter: { state?: PlanState; beforeId?: number; limit?: number } = {},
): Promise<Plan[]> {
  return queryRows<Plan>(
    db,
    `${selectPlans} where ($1::text is null or p.state = $1) and ($2::bigint is null or p.id < $2)
     order by p.id desc limit $3`,
    [filter.state ?? null, filter.beforeId ?? null, filter.limit ?? 50],
  );
}

/**
 * Opens the failed days of a plan again, and the plan with them; returns how many, and null where the request of
 * that name has done so before.
 * @throws StoreError `notFound`, or `conflict` when another open plan overlaps meanwhile
 */
export async function reopenFailedDays(
  pool: Pool,
  planId: number,
  name: string | null = null,
): Promise<number | null> {
  return inTransaction(pool, async (client) => {
    const plan = await showPlan(client, planId);
    await refuseOverlap(client, plan, planId);
    if (name !== null && (await lastStartOf(client, planId)) === name) return null;
    const reopened = await execute(
      client,
      `update backfill_plan_days set state = 'open', failure = null where plan_id = $1 and state = 'failed'`,
      [planId],
    );
    if (reopened > 0 && !openStates.includes(plan.state)) {
      await execute(client, `update backfill_plans set state = 'planned' where id = $1`, [planId]);
    }
    if (reopened > 0 && name !== null) await noteStart(client, planId, name);
    return reopened;
  });
}

async function lastStartOf(db: Queryable, planId: number): Promise<string | null> {
  const row = await queryRow<{ name: string | null }>(
    db,
    `select start_requested_as as name from backfill_plans where id = $1`,
    [planId],
  );
  return row?.name ?? null;
}

/**
 * Moves a plan to a state; one that is in it already stays.
 * @throws StoreError `notFound`, or `conflict` for a plan that is finished or cancelled
 */
export async function setPlanState(db: Queryable, planId: number, state: PlanState): Promise<void> {
  const changed = await execute(
    db,
    `update backfill_plans set state = $2 where id = $1 and (state = $2 or state not in ('finished', 'cancelled'))`,
    [planId, state],
  );
  if (changed > 0) return;
  const plan = await showPlan(db, planId);
  throw new StoreError('conflict', `Backfill plan ${planId} is ${plan.state} and cannot become ${state}`);
}

async function refuseOverlap(
  client: Queryable,
  range: Pick<NewPlan, 'accountId' | 'report' | 'fromDay' | 'toDay'>,
  except: number | null,
): Promise<void> {
  // One planner of an account at a time, to the end of the transaction: two must not both find the range free.
  await execute(client, `select pg_advisory_xact_lock(hashtext('tidemark backfill plans'), $1)`, [
    range.accountId,
  ]);
  const other = await queryRow<{ id: number; from: string; to: string }>(
    client,
    `select id::integer, from_day::text as "from", to_day::text as "to" from backfill_plans
     where account_id = $1 and report = $2 and state = any ($5::text[]) and from_day < $4 and to_day > $3
       and id is distinct from $6
     order by id limit 1`,
    [range.accountId, range.report, range.fromDay, range.toDay, openStates, except],
  );
  if (other === null) return;
  throw new StoreError(
    'conflict',
    `Backfill plan ${other.id} is open over ${other.from} to ${other.to} of the same account and report`,
  );
}
