import type { MaintainDataInput } from '../contracts/runs.js';
import { applyRetention } from '../services/retention.js';
import type { ActivityDependencies } from './dependencies.js';
import { withHeartbeat } from './heartbeat.js';

/** Removes raw instants past their platform's retention; where it is 0 they are kept for good. */
export function createApplyRetention({ pool, clock, settings }: ActivityDependencies) {
  return function applyRetentionActivity({ dryRun }: MaintainDataInput): Promise<number> {
    return withHeartbeat<number, number>(({ signal, report }) =>
      applyRetention({ pool, clock }, (platform) => settings.retentionDays(platform), {
        ...{ dryRun, signal },
        onProgress: report,
      }),
    );
  };
}
