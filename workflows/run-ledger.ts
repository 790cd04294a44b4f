import { isCancellation, setCurrentDetails } from '@temporalio/workflow';
import type { BeginRunInput } from '../activities/begin-run.js';
import { controlActivities } from './activities.js';
import { failureDetails, markFailed } from './failure-details.js';

/** Opens the run in the ledger and returns its id there. */
export async function openRun(input: BeginRunInput): Promise<string> {
  const summary = 'Open the run in the ledger';
  try {
    return (await controlActivities().beginRun.executeWithOptions({ summary }, [input])).runId;
  } catch (error) {
    throw markFailed(error);
  }
}

/** Closes a run that did not come to its end, as cancelled or failed, and returns what to throw. */
export async function closeUnfinished(runId: string, error: unknown): Promise<unknown> {
  const control = controlActivities();
  if (isCancellation(error)) {
    setCurrentDetails('Cancelled.');
    await control.finishRun({ runId, state: 'cancelled', counts: null, warnings: [] });
    return error;
  }
  const failure = failureDetails(error);
  setCurrentDetails(`Failed: ${failure.message}`);
  await control.failRun.executeWithOptions({ summary: 'Record the failure in the ledger' }, [
    { runId, ...failure, coverage: null },
  ]);
  return markFailed(error);
}
