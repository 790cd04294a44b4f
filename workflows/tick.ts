import {
  ParentClosePolicy,
  setCurrentDetails,
  startChild,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { describeCollect } from '../contracts/run-descriptions.js';
import type { CollectStatsInput, TickInput, TickResult } from '../contracts/runs.js';
import { controlActivities } from './activities.js';
import { collectStats } from './collect-stats.js';

/**
 * Starts whatever is due, by the accounts' own calendars, the coverage ledger and the program's clock; the
 * time at which the tick itself fires decides nothing, so a late or repeated tick drops and doubles no day.
 */
export async function tick(input: TickInput): Promise<TickResult> {
  const { due, notDue } = await controlActivities().planDueCollections.executeWithOptions(
    { summary: `What is due (${input.cause})` },
    [],
  );
  const outcomes = await Promise.all(due.map(startCollection));
  const started = outcomes.filter((id) => id !== null);
  const result = { started, notDue, alreadyRunning: outcomes.length - started.length };
  setCurrentDetails(
    `${started.length} started, ${result.alreadyRunning} under way or done, ${notDue} not due.` +
      started.map((id) => `\n- ${id}`).join(''),
  );
  return result;
}

/** The id of the collection started, or null where one of that id is under way or has succeeded. */
async function startCollection(input: CollectStatsInput): Promise<string | null> {
  const description = describeCollect(input);
  try {
    await startChild(collectStats, {
      ...description,
      args: [input],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
    });
    return description.workflowId;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return null;
    throw error;
  }
}
