/** The analyses' CPU work; pure, so that it can run in any thread. Inputs and results are cloneable. */
import { addDays, daysBetween } from '../analytics/calendar.js';
import { anomalyVersion, defaultThresholds, detectAnomalies } from '../analytics/anomalies.js';
import { countFinite } from '../analytics/summary.js';
import type { Anomaly } from '../analytics/anomaly-result.js';
import { replaySeries, type ReplayedSeries } from '../analytics/anomaly-simulation.js';
import { correlateFeatures, type CorrelationFamily } from '../analytics/feature-correlation.js';
import { featureImportance, type ImportanceAnalysis } from '../analytics/feature-importance.js';
import type { FeatureTable } from '../analytics/feature-table.js';
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
  /** The method's own unless told. */
  threshold?: number;
  /** Days with a value that a judgement needs before it; 14 unless told, and at least. */
  minPoints?: number;
}

/** The same series at every threshold that a detector may come to use. */
export interface AnomalyReplayTask extends SeriesTask {
  kind: 'anomaly-replay';
  minPoints?: number;
}

export interface TrendTask extends SeriesTask, TrendSubject {
  kind: 'trend';
}

/** How the features of an artist's contents go with their outcomes. */
export interface AssociationTask {
  kind: 'association';
  table: FeatureTable;
  significanceLevel: number;
  /** 10 unless told. */
  minContents?: number;
}

export type AnalysisTask = AnomalyTask | AnomalyReplayTask | TrendTask | AssociationTask;

export interface DatedAnomaly extends Omit<Anomaly, 'index'> {
  day: string;
}

export interface AnomalyFindings {
  method: string;
  methodVersion: string;
  threshold: number;
  /** What the series was judged by; null where nothing was judged. */
  parameters: Record<string, number> | null;
  /** Days with a value. */
  points: number;
  /** First and last day of the series. */
  from: string;
  to: string;
  /** One a day, signed; empty where nothing was judged. */
  score: Float64Array;
  anomalies: DatedAnomaly[];
  /** Why nothing was judged; null where it was. */
  withheld: string | null;
}

/** Null where a series has too few days to be judged. */
export type AnomalyReplay = Pick<ReplayedSeries, 'n' | 'steps'> | null;

export interface Associations {
  family: CorrelationFamily;
  importance: ImportanceAnalysis;
}

interface ResultsByKind {
  anomalies: AnomalyFindings;
  'anomaly-replay': AnomalyReplay;
  trend: AssembledTrend;
  association: Associations;
}

export type AnalysisTaskResult<T extends AnalysisTask> = ResultsByKind[T['kind']];

/** How much there is to a task: values that are gone through, a feature's once with each outcome. */
export function taskSize(task: AnalysisTask): number {
  if (task.kind !== 'association') return task.values.length;
  const { contentIds, numeric, categorical, outcomes } = task.table;
  return contentIds.length * (numeric.size + categorical.size) * outcomes.size;
}

export const anomalyMethod = 'seasonal';

function findAnomalies(task: AnomalyTask): AnomalyFindings {
  const { startDay, values, threshold = defaultThresholds[anomalyMethod] } = task;
  const result = detectAnomalies(values, {
    ...{ mode: anomalyMethod, threshold, breaks: breakIndices(task) },
    ...(task.minPoints === undefined ? {} : { minPoints: task.minPoints }),
  });
  const judged = {
    method: anomalyMethod,
    methodVersion: String(anomalyVersion),
    threshold,
    points: countFinite(values),
    from: startDay,
    to: addDays(startDay, values.length - 1),
  };
  if ('withheld' in result) {
    const nothing = { parameters: null, score: new Float64Array(0), anomalies: [] };
    return { ...judged, ...nothing, withheld: result.withheld };
  }
  const anomalies = result.anomalies.map(({ index, ...anomaly }) => ({
    ...anomaly,
    day: addDays(startDay, index),
  }));
  const { refractoryDays, minPoints } = result.parameters;
  const parameters = { threshold, refractory_days: refractoryDays, min_points: minPoints };
  return { ...judged, parameters, score: result.score, anomalies, withheld: null };
}

function breakIndices({ startDay, breaks }: SeriesTask): number[] {
  return breaks.map((day) => daysBetween(startDay, day));
}

function resultOf(task: AnalysisTask): AnalysisTaskResult<AnalysisTask> {
  switch (task.kind) {
    case 'anomalies':
      return findAnomalies(task);
    case 'anomaly-replay':
      return replaySeries(task.values, anomalyMethod, breakIndices(task), task.minPoints);
    case 'trend':
      return assembleTrend(task);
    case 'association':
      return {
        family: correlateFeatures(task.table, {
          significanceLevel: task.significanceLevel,
          ...(task.minContents === undefined ? {} : { minContents: task.minContents }),
        }),
        importance: featureImportance(task.table),
      };
  }
}

/** Runs one task here and now. */
export function runAnalysisTask<T extends AnalysisTask>(task: T): AnalysisTaskResult<T> {
  return resultOf(task) as AnalysisTaskResult<T>;
}
