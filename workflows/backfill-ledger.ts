import { setCurrentDetails } from '@temporalio/workflow';
import type { OpenedPlan } from '../activities/open-plan.js';
import type { BackfillProgress } from '../contracts/runs.js';
import { controlActivities } from './activities.js';
import { markFailed } from './failure-details.js';

/** Opens the plan and, for a run that has not continued as new, the run in the ledger. */
export async function openPlan(planId: number, runId: string | null): Promise<OpenedPlan> {
  try {
    return await controlActivities().openPlan.executeWithOptions({ summary: `Open plan ${planId}` }, [
      { planId, runId },
    ]);
  } catch (error) {
    throw markFailed(error);
  }
}

/** Closes the plan and the run. */
export async function closePlan(
  planId: number,
  runId: string,
  { planned, done, failed, counts }: BackfillProgress,
  state: 'finished' | 'cancelled',
): Promise<void> {
  const activities = controlActivities();
  await activities.setPlanState.executeWithOptions({ summary: `Plan ${planId} is ${state}` }, [
    { planId, state },
  ]);
  const finished = failed === 0 ? 'succeeded' : 'partial';
  const warnings = failed === 0 ? [] : [`${failed} days failed`];
  await activities.finishRun.executeWithOptions({ summary: 'Close the run in the ledger' }, [
    { runId, state: state === 'finished' ? finished : state, counts, warnings },
  ]);
  setCurrentDetails(`${done} of ${planned} days done, ${failed} failed; ${state}.`);
}
