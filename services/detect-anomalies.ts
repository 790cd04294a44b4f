import { replaceAnomalies, type AnomalyRow, type JudgedSeries } from '../store/anomalies.js';
import { inTransaction } from '../store/queryable.js';
import { readDailySeries } from '../store/series.js';
import type { AnalysisStepResult } from '../contracts/runs.js';
import {
  scopeContentIds,
  walkBatches,
  type AnalysisDeps,
  type AnalysisStepInput,
  type BatchOutcome,
} from './analysis-step.js';
import type { AnomalyTask } from './analysis-tasks.js';

/**
 * Judges every final day of every series in the scope by the days before it. Not across a change of the
 * metric's definition; a platform's correction is a gap and no event. Stored anomalies of the judged series
 * become those found now; again over the same days changes no row.
 * @returns subjects: series; found: anomalies; withheld: series with too few days.
 */
export async function detectAnomalies(
  deps: AnalysisDeps,
  input: AnalysisStepInput,
): Promise<AnalysisStepResult> {
  const ids = await scopeContentIds(deps, input.scope);
  return walkBatches('detectAnomalies', deps, input, ids, (batch) => judge(deps, input, batch));
}

async function judge(
  deps: AnalysisDeps,
  input: AnalysisStepInput,
  contentIds: readonly number[],
): Promise<BatchOutcome> {
  const contents = await readDailySeries(deps.pool, contentIds, deps.settings.seriesMetrics);
  const subjects = contents.flatMap((content) =>
    Array.from(content.metrics, ([metric, values]) => ({
      contentId: content.contentId,
      task: {
        kind: 'anomalies',
        metric,
        publishedOn: content.publishedOn,
        startDay: content.startDay,
        values,
        breaks: content.breaks.get(metric) ?? [],
      } satisfies AnomalyTask,
    })),
  );
  const findings = await deps.threads.run(
    subjects.map(({ task }) => task),
    input.signal,
  );
  const judged: JudgedSeries[] = [];
  const rows: AnomalyRow[] = [];
  let withheld = 0;
  findings.forEach((finding, index) => {
    const { contentId, task } = subjects[index]!;
    const { method, methodVersion, from, to } = finding;
    if (finding.withheld !== null) withheld++;
    judged.push({ contentId, metric: task.metric, method, from, to });
    for (const anomaly of finding.anomalies) {
      rows.push({ contentId, metric: task.metric, method, methodVersion, ...anomaly });
    }
  });
  await inTransaction(deps.pool, (client) =>
    replaceAnomalies(client, judged, rows, { runId: input.runId, foundAt: deps.clock.now() }),
  );
  return { subjects: subjects.length, found: rows.length, withheld };
}
