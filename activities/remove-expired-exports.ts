import type { MaintainDataInput } from '../contracts/runs.js';
import { removeExpiredExports } from '../services/exports/background-exports.js';
import type { ActivityDependencies } from './dependencies.js';
import { withHeartbeat } from './heartbeat.js';

/** Removes exports whose links have expired; on the queue whose workers have the files. */
export function createRemoveExpiredExports({ pool, clock, settings }: ActivityDependencies) {
  return function removeExpiredExportsActivity({ dryRun }: MaintainDataInput): Promise<number> {
    return withHeartbeat(() =>
      removeExpiredExports({ pool, clock, directory: settings.exports.directory }, dryRun),
    );
  };
}
