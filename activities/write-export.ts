import { makeExport } from '../services/exports/background-exports.js';
import type { ActivityDependencies } from './dependencies.js';
import { withHeartbeat } from './heartbeat.js';

export interface WriteExportInput {
  runId: string;
  exportId: string;
}

/**
 * Makes the file of an export. A file is whole or not there, so an attempt begins anew; once it is there, another
 * attempt finds it so.
 */
export function createWriteExport({ pool, clock, settings }: ActivityDependencies) {
  const deps = { pool, clock, ...settings.exports, halfLifeDays: settings.analysis.halfLifeDays };
  return function writeExport({
    runId,
    exportId,
  }: WriteExportInput): Promise<{ rows: number; bytes: number }> {
    return withHeartbeat<number, { rows: number; bytes: number }>(({ signal, report }) =>
      makeExport(deps, exportId, { runId, signal, onProgress: report }),
    );
  };
}
