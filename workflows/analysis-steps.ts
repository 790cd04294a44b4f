/** Running steps of the analysis chain, one after another, each on its own feet. */
import { isCancellation, setCurrentDetails } from '@temporalio/workflow';
import type { AnalysisScope, AnalysisStepName, AnalysisStepResult } from '../contracts/runs.js';
import { scopeText } from '../contracts/run-descriptions.js';
import { analysisActivities } from './activities.js';
import { failureDetails, markFailed } from './failure-details.js';

const stepTitles: Record<AnalysisStepName, string> = {
  detectAnomalies: 'Anomalies on completed days',
  forecastTrends: 'Trends and forecasts',
  correlateFeatures: 'Features against outcomes',
  generateInsights: 'Insights',
  scoreReleases: 'Release scores at equal age',
  feedStockSources: 'Scores into the stock tracker',
};

export interface ChainOutcome {
  steps: AnalysisStepResult[];
  state: 'succeeded' | 'partial' | 'failed';
  /** What to throw when no step succeeded. */
  failure: unknown;
}

/** A failed step is a result of its own; the steps after it read the latest successful results of its kind. */
export async function runSteps(
  runId: string,
  scope: AnalysisScope,
  names: readonly AnalysisStepName[],
): Promise<ChainOutcome> {
  const activities = analysisActivities();
  const steps: AnalysisStepResult[] = [];
  let failure: unknown = null;
  for (const step of names) {
    try {
      const summary = `${stepTitles[step]}: ${scopeText(scope)}`;
      steps.push(await activities[step].executeWithOptions({ summary }, [{ runId, scope }]));
    } catch (error) {
      if (isCancellation(error)) throw error;
      failure = markFailed(error);
      const { kind, message } = failureDetails(error);
      steps.push({
        step,
        state: 'failed',
        subjects: 0,
        found: 0,
        withheld: 0,
        failure: `${kind}: ${message}`,
      });
    }
    setCurrentDetails(steps.map(stepLine).join('\n'));
  }
  const failed = steps.filter(({ state }) => state === 'failed').length;
  const state = failed === 0 ? 'succeeded' : failed < steps.length ? 'partial' : 'failed';
  return { steps, state, failure };
}

function stepLine({ step, state, subjects, found, withheld, failure }: AnalysisStepResult): string {
  if (state === 'failed') return `- **${stepTitles[step]}:** failed, ${failure ?? ''}`;
  return `- **${stepTitles[step]}:** ${found} found over ${subjects}, ${withheld} withheld`;
}
