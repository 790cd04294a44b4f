import type { AnalysisScope, AnalysisStepResult } from '../../contracts/runs.js';
import type { AnalysisDeps, AnalysisProgress, AnalysisStep } from '../../services/analysis-step.js';
import { withHeartbeat } from '../heartbeat.js';

/** What every analysis activity takes; rows never pass through it. */
export interface AnalysisActivityInput {
  runId: string;
  scope: AnalysisScope;
}

export type AnalysisActivity = (input: AnalysisActivityInput) => Promise<AnalysisStepResult>;

/**
 * An activity around a step: heartbeats its progress, takes it up again after the last heartbeat's cursor, and
 * ends it when the activity is cancelled.
 */
export function analysisActivity(step: AnalysisStep, deps: AnalysisDeps): AnalysisActivity {
  return (input) =>
    withHeartbeat<AnalysisProgress, AnalysisStepResult>(({ signal, report }, resumeFrom) =>
      step(deps, { ...input, signal, resumeFrom, onProgress: report }),
    );
}
