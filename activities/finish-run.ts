import type { LoadCounts } from '../contracts/records.js';
import { runReach } from '../store/collections.js';
import { finishRun, type RunOutcome } from '../store/runs.js';
import type { ActivityDependencies } from './dependencies.js';

export interface FinishRunInput {
  runId: string;
  state: RunOutcome['state'];
  /** Null where the run loaded nothing. */
  counts: LoadCounts | null;
  warnings: string[];
}

/** Closes a run in the ledger; tells how many contents it touched and how many are unavailable. */
export function createFinishRun({ pool, clock }: ActivityDependencies) {
  return async function finishRunActivity({
    runId,
    ...outcome
  }: FinishRunInput): Promise<{ contents: number; unavailable: number }> {
    await finishRun(pool, runId, { ...outcome, finishedAt: clock.now() });
    return runReach(pool, runId);
  };
}
