import { CancellationScope, patched, setCurrentDetails } from '@temporalio/workflow';
import type { MaintainDataInput, MaintainDataResult } from '../contracts/runs.js';
import { controlActivities, fileActivities, maintenanceActivities } from './activities.js';
import { closeUnfinished, openRun } from './run-ledger.js';

/** Retention of raw instants, thinning of old results, tidying of ledgers, expired exports, leftovers of the site, refresh of the roll-ups. */
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
    // As do those that began before these.
    const { answers, sessions, uploads } = patched('site-leftovers')
      ? await removeSiteLeftovers(input)
      : { answers: 0, sessions: 0, uploads: 0 };
    const refreshedViews = await maintenance.refreshViews.executeWithOptions({ summary: 'Roll-ups' }, [
      input,
    ]);
    await control.finishRun.executeWithOptions({ summary: 'Close the run in the ledger' }, [
      { runId, state: 'succeeded', counts: null, warnings: [] },
    ]);
    setCurrentDetails(
      `${input.dryRun ? 'Would remove' : 'Removed'} ${removedSnapshots} instants, ${removedResults} results, ` +
        `${tidied} ledger rows, ${removedExports} exports, ${answers} kept answers, ${sessions} sessions and ` +
        `${uploads} uploads; ${refreshedViews} roll-ups refreshed.`,
    );
    return {
      ...{ runId, removedSnapshots, removedResults, removedExports, refreshedViews },
      ...{ removedAnswers: answers, removedSessions: sessions, removedUploads: uploads },
    };
  } catch (error) {
    throw await CancellationScope.nonCancellable(() => closeUnfinished(runId, error));
  }
}

async function removeSiteLeftovers(
  input: MaintainDataInput,
): Promise<{ answers: number; sessions: number; uploads: number }> {
  const inDatabase = await maintenanceActivities().removeSiteLeftovers.executeWithOptions(
    { summary: 'Kept answers and sessions that are over' },
    [input],
  );
  const uploads = await fileActivities().removeAbandonedUploads.executeWithOptions(
    { summary: 'Abandoned uploads' },
    [input],
  );
  return { ...inDatabase, uploads };
}
