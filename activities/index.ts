/** Every activity, grouped by the queue whose workers run it. */
import type { ActivityDependencies } from './dependencies.js';
import { createAnalysisActivities } from './analysis/analysis-activities.js';
import { createApplyRetention } from './apply-retention.js';
import { createBeginRun } from './begin-run.js';
import { createCollectCounters } from './collect-counters.js';
import { createCollectDaily } from './collect-daily.js';
import { createEndExport } from './end-export.js';
import { createFailRun } from './fail-run.js';
import { createFinishRun } from './finish-run.js';
import { createImportFile } from './import-file.js';
import { createListArtists } from './list-artists.js';
import { createOpenPlan } from './open-plan.js';
import { createPauseAccount } from './pause-account.js';
import { createPlanDueCollections } from './plan-due-collections.js';
import { createRefreshCatalogue } from './refresh-catalogue.js';
import { createRefreshViews } from './refresh-views.js';
import { createRemoveAbandonedUploads } from './remove-abandoned-uploads.js';
import { createRemoveExpiredExports } from './remove-expired-exports.js';
import { createRemoveSiteLeftovers } from './remove-site-leftovers.js';
import { createSetPlanState } from './set-plan-state.js';
import { createSettleWindow } from './settle-window.js';
import { createTakeWindows } from './take-windows.js';
import { createThinResults } from './thin-results.js';
import { createTidyLedgers } from './tidy-ledgers.js';
import { createWriteExport } from './write-export.js';

/** Ledgers and plans; on the control queue. */
export function createControlActivities(deps: ActivityDependencies) {
  return {
    beginRun: createBeginRun(deps),
    finishRun: createFinishRun(deps),
    failRun: createFailRun(deps),
    endExport: createEndExport(deps),
    pauseAccount: createPauseAccount(deps),
    planDueCollections: createPlanDueCollections(deps),
    openPlan: createOpenPlan(deps),
    takeWindows: createTakeWindows(deps),
    settleWindow: createSettleWindow(deps),
    setPlanState: createSetPlanState(deps),
    listArtists: createListArtists(deps),
  };
}

/** Statements over whole tables; on the control queue too. */
export function createMaintenanceActivities(deps: ActivityDependencies) {
  return {
    applyRetention: createApplyRetention(deps),
    thinResults: createThinResults(deps),
    tidyLedgers: createTidyLedgers(deps),
    removeSiteLeftovers: createRemoveSiteLeftovers(deps),
    refreshViews: createRefreshViews(deps),
  };
}

/** What a platform is asked; on a queue of its own a platform. */
export function createPlatformActivities(deps: ActivityDependencies) {
  return {
    refreshCatalogue: createRefreshCatalogue(deps),
    collectCounters: createCollectCounters(deps),
    collectDaily: createCollectDaily(deps),
  };
}

/** Files; on the files queue. */
export function createFileActivities(deps: ActivityDependencies) {
  return {
    importFile: createImportFile(deps),
    writeExport: createWriteExport(deps),
    removeExpiredExports: createRemoveExpiredExports(deps),
    removeAbandonedUploads: createRemoveAbandonedUploads(deps),
  };
}

export type ControlActivities = ReturnType<typeof createControlActivities>;
export type MaintenanceActivities = ReturnType<typeof createMaintenanceActivities>;
export type PlatformActivities = ReturnType<typeof createPlatformActivities>;
export type FileActivities = ReturnType<typeof createFileActivities>;
export type AnalysisActivities = ReturnType<typeof createAnalysisActivities>;

/** Every activity of the program, as one set. */
export function createActivities(deps: ActivityDependencies) {
  return {
    ...createControlActivities(deps),
    ...createMaintenanceActivities(deps),
    ...createPlatformActivities(deps),
    ...createFileActivities(deps),
    ...createAnalysisActivities({ ...deps, settings: deps.settings.analysis }),
  };
}
export type Activities = ReturnType<typeof createActivities>;
