import type { AnalysisStepResult } from '../contracts/runs.js';
import { readDailySeries } from '../store/series.js';
import { saveTrends, type TrendRow } from '../store/trends.js';
import {
  scopeContentIds,
  walkBatches,
  type AnalysisDeps,
  type AnalysisStepInput,
  type BatchOutcome,
} from './analysis-step.js';
import { fewestDays } from './analysis-settings.js';
import type { TrendTask } from './analysis-tasks.js';
import { readEarlierReleases } from './earlier-releases.js';

/**
 * Trend, change points and forecast of every series in the scope, with the forecast's backtest; kept by run.
 * Below the minimum of points the row says how many days it needs instead. A release younger than 60 days is
 * forecast by the shape of what its artist published before.
 * @returns subjects: series; found: trends told; withheld: series with too few days.
 */
export async function forecastTrends(
  deps: AnalysisDeps,
  input: AnalysisStepInput,
): Promise<AnalysisStepResult> {
  const ids = await scopeContentIds(deps, input.scope);
  return walkBatches('forecastTrends', deps, input, ids, (batch) => tell(deps, input, batch));
}

async function tell(
  deps: AnalysisDeps,
  input: AnalysisStepInput,
  contentIds: readonly number[],
): Promise<BatchOutcome> {
  const { settings } = deps;
  const { seriesMetrics, forecastDays } = settings;
  const contents = await readDailySeries(deps.pool, contentIds, seriesMetrics);
  const earlier = await readEarlierReleases(deps.pool, contents, seriesMetrics, forecastDays);
  const subjects = contents.flatMap((content) =>
    Array.from(content.metrics, ([metric, values]) => ({
      contentId: content.contentId,
      task: {
        kind: 'trend',
        metric,
        startDay: content.startDay,
        values,
        breaks: content.breaks.get(metric) ?? [],
        bridges: content.bridges.get(metric) ?? [],
        minPoints: fewestDays(settings, content.platform),
        trendDays: settings.trendDays,
        forecastDays,
        publishedOn: content.publishedOn,
        earlierReleases: earlier.get(content.contentId)?.get(metric) ?? null,
      } satisfies TrendTask,
    })),
  );
  const results = await deps.threads.run(
    subjects.map(({ task }) => task),
    input.signal,
  );
  const rows = results.map((result, index): TrendRow => {
    const { withheld, ...told } = result;
    const { contentId, task } = subjects[index]!;
    return { contentId, metric: task.metric, ...told, withheldReason: withheld };
  });
  await saveTrends(deps.pool, rows, { runId: input.runId, computedAt: deps.clock.now() });
  const withheld = rows.filter((row) => row.withheldReason !== null).length;
  return { subjects: rows.length, found: rows.length - withheld, withheld };
}
