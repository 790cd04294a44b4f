import type { MaintainDataInput } from '../contracts/runs.js';
import { removeSiteLeftovers, type SiteLeftovers } from '../store/maintenance.js';
import type { ActivityDependencies } from './dependencies.js';
import { withHeartbeat } from './heartbeat.js';

/** Removes answers kept for repeated requests past their day, and sessions that are over. */
export function createRemoveSiteLeftovers({ pool, clock }: ActivityDependencies) {
  return function removeSiteLeftoversActivity({ dryRun }: MaintainDataInput): Promise<SiteLeftovers> {
    return withHeartbeat(() => removeSiteLeftovers(pool, clock.now(), dryRun));
  };
}
