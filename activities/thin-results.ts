import type { MaintainDataInput } from '../contracts/runs.js';
import { thinOldResults } from '../store/maintenance.js';
import type { ActivityDependencies } from './dependencies.js';
import { withHeartbeat } from './heartbeat.js';

const keptDays = 30;

/** Removes analyses' results older than 30 days that later ones have replaced. */
export function createThinResults({ pool, clock }: ActivityDependencies) {
  return function thinResults({ dryRun }: MaintainDataInput): Promise<number> {
    const before = new Date(clock.now().getTime() - keptDays * 86_400_000);
    return withHeartbeat(() => thinOldResults(pool, before, dryRun));
  };
}
