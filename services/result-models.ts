/** Stored results of the analyses as callers read them: each with method, version, parameters and points. */
import type { AssociationDetail, Confounder } from '../contracts/correlation-models.js';
import type { SeasonalityPattern, TrendChangePoint, TrendPrediction } from '../contracts/models.js';
import type { FeatureEffect } from '../analytics/feature-tests.js';
import type { CorrelationRow } from '../store/correlations.js';
import type { LatestTrend } from '../store/trends.js';

interface ContentResult {
  content_id: string;
  title: string | null;
  release_id: number | null;
  platform: string;
  metric_name: string;
  run_id: string;
  /** Null where there is no result. */
  method: string | null;
  version: string | null;
  /** Null for a result from before they were kept. */
  parameters: Record<string, unknown> | null;
  /** Days with a value. */
  points: number;
  /** Why there is no result; null where there is one. */
  withheld: string | null;
}

export interface ListedTrend extends ContentResult {
  time_period: [start: string, end: string] | null;
  direction: string | null;
  strength: string | null;
  /** A day. */
  slope: number | null;
  slope_interval: [low: number, high: number] | null;
  r_squared: number | null;
  volatility: number | null;
  /** Last week over first, less 1. */
  growth: number | null;
  growth_interval: [low: number, high: number] | null;
  seasonality_patterns: SeasonalityPattern[];
  change_points: TrendChangePoint[];
  key_insights: string[];
}

export interface ListedForecast extends ContentResult {
  predictions: TrendPrediction[];
  /** Parts of the ensemble; they add up to 1. */
  weights: Record<string, number> | null;
  /** What it would have been worth in the past, beside the seasonal naive forecast. */
  backtest: Record<string, unknown> | null;
}

export interface UnjudgedSeries {
  content_id: string;
  title: string | null;
  platform: string;
  metric: string;
  method: string;
  version: string;
  parameters: Record<string, number> | null;
  points: number;
  time_period: [start: string, end: string];
  withheld: string;
}

export interface ListedCorrelation {
  /** Null where it was computed over a choice of contents. */
  artist_id: number | null;
  run_id: string | null;
  feature: string;
  metric: string;
  method: string;
  version: string;
  parameters: Record<string, unknown> | null;
  /** Null where withheld; of an importance, what a model of all features loses without it. */
  correlation_coefficient: number | null;
  p_value: number | null;
  adjusted_p_value: number | null;
  confidence_interval: [low: number, high: number] | null;
  sample_size: number;
  strength: string | null;
  direction: string | null;
  significant: boolean;
  interpretation: string | null;
  confounded_by: Confounder[];
  effect: FeatureEffect | null;
  withheld: string | null;
}

function resultOf(row: LatestTrend): Omit<ContentResult, 'method' | 'version' | 'parameters' | 'withheld'> {
  return {
    content_id: row.contentKey,
    title: row.title,
    release_id: row.releaseId,
    platform: row.platform,
    metric_name: row.metric,
    run_id: row.runId,
    points: row.points,
  };
}

/** A stored trend, without its points and forecast. */
export function toTrend(row: LatestTrend): ListedTrend {
  const { analysis, periodStart, periodEnd } = row;
  const figure = (name: string): number | null => analysis?.statistical_metrics[name] ?? null;
  const interval = (name: string): [number, number] | null => {
    const [low, high] = [figure(`${name}_low`), figure(`${name}_high`)];
    return low === null || high === null ? null : [low, high];
  };
  return {
    ...resultOf(row),
    ...{ method: row.method, version: row.methodVersion },
    parameters: row.parameters ?? analysis?.parameters ?? null,
    withheld: row.withheldReason,
    time_period: periodStart === null || periodEnd === null ? null : [periodStart, periodEnd],
    direction: analysis?.overall_direction ?? null,
    strength: analysis?.strength ?? null,
    slope: row.slope,
    slope_interval: interval('slope'),
    r_squared: figure('r_squared'),
    volatility: figure('volatility'),
    growth: figure('growth'),
    growth_interval: interval('growth'),
    seasonality_patterns: analysis?.seasonality_patterns ?? [],
    change_points: analysis?.change_points ?? [],
    key_insights: analysis?.key_insights ?? [],
  };
}

/** A stored trend's forecast, whose method is its own and not the trend's. */
export function toForecast(row: LatestTrend): ListedForecast {
  const { method, version, parameters, n, weights, withheld, ...backtest } = row.backtest ?? {};
  const noForecast = row.predictions.length === 0;
  return {
    ...resultOf(row),
    ...(typeof n === 'number' ? { points: n } : {}),
    method: typeof method === 'string' ? method : null,
    version: typeof version === 'number' ? String(version) : null,
    parameters: isRecord(parameters) ? parameters : null,
    withheld: typeof withheld === 'string' ? withheld : noForecast ? row.withheldReason : null,
    predictions: row.predictions,
    weights: isRecord(weights) ? (weights as Record<string, number>) : null,
    backtest: noForecast ? null : backtest,
  };
}

/** A stored test or importance; those of a choice of contents have neither artist nor run. */
export function toListedCorrelation(
  row: CorrelationRow,
  { artistId, runId }: { artistId: number | null; runId: string | null },
): ListedCorrelation {
  const { parameters } = (row.detail ?? {}) as Partial<Pick<AssociationDetail, 'parameters'>>;
  return {
    ...{ artist_id: artistId, run_id: runId, feature: row.feature, metric: row.metric },
    ...{ method: row.method, version: row.methodVersion, parameters: parameters ?? null },
    ...{ correlation_coefficient: row.coefficient, p_value: row.pValue, adjusted_p_value: row.adjustedP },
    ...{ confidence_interval: row.confidence, sample_size: row.sampleSize, strength: row.strength },
    ...{ direction: row.direction, significant: row.significant, interpretation: row.interpretation },
    ...{ confounded_by: row.confoundedBy as Confounder[], effect: row.effect, withheld: row.withheldReason },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
