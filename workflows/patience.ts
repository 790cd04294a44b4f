/** Waiting for a platform: a timer of the workflow's, which costs no worker and survives every restart. */
import {
  condition,
  defineQuery,
  defineSignal,
  getExternalWorkflowHandle,
  log,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { failureTypes } from '../contracts/failures.js';
import { collectSignals, progressQuery, type CollectProgress, type CollectState } from '../contracts/runs.js';
import { failureDetails, waitOf } from './failure-details.js';

export const parkedSignal = defineSignal<[until: string]>(collectSignals.parked);
export const retryNowSignal = defineSignal(collectSignals.retryNow);
const stateQuery = defineQuery<CollectState>(progressQuery);

const running: CollectState = { state: 'running', parkedUntil: null, reason: null };

/** Waits in a row without anything having been collected between them, before the run is given up. */
const fruitlessWaits = 5;

/**
 * Runs `attempt` until it succeeds or fails for a reason that waiting does not mend. A collection that was
 * interrupted goes on from what it had committed. While a quota is empty, the backfill that started this run
 * is told, so that it starts no others; `retryNow` ends a wait early. Whoever asks is told of the wait.
 */
export async function patiently<T>(
  what: string,
  attempt: (resumeFrom: CollectProgress | null) => Promise<T>,
): Promise<T> {
  let resumeFrom: CollectProgress | null = null;
  let fruitless = 0;
  let urged = false;
  let state = running;
  setHandler(stateQuery, () => state);
  setHandler(retryNowSignal, () => {
    urged = true;
  });
  for (;;) {
    try {
      return await attempt(resumeFrom);
    } catch (error) {
      const wait = waitOf(error);
      if (wait === null) throw error;
      const moved = wait.progress !== null && hasMoved(resumeFrom, wait.progress);
      fruitless = moved ? 0 : fruitless + 1;
      if (fruitless > fruitlessWaits) throw error;
      resumeFrom = wait.progress ?? resumeFrom;
      const { kind, message } = failureDetails(error);
      setCurrentDetails(`${what} waits until ${wait.retryAt}: ${message} (${failureTypes[kind]}).`);
      if (kind === 'quota') await tellBackfill(wait.retryAt);
      state = { state: kind === 'quota' ? 'parked' : 'waiting', parkedUntil: wait.retryAt, reason: message };
      urged = false;
      await condition(() => urged, Math.max(1, Date.parse(wait.retryAt) - Date.now()));
      state = running;
    }
  }
}

function hasMoved(before: CollectProgress | null, after: CollectProgress): boolean {
  return after.step > (before?.step ?? 0) || after.offset > (before?.offset ?? 0);
}

async function tellBackfill(until: string): Promise<void> {
  const parent = workflowInfo().parent;
  if (parent === undefined) return;
  try {
    // By its id alone: the backfill may have continued as new since it started this run.
    await getExternalWorkflowHandle(parent.workflowId).signal(parkedSignal, until);
  } catch (error) {
    log.warn('The run that started this one can no longer be told', { parent: parent.workflowId, error });
  }
}
