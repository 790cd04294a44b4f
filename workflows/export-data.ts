import { CancellationScope, isCancellation, setCurrentDetails } from '@temporalio/workflow';
import type { ExportDataInput, ExportDataResult } from '../contracts/runs.js';
import { controlActivities, fileActivities } from './activities.js';
import { failureDetails } from './failure-details.js';
import { closeUnfinished, openRun } from './run-ledger.js';

/** Makes the file of an export; whoever has its link fetches it until it expires. */
export async function exportData(input: ExportDataInput): Promise<ExportDataResult> {
  const { exportId, dataset, format } = input;
  const control = controlActivities();
  const runId = await openRun({ kind: 'export' });
  try {
    setCurrentDetails('Reading and writing.');
    const { rows, bytes } = await fileActivities().writeExport.executeWithOptions(
      { summary: `Write ${dataset} as ${format}` },
      [{ runId, exportId }],
    );
    await control.finishRun.executeWithOptions({ summary: 'Close the run in the ledger' }, [
      { runId, state: 'succeeded', counts: null, warnings: [] },
    ]);
    setCurrentDetails(`${rows} rows, ${bytes} bytes.`);
    return { runId, exportId, rows, bytes };
  } catch (error) {
    throw await CancellationScope.nonCancellable(async () => {
      const failure = isCancellation(error) ? null : failureDetails(error).message;
      await control.endExport.executeWithOptions({ summary: 'Say that the export will not come' }, [
        { exportId, failure },
      ]);
      return closeUnfinished(runId, error);
    });
  }
}
