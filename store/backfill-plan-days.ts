/** The days of a backfill plan: taken, given back, settled. */
import { execute, queryRows, type Queryable } from './queryable.js';

export type PlanDayState = 'open' | 'skipped' | 'started' | 'done' | 'failed';

export interface PlanDay {
  day: string;
  state: PlanDayState;
  skipReason: string | null;
  moments: Date[];
  failure: string | null;
}

/** Every day of the plan, in order. @throws StoreError */
export async function planDaysOf(db: Queryable, planId: number): Promise<PlanDay[]> {
  return queryRows<PlanDay>(
    db,
    `select day::text, state, skip_reason as "skipReason", moments, failure
     from backfill_plan_days where plan_id = $1 order by day`,
    [planId],
  );
}

/**
 * Marks the next `limit` open days as started and returns them in the plan's order; several takers side by
 * side never get the same day.
 * @throws StoreError
 */
export async function takeOpenDays(
  db: Queryable,
  planId: number,
  limit: number,
): Promise<{ day: string; moments: Date[] }[]> {
  return queryRows<{ day: string; moments: Date[] }>(
    db,
    `with next as (
       select d.day, case when p.newest_first then -(d.day - date '2000-01-01') else d.day - date '2000-01-01' end as rank
       from backfill_plan_days d
       join backfill_plans p on p.id = d.plan_id
       where d.plan_id = $1 and d.state = 'open'
       order by rank
       limit $2
       for update of d skip locked
     ), taken as (
       update backfill_plan_days d set state = 'started'
       from next
       where d.plan_id = $1 and d.day = next.day
       returning d.day, d.moments, next.rank
     )
     select day::text, moments from taken order by rank`,
    [planId, limit],
  );
}

/** Gives back days that were started by an attempt that is lost, and returns how many. @throws StoreError */
export async function reclaimStartedDays(db: Queryable, planId: number): Promise<number> {
  return execute(
    db,
    `update backfill_plan_days set state = 'open' where plan_id = $1 and state = 'started'`,
    [planId],
  );
}

/**
 * Settles days as done, or as failed where a failure is told. A day that is done already stays so.
 * @throws StoreError
 */
export async function settleDays(
  db: Queryable,
  planId: number,
  days: readonly string[],
  failure: string | null,
): Promise<void> {
  await execute(
    db,
    `update backfill_plan_days
     set state = case when $3::text is null then 'done' else 'failed' end, failure = $3
     where plan_id = $1 and day = any ($2::date[]) and state in ('open', 'started', 'failed')`,
    [planId, days, failure],
  );
}
