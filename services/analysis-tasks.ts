/** The CPU work of one series; pure, so that it can run in any thread. Inputs and results are cloneable. */
import { addDays, daysBetween } from '../analytics/calendar.js';
import { anomalyVersion, detectAnomalies } from '../analytics/anomalies.js';
import type { Anomaly } from '../analytics/anomaly-result.js';
import { assembleTrend, type AssembledTrend, type TrendSubject } from './assemble-trend.js';

/** A daily series as the tables hold it: one value a day, NaN where there is none. */
interface SeriesTask {
  metric: string;
  startDay: string;
  values: Float64Array;
  /** Days on which the metric's definition changed. */
  breaks: readonly string[];
}

export interface AnomalyTask extends SeriesTask {
  kind: 'anomalies';
  /** ISO day of publication; null where unknown. */
  publishedOn: string | null;
}

export interface TrendTask extends SeriesTask, TrendSubject {
  kind: 'trend';
}

export type AnalysisTask = AnomalyTask | TrendTask;

export interface DatedAnomaly extends Omit<Anomaly, 'index'> {
  day: string;
}

export interface AnomalyFindings {
  method: string;
  methodVersion: string;
  /** First and last day of the series. */
  from: string;
  to: string;
  anomalies: DatedAnomaly[];
  /** Why nothing was judged; null where it was. */
  withheld: string | null;
}

export type AnalysisTaskResult<T extends AnalysisTask> = T extends AnomalyTask
  ? AnomalyFindings
  : AssembledTrend;

const anomalyMethod = 'seasonal';

/**
 * In a launch's first weeks the decay and the weekday pattern cannot be told apart yet: over the sandbox's
 * world 13 of 19 alerts were first weekends. Until then only what is far out of the ordinary is an alert.
 */
const launchDays = 28;
const launchThresholdFactor = 3;

function findAnomalies(task: AnomalyTask): AnomalyFindings {
  const { startDay, values } = task;
  const result = detectAnomalies(values, {
    mode: anomalyMethod,
    breaks: task.breaks.map((day) => daysBetween(startDay, day)),
  });
  const judged = {
    method: anomalyMethod,
    methodVersion: String(anomalyVersion),
    from: startDay,
    to: addDays(startDay, values.length - 1),
  };
  if ('withheld' in result) return { ...judged, anomalies: [], withheld: result.withheld };
  return {
    ...judged,
    anomalies: result.anomalies
      .map(({ index, ...anomaly }) => ({ ...anomaly, day: addDays(startDay, index) }))
      .filter(({ day, score }) => !isLaunchNoise(task.publishedOn, day, Math.abs(score) / result.threshold)),
    withheld: null,
  };
}

function isLaunchNoise(publishedOn: string | null, day: string, thresholds: number): boolean {
  return (
    publishedOn !== null && daysBetween(publishedOn, day) < launchDays && thresholds < launchThresholdFactor
  );
}

/** Runs one task here and now. */
export function runAnalysisTask<T extends AnalysisTask>(task: T): AnalysisTaskResult<T> {
  const result = task.kind === 'anomalies' ? findAnomalies(task) : assembleTrend(task);
  return result as AnalysisTaskResult<T>;
}
