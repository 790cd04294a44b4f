import { endExport } from '../store/exports.js';
import type { ActivityDependencies } from './dependencies.js';

export interface EndExportInput {
  exportId: string;
  /** Null: it was cancelled. */
  failure: string | null;
}

/** Notes that an export failed or was cancelled, for whoever waits for it. */
export function createEndExport({ pool, clock }: ActivityDependencies) {
  return function endExportActivity({ exportId, failure }: EndExportInput): Promise<void> {
    const state = failure === null ? 'cancelled' : 'failed';
    return endExport(pool, exportId, { state, failure, finishedAt: clock.now() });
  };
}
