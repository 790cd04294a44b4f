import type { MaintainDataInput } from '../contracts/runs.js';
import { removeOldLedgerRows } from '../store/maintenance.js';
import { failLostRuns } from '../store/runs.js';
import type { ActivityDependencies } from './dependencies.js';
import { withHeartbeat } from './heartbeat.js';

const dayMs = 86_400_000;
const keptDays = 90;

/**
 * Removes what the ledgers no longer need: settled quarantine, past quotas, lists of what old runs touched. Runs
 * outside Temporal that a day has not ended went down with their process, and are closed.
 */
export function createTidyLedgers({ pool, clock }: ActivityDependencies) {
  return function tidyLedgers({ dryRun }: MaintainDataInput): Promise<number> {
    const now = clock.now();
    const before = new Date(now.getTime() - keptDays * dayMs);
    return withHeartbeat(async () => {
      if (!dryRun)
        await failLostRuns(pool, {
          idPrefix: '',
          startedBefore: new Date(now.getTime() - dayMs),
          finishedAt: now,
        });
      return removeOldLedgerRows(pool, before, dryRun);
    });
  };
}
