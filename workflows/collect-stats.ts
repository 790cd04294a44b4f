import {
  CancellationScope,
  isCancellation,
  ParentClosePolicy,
  setCurrentDetails,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { describeAnalyze, windowText } from '../contracts/run-descriptions.js';
import type { AnalyzePerformanceInput, CollectStatsInput, CollectStatsResult } from '../contracts/runs.js';
import { analyzePerformance } from './analyze-performance.js';
import { controlActivities, platformActivities } from './activities.js';
import { failureDetails, markFailed } from './failure-details.js';
import { patiently } from './patience.js';
import { openRun } from './run-ledger.js';

/**
 * Collects one report of one account over a window of days: the catalogue (once a day), then the figures,
 * loaded chunk by chunk together with their coverage; then starts the analysis of what was touched.
 */
export async function collectStats(input: CollectStatsInput): Promise<CollectStatsResult> {
  const runId = await openRun({
    kind: 'collect',
    platform: input.platform,
    account: input.account,
    report: input.report,
    window: input.window,
    planId: input.planId,
  });
  try {
    const result = await collect(runId, input);
    if (input.analyze && result.contents > 0) await startAnalysis(runId);
    return result;
  } catch (error) {
    await CancellationScope.nonCancellable(() => recordFailure(runId, input, error));
    throw markFailed(error);
  }
}

async function collect(runId: string, input: CollectStatsInput): Promise<CollectStatsResult> {
  const control = controlActivities();
  const platform = platformActivities(input.platform);
  const window = windowText(input.window);
  const request = { runId, input };
  setCurrentDetails('Reading the catalogue.');
  const catalogue = await patiently('The catalogue', () =>
    platform.refreshCatalogue.executeWithOptions({ summary: `Catalogue of ${input.account}` }, [request]),
  );
  setCurrentDetails(`${catalogue.tracked} contents to ask for over ${window}.`);
  const progress = await patiently(`The ${input.report} report`, (resumeFrom) =>
    (input.report === 'counters' ? platform.collectCounters : platform.collectDaily).executeWithOptions(
      { summary: `${input.report} of ${input.account}, ${window}` },
      [{ ...request, resumeFrom }],
    ),
  );
  const { counts } = progress;
  const warnings = [...catalogue.warnings, ...progress.warnings];
  const finished = await control.finishRun.executeWithOptions({ summary: 'Close the run in the ledger' }, [
    { runId, state: 'succeeded', counts, warnings },
  ]);
  setCurrentDetails(
    `${finished.contents} contents over ${progress.coveredDays} days: ${counts.inserted} inserted, ` +
      `${counts.updated} updated, ${counts.unchanged} unchanged, ${finished.unavailable} unavailable.` +
      warnings.map((warning) => `\n- ${warning}`).join(''),
  );
  return {
    runId,
    contents: finished.contents,
    counts,
    unavailable: finished.unavailable,
    coveredDays: progress.coveredDays,
    warnings,
  };
}

async function startAnalysis(runId: string): Promise<void> {
  const input: AnalyzePerformanceInput = {
    scope: { kind: 'run', runId },
    chain: 'touched',
    cause: 'collection',
  };
  await startChild(analyzePerformance, {
    ...describeAnalyze(input, `${workflowInfo().workflowId}/run-${runId}`),
    args: [input],
    parentClosePolicy: ParentClosePolicy.ABANDON,
  });
}

async function recordFailure(runId: string, input: CollectStatsInput, error: unknown): Promise<void> {
  const control = controlActivities();
  if (isCancellation(error)) {
    setCurrentDetails('Cancelled.');
    await control.finishRun({ runId, state: 'cancelled', counts: null, warnings: [] });
    return;
  }
  const failure = failureDetails(error);
  setCurrentDetails(`Failed: ${failure.message}`);
  if (failure.kind === 'auth')
    await control.pauseAccount.executeWithOptions({ summary: `Pause ${input.account}: ${failure.kind}` }, [
      { platform: input.platform, account: input.account, reason: failure.message },
    ]);
  await control.failRun.executeWithOptions({ summary: 'Record the failure in the ledgers' }, [
    { runId, ...failure, coverage: input },
  ]);
}
