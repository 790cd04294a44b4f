import { isShared } from '../analytics/shared-events.js';
import { replaceAnomalies, type AnomalyRow } from '../store/anomalies.js';
import { saveJudgedSeries, type JudgedSeries } from '../store/judged-series.js';
import { inTransaction } from '../store/queryable.js';
import { readDailySeries, type ContentSeries } from '../store/series.js';
import type { AnalysisStepResult } from '../contracts/runs.js';
import {
  scopeContentIds,
  walkBatches,
  type AnalysisDeps,
  type AnalysisStepInput,
  type BatchOutcome,
} from './analysis-step.js';
import type { AnomalyFindings, AnomalyTask } from './analysis-tasks.js';
import { anomalyContext, commonKey, dayNumber, type AnomalyContext } from './anomaly-contexts.js';

/** Of a content that no artist has. */
const noContext: AnomalyContext = { detectors: new Map(), common: new Map() };

/**
 * Judges every final day of every series in the scope by the days before it. Not across a change of the
 * metric's definition; a platform's correction is a gap and no event. The threshold is the one that a simulation
 * over the artist's history of the metric gave; where even the strictest raises too many, nothing is raised. An
 * alert that most of the artist's series on the platform have that day is marked as shared. Stored anomalies of
 * the judged series become those found now; again over the same days changes no row.
 * @returns subjects: series; found: anomalies; withheld: series with too few days, and of detectors not enabled.
 */
export async function detectAnomalies(
  deps: AnalysisDeps,
  input: AnalysisStepInput,
): Promise<AnalysisStepResult> {
  const ids = await scopeContentIds(deps, input.scope);
  const contexts = new Map<number, AnomalyContext>();
  const contextOf = async (artistId: number | null): Promise<AnomalyContext> => {
    if (artistId === null) return noContext;
    const context = contexts.get(artistId) ?? (await anomalyContext(deps, input, artistId));
    contexts.set(artistId, context);
    return context;
  };
  return walkBatches('detectAnomalies', deps, input, ids, (batch) => judge(deps, input, batch, contextOf));
}

interface Subject {
  content: ContentSeries;
  context: AnomalyContext;
  task: AnomalyTask;
}

async function judge(
  deps: AnalysisDeps,
  input: AnalysisStepInput,
  contentIds: readonly number[],
  contextOf: (artistId: number | null) => Promise<AnomalyContext>,
): Promise<BatchOutcome> {
  const contents = await readDailySeries(deps.pool, contentIds, deps.settings.seriesMetrics);
  const subjects: Subject[] = [];
  for (const content of contents) {
    const context = await contextOf(content.artistId);
    for (const [metric, values] of content.metrics) {
      const detector = context.detectors.get(metric);
      const task: AnomalyTask = {
        kind: 'anomalies',
        metric,
        startDay: content.startDay,
        values,
        breaks: content.breaks.get(metric) ?? [],
        minPoints: deps.settings.minAnomalyPoints,
        ...(detector === undefined ? {} : { threshold: detector.threshold }),
      };
      subjects.push({ content, context, task });
    }
  }
  const findings = await deps.threads.run(
    subjects.map(({ task }) => task),
    input.signal,
  );
  const judged: JudgedSeries[] = [];
  const rows: AnomalyRow[] = [];
  let withheld = 0;
  findings.forEach((finding, index) => {
    const { content, context, task } = subjects[index]!;
    const { method, methodVersion, parameters, points, from, to } = finding;
    const detector = context.detectors.get(task.metric);
    const isOff = detector?.enabled === false;
    const withheldReason = isOff ? (detector.reason ?? 'the detector is off') : finding.withheld;
    judged.push({
      ...{ contentId: content.contentId, metric: task.metric, method, methodVersion, from, to, points },
      ...{ parameters: isOff ? null : parameters, withheldReason },
    });
    if (withheldReason !== null) withheld++;
    if (!isOff) rows.push(...rowsOf(subjects[index]!, finding));
  });
  const at = deps.clock.now();
  await inTransaction(deps.pool, async (client) => {
    await replaceAnomalies(client, judged, rows, { runId: input.runId, foundAt: at });
    await saveJudgedSeries(client, judged, { runId: input.runId, judgedAt: at });
  });
  return { subjects: subjects.length, found: rows.length, withheld };
}

function rowsOf({ content, context, task }: Subject, finding: AnomalyFindings): AnomalyRow[] {
  const { method, methodVersion, threshold } = finding;
  const common = context.common.get(commonKey(content.platform, task.metric));
  return finding.anomalies.map((anomaly) => ({
    contentId: content.contentId,
    metric: task.metric,
    method,
    methodVersion,
    ...anomaly,
    shared: common !== undefined && isShared(anomaly.score, dayNumber(anomaly.day), common, threshold),
  }));
}
