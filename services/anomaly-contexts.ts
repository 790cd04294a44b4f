import { daysBetween } from '../analytics/calendar.js';
import { anomalyVersion } from '../analytics/anomalies.js';
import { simulateAnomalies, type ReplayedSeries } from '../analytics/anomaly-simulation.js';
import {
  commonScores,
  fewestInGroup,
  type CommonScores,
  type ScoredSeries,
} from '../analytics/shared-events.js';
import {
  latestContentIds,
  readAnomalyDetectors,
  storeAnomalyDetector,
  type AnomalyDetector,
} from '../store/anomaly-detectors.js';
import { readDailySeries, type ContentSeries } from '../store/series.js';
import type { AnalysisDeps, AnalysisStepInput } from './analysis-step.js';
import { anomalyMethod, type AnomalyReplayTask, type AnomalyTask } from './analysis-tasks.js';

/** What judging an artist's series takes beside the series. */
export interface AnomalyContext {
  /** By metric. */
  detectors: ReadonlyMap<string, AnomalyDetector>;
  /** Scores that the artist's series of a metric on a platform have in common, by `commonKey`. */
  common: ReadonlyMap<string, CommonScores>;
}

export function commonKey(platform: string, metric: string): string {
  return `${platform} ${metric}`;
}

const epoch = '1970-01-01';

/** Days since 1970. */
export function dayNumber(day: string): number {
  return daysBetween(epoch, day);
}

/** Contents of an artist, the latest ones, that a simulation and a day's common score are told from. */
const sampledContents = 200;
/** Years of series below which a simulation is repeated whenever there are more. */
const enoughSeriesYears = 1;

interface SampledSeries {
  content: ContentSeries;
  metric: string;
  values: Float64Array;
}

/**
 * The detectors of an artist, simulated over history where there are none yet, they are of an older version or
 * knew less than a year of series; and what the artist's series have in common on each day.
 */
export async function anomalyContext(
  deps: AnalysisDeps,
  input: AnalysisStepInput,
  artistId: number,
): Promise<AnomalyContext> {
  const sampled = await readDailySeries(
    deps.pool,
    await latestContentIds(deps.pool, artistId, sampledContents),
    deps.settings.seriesMetrics,
  );
  const byMetric = new Map<string, SampledSeries[]>();
  for (const content of sampled) {
    for (const [metric, values] of content.metrics) {
      const series = byMetric.get(metric);
      if (series === undefined) byMetric.set(metric, [{ content, metric, values }]);
      else series.push({ content, metric, values });
    }
  }
  const stored = await readAnomalyDetectors(deps.pool, artistId, anomalyMethod);
  const detectors = new Map(stored.map((detector) => [detector.metric, detector]));
  const common = new Map<string, CommonScores>();
  for (const [metric, series] of byMetric) {
    const known = detectors.get(metric);
    const isSettled =
      known?.methodVersion === String(anomalyVersion) && known.seriesYears >= enoughSeriesYears;
    const detector = isSettled ? known : await simulate(deps, input, artistId, series);
    detectors.set(metric, detector);
    if (detector.enabled) await addCommon(deps, input, series, detector.threshold, common);
  }
  return { detectors, common };
}

function taskOf({ content, metric, values }: SampledSeries, minPoints: number): Omit<AnomalyTask, 'kind'> {
  return { metric, startDay: content.startDay, values, breaks: content.breaks.get(metric) ?? [], minPoints };
}

async function simulate(
  deps: AnalysisDeps,
  input: AnalysisStepInput,
  artistId: number,
  series: readonly SampledSeries[],
): Promise<AnomalyDetector> {
  const replays = await deps.threads.run(
    series.map((one): AnomalyReplayTask => ({
      kind: 'anomaly-replay',
      ...taskOf(one, deps.settings.minAnomalyPoints),
    })),
    input.signal,
  );
  const replayed = replays.flatMap((replay, index): ReplayedSeries[] => {
    const { contentId, platform, startDay } = series[index]!.content;
    return replay === null ? [] : [{ id: contentId, group: platform, start: dayNumber(startDay), ...replay }];
  });
  const simulation = simulateAnomalies(replayed, anomalyMethod, deps.settings.anomalyBudget);
  const { chosen } = simulation;
  const detector: AnomalyDetector = {
    artistId,
    metric: series[0]!.metric,
    method: simulation.method,
    methodVersion: String(simulation.version),
    threshold: chosen.threshold,
    enabled: simulation.enabled,
    reason: simulation.reason,
    alertsPerSeriesYear: chosen.alertsPerSeriesYear,
    sharedPerSeriesYear: chosen.sharedPerSeriesYear,
    seriesWithAlerts: chosen.seriesWithAlerts,
    budget: simulation.budget,
    series: simulation.series,
    seriesYears: simulation.seriesYears,
    worstContentId: chosen.worst?.id ?? null,
    worstAlerts: chosen.worst?.alerts ?? null,
  };
  const simulatedAt = deps.clock.now();
  await storeAnomalyDetector(deps.pool, detector, { runId: input.runId, simulatedAt });
  const { metric, threshold, enabled, reason, alertsPerSeriesYear, seriesYears } = detector;
  deps.logger.info(
    { artistId, metric, threshold, enabled, reason, alertsPerSeriesYear, seriesYears },
    'anomaly detector simulated over history',
  );
  return detector;
}

async function addCommon(
  deps: AnalysisDeps,
  input: AnalysisStepInput,
  series: readonly SampledSeries[],
  threshold: number,
  common: Map<string, CommonScores>,
): Promise<void> {
  if (series.length < fewestInGroup) return;
  const findings = await deps.threads.run(
    series.map((one): AnomalyTask => ({
      ...{ kind: 'anomalies', threshold },
      ...taskOf(one, deps.settings.minAnomalyPoints),
    })),
    input.signal,
  );
  const groups = new Map<string, ScoredSeries[]>();
  findings.forEach(({ score }, index) => {
    const { content, metric } = series[index]!;
    const key = commonKey(content.platform, metric);
    const scored = { start: dayNumber(content.startDay), score };
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [scored]);
    else group.push(scored);
  });
  for (const [key, group] of groups) common.set(key, commonScores(group));
}
