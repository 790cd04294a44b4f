import type { MaintainDataInput } from '../contracts/runs.js';
import { removeOldLedgerRows } from '../store/maintenance.js';
import type { ActivityDependencies } from './dependencies.js';
import { withHeartbeat } from './heartbeat.js';

const keptDays = 90;

/** Removes what the ledgers no longer need: settled quarantine, past quotas, lists of what old runs touched. */
export function createTidyLedgers({ pool, clock }: ActivityDependencies) {
  return function tidyLedgers({ dryRun }: MaintainDataInput): Promise<number> {
    const before = new Date(clock.now().getTime() - keptDays * 86_400_000);
    return withHeartbeat(() => removeOldLedgerRows(pool, before, dryRun));
  };
}
