import type { MaintainDataInput } from '../contracts/runs.js';
import { removeAbandonedUploads } from '../services/abandoned-uploads.js';
import type { ActivityDependencies } from './dependencies.js';
import { withHeartbeat } from './heartbeat.js';

/** Removes uploads that nobody will come back for; on the queue whose workers have the files. */
export function createRemoveAbandonedUploads({ clock, settings }: ActivityDependencies) {
  return function removeAbandonedUploadsActivity({ dryRun }: MaintainDataInput): Promise<number> {
    return withHeartbeat(() => removeAbandonedUploads({ clock, ...settings.uploads }, dryRun));
  };
}
