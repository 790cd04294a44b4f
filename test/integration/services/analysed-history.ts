/** The analysis chain over the generated world's history, as the tests of its parts run it. */
import type { AnalysisScope, AnalysisStepName, AnalysisStepResult } from '../../../contracts/runs.js';
import type { AnalysisProgress, AnalysisStep } from '../../../services/analysis-step.js';
import { correlateFeatures } from '../../../services/correlate-features.js';
import { detectAnomalies } from '../../../services/detect-anomalies.js';
import { feedStockSources } from '../../../services/feed-stock-sources.js';
import { forecastTrends } from '../../../services/forecast-trends.js';
import { generateInsights } from '../../../services/generate-insights.js';
import { scoreReleases } from '../../../services/score-releases.js';
import { createTestDatabase } from '../../support/databases.js';
import { loadGeneratedHistory, type GeneratedHistory } from './generated-history.js';

export const chain: readonly AnalysisStep[] = [
  detectAnomalies,
  forecastTrends,
  correlateFeatures,
  generateInsights,
  scoreReleases,
  feedStockSources,
];

export interface RunOptions {
  scope?: AnalysisScope;
  id?: string;
  signal?: AbortSignal;
  resumeFrom?: AnalysisProgress | null;
  onProgress?: (progress: AnalysisProgress) => void;
}

export interface AnalysedHistory extends GeneratedHistory {
  databaseUrl: string;
  /** The run that the chain ran under. */
  runId: string;
  results: ReadonlyMap<AnalysisStepName, AnalysisStepResult>;
  run(step: AnalysisStep, options?: RunOptions): Promise<AnalysisStepResult>;
  rows<Row extends object>(sql: string, parameters?: unknown[]): Promise<Row[]>;
}

/** A database with the generated world's history, over which the whole chain ran once. */
export async function analyseGeneratedHistory(): Promise<AnalysedHistory> {
  const database = await createTestDatabase();
  const history = await loadGeneratedHistory(database.pool);
  const runId = await history.newRun();
  const results = new Map<AnalysisStepName, AnalysisStepResult>();
  const run: AnalysedHistory['run'] = (step, options = {}) =>
    step(history.deps, {
      runId: options.id ?? runId,
      scope: options.scope ?? { kind: 'all' },
      signal: options.signal ?? new AbortController().signal,
      onProgress: options.onProgress ?? (() => undefined),
      resumeFrom: options.resumeFrom ?? null,
    });
  for (const step of chain) {
    const result = await run(step);
    results.set(result.step, result);
  }
  return {
    ...history,
    databaseUrl: database.url,
    runId,
    results,
    run,
    async rows<Row extends object>(sql: string, parameters: unknown[] = []) {
      return (await database.pool.query<Row>(sql, parameters)).rows;
    },
    async close() {
      await history.close();
      await database.drop();
    },
  };
}
