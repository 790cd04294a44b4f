import type { MaintainDataInput } from '../contracts/runs.js';
import { platforms } from '../contracts/vocabulary.js';
import { removeOldSnapshots } from '../store/maintenance.js';
import type { ActivityDependencies } from './dependencies.js';
import { withHeartbeat } from './heartbeat.js';

/** Removes raw instants past their platform's retention; where it is 0 they are kept for good. */
export function createApplyRetention({ pool, clock, settings }: ActivityDependencies) {
  return function applyRetention({ dryRun }: MaintainDataInput): Promise<number> {
    return withHeartbeat<number, number>(async ({ signal, report }) => {
      let removed = 0;
      for (const platform of platforms) {
        const days = settings.retentionDays(platform);
        if (days === 0) continue;
        signal.throwIfAborted();
        const before = new Date(clock.now().getTime() - days * 86_400_000);
        removed += await removeOldSnapshots(pool, platform, before, dryRun, (batch) => {
          signal.throwIfAborted();
          report(removed + batch);
        });
      }
      return removed;
    });
  };
}
