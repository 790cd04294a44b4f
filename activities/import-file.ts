import type { ImportFileInput, ImportFileResult } from '../contracts/runs.js';
import { importAccountId } from '../services/import-account.js';
import { importFile, type ImportCursor } from '../services/import-file.js';
import type { ActivityDependencies } from './dependencies.js';
import { withHeartbeat } from './heartbeat.js';

export interface ImportActivityInput {
  runId: string;
  input: ImportFileInput;
}

/** Reads a file, or a folder's files, and loads them chunk by chunk; resumes at the byte after the last commit. */
export function createImportFile({ pool, clock, settings }: ActivityDependencies) {
  return function importFileActivity({ runId, input }: ImportActivityInput): Promise<ImportFileResult> {
    return withHeartbeat<ImportCursor, ImportFileResult>(async ({ signal, report }, resumeFrom) =>
      importFile(pool, {
        path: input.path,
        format: input.format,
        run: { id: runId, now: clock.now() },
        accountId: await importAccountId(pool, input),
        resumeFrom: resumeFrom ?? undefined,
        onProgress: report,
        signal,
        chunkRows: settings.chunkRows,
      }),
    );
  };
}
