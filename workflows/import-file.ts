import {
  CancellationScope,
  ParentClosePolicy,
  setCurrentDetails,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { describeAnalyze } from '../contracts/run-descriptions.js';
import type { AnalyzePerformanceInput, ImportFileInput, ImportFileResult } from '../contracts/runs.js';
import { analyzePerformance } from './analyze-performance.js';
import { controlActivities, fileActivities } from './activities.js';
import { closeUnfinished, openRun } from './run-ledger.js';

/** Imports a file, or a folder's files in order of name; rows that are wrong are quarantined, the rest land. */
export async function importFile(input: ImportFileInput): Promise<ImportFileResult> {
  const control = controlActivities();
  const runId = await openRun({ kind: 'import' });
  try {
    setCurrentDetails('Reading and loading.');
    const imported = await fileActivities().importFile.executeWithOptions(
      { summary: `Import (${input.format})` },
      [{ runId, input }],
    );
    const { files, rows, counts } = imported;
    const state = counts.quarantined === 0 ? 'succeeded' : 'partial';
    const warnings = state === 'partial' ? [`${counts.quarantined} rows were quarantined`] : [];
    await control.finishRun.executeWithOptions({ summary: 'Close the run in the ledger' }, [
      { runId, state, counts, warnings },
    ]);
    setCurrentDetails(
      `${rows} rows of ${files} files: ${counts.inserted} inserted, ${counts.updated} updated, ` +
        `${counts.unchanged} unchanged, ${counts.stale} stale, ${counts.quarantined} quarantined.`,
    );
    if (input.analyze) await startAnalysis(runId);
    return { runId, files, rows, counts };
  } catch (error) {
    throw await CancellationScope.nonCancellable(() => closeUnfinished(runId, error));
  }
}

async function startAnalysis(runId: string): Promise<void> {
  const input: AnalyzePerformanceInput = { scope: { kind: 'run', runId }, chain: 'touched', cause: 'import' };
  await startChild(analyzePerformance, {
    ...describeAnalyze(input, `${workflowInfo().workflowId}/run-${runId}`),
    args: [input],
    parentClosePolicy: ParentClosePolicy.ABANDON,
  });
}
