import { reclaimStartedDays } from '../store/backfill-plan-days.js';
import { setPlanState, type PlanState } from '../store/backfill-plans.js';
import type { ActivityDependencies } from './dependencies.js';

/** Moves a plan to a state; one that ends early gives back the days that it had taken. */
export function createSetPlanState({ pool }: ActivityDependencies) {
  return async function setPlanStateActivity(input: { planId: number; state: PlanState }): Promise<void> {
    await setPlanState(pool, input.planId, input.state);
    if (input.state === 'cancelled' || input.state === 'failed') await reclaimStartedDays(pool, input.planId);
  };
}
