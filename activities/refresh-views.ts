import type { MaintainDataInput } from '../contracts/runs.js';
import { refreshRollups } from '../store/maintenance.js';
import type { ActivityDependencies } from './dependencies.js';
import { withHeartbeat } from './heartbeat.js';

/** Refreshes the roll-ups and returns how many; a dry run refreshes none. */
export function createRefreshViews({ pool, clock }: ActivityDependencies) {
  return function refreshViews({ dryRun }: MaintainDataInput): Promise<number> {
    return dryRun ? Promise.resolve(0) : withHeartbeat(() => refreshRollups(pool, clock.now()));
  };
}
