import type { Pool } from 'pg';
import type { PlanWindow } from '../contracts/runs.js';
import { reclaimStartedDays, takeOpenDays } from '../store/backfill-plan-days.js';
import { showPlan } from '../store/backfill-plans.js';
import { pastReadings } from '../store/collections.js';
import { windowsOf } from './plan-backfill.js';

export interface TakeWindowsInput {
  planId: number;
  /** At most so many windows' worth of days. */
  windows: number;
  daysPerWindow: number;
  /** Open the days again that were started and never settled: nothing is under way. */
  reclaim: boolean;
}

/**
 * Marks the plan's next open days as started and groups them into windows of consecutive days. Empty when no
 * day is open.
 * @throws StoreError
 */
export async function takePlanWindows(pool: Pool, input: TakeWindowsInput): Promise<PlanWindow[]> {
  const plan = await showPlan(pool, input.planId);
  if (input.reclaim) await reclaimStartedDays(pool, plan.id);
  const days = await takeOpenDays(pool, plan.id, input.windows * input.daysPerWindow);
  const windows = windowsOf(
    days.map(({ day, moments }) => ({ day, moments: moments.map((moment) => moment.toISOString()) })),
    input.daysPerWindow,
  );
  return Promise.all(
    windows.map(async ({ window, moments }) => {
      const past = await pastReadings(pool, plan.accountId, plan.report, window);
      return { window, moments, reading: past.succeeded + 1 };
    }),
  );
}
