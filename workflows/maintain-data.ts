import { CancellationScope, patched, setCurrentDetails } from '@temporalio/workflow';
import type { MaintainDataInput, MaintainDataResult } from '../contracts/runs.js';
import { controlActivities, fileActivities, maintenanceActivities } from './activities.js';
import { closeUnfinished, openRun } from './run-ledger.js';

/** Retention of raw instants, thinning of old results, tidying of ledgers, expired exports, refresh of the roll-ups. */
export async function maintainData(input: MaintainDataInput): Promise<MaintainDataResult> {
  const control = controlActivities();
  const maintenance = maintenanceActivities();
  const runId = await openRun({ kind: 'maintain' });
  try {
    const removedSnapshots = await maintenance.applyRetention.executeWithOptions(
      { summary: 'Raw instants past their retention' },
      [input],
    );
    const removedResults = await maintenance.thinResults.executeWithOptions(
      { summary: 'Results that later ones have replaced' },
      [input],
    );
    const tidied = await maintenance.tidyLedgers.executeWithOptions({ summary: 'Ledgers' }, [input]);
    // Runs that began before there were exports go on without.
    const removedExports = patched('expired-exports')
      ? await fileActivities().removeExpiredExports.executeWithOptions({ summary: 'Expired exports' }, [
          input,
        ])
      : 0;
    const refreshedViews = await maintenance.refreshViews.executeWithOptions({ summary: 'Roll-ups' }, [
      input,
    ]);
    await control.finishRun.executeWithOptions({ summary: 'Close the run in the ledger' }, [
      { runId, state: 'succeeded', counts: null, warnings: [] },
    ]);
    setCurrentDetails(
      `${input.dryRun ? 'Would remove' : 'Removed'} ${removedSnapshots} instants, ${removedResults} results, ` +
        `${tidied} ledger rows and ${removedExports} exports; ${refreshedViews} roll-ups refreshed.`,
    );
    return { runId, removedSnapshots, removedResults, removedExports, refreshedViews };
  } catch (error) {
    throw await CancellationScope.nonCancellable(() => closeUnfinished(runId, error));
  }
}
