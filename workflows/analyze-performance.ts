import { CancellationScope } from '@temporalio/workflow';
import type {
  AnalysisStepName,
  AnalyzePerformanceInput,
  AnalyzePerformanceResult,
} from '../contracts/runs.js';
import { controlActivities } from './activities.js';
import { runSteps } from './analysis-steps.js';
import { closeUnfinished, openRun } from './run-ledger.js';

const chains: Record<AnalyzePerformanceInput['chain'], readonly AnalysisStepName[]> = {
  touched: ['detectAnomalies', 'forecastTrends', 'scoreReleases'],
  full: [
    'detectAnomalies',
    'forecastTrends',
    'correlateFeatures',
    'generateInsights',
    'scoreReleases',
    'feedStockSources',
  ],
};

/**
 * Runs the chain over a scope. The run is partial when some steps failed, and fails when all of them did.
 */
export async function analyzePerformance(input: AnalyzePerformanceInput): Promise<AnalyzePerformanceResult> {
  const control = controlActivities();
  const runId = await openRun({ kind: 'analyze' });
  try {
    const { steps, state, failure } = await runSteps(runId, input.scope, chains[input.chain]);
    if (state === 'failed') throw failure;
    const warnings = steps.flatMap((step) =>
      step.failure === null ? [] : [`${step.step}: ${step.failure}`],
    );
    await control.finishRun.executeWithOptions({ summary: 'Close the run in the ledger' }, [
      { runId, state, counts: null, warnings },
    ]);
    return { runId, steps };
  } catch (error) {
    throw await CancellationScope.nonCancellable(() => closeUnfinished(runId, error));
  }
}
