/** Stored results as the derivation of insights takes them. */
import { mean as plainMean } from 'simple-statistics';
import type { FeatureCorrelation } from '../analytics/feature-correlation.js';
import type {
  AnomalyFinding,
  ScoreFinding,
  TrendFinding,
  TrendOutlook,
} from '../analytics/insight-findings.js';
import { daysBetween } from '../analytics/calendar.js';
import { mean } from '../analytics/summary.js';
import type { Confounder, CorrelationMethod } from '../contracts/correlation-models.js';
import type { TrendAnalysis, TrendPrediction } from '../contracts/models.js';
import type { TrendStrength } from '../contracts/vocabulary.js';
import type { StoredAnomaly } from '../store/anomalies.js';
import type { CorrelationRow } from '../store/correlations.js';
import { lifetimeName, outcomeName } from './equal-age-values.js';
import type { LatestScore, ScoredRelease } from '../store/scores.js';
import type { LatestTrend } from '../store/trends.js';

/**
 * The answered tests of a family. Where a feature goes with a metric at several ages, the oldest speaks for
 * them: the younger values are a part of it. It speaks for the lifetime total too, which mixes ages.
 */
export function correlationFindings(
  rows: readonly CorrelationRow[],
  agesInDays: readonly number[],
  significanceLevel: number,
): FeatureCorrelation[] {
  const significant = new Set(rows.filter((row) => row.significant).map(testOf));
  const isToldAfter = (row: CorrelationRow, metric: string, ageDays: number): boolean =>
    agesInDays.some(
      (older) => older > ageDays && significant.has(testOf({ ...row, metric: outcomeName(metric, older) })),
    );
  const isRepeated = (row: CorrelationRow): boolean => {
    const lifetime = lifetimeName('');
    if (row.metric.startsWith(lifetime)) return isToldAfter(row, row.metric.slice(lifetime.length), 0);
    return agesInDays.some((younger) => {
      const suffix = outcomeName('', younger);
      return row.metric.endsWith(suffix) && isToldAfter(row, row.metric.slice(0, -suffix.length), younger);
    });
  };
  return rows.filter((row) => !isRepeated(row)).flatMap((row) => correlationFinding(row, significanceLevel));
}

function testOf({ feature, metric, method }: Pick<CorrelationRow, 'feature' | 'metric' | 'method'>): string {
  return JSON.stringify([feature, metric, method]);
}

/** A stored test as the analysis told it; empty where it was withheld. */
function correlationFinding(row: CorrelationRow, significanceLevel: number): FeatureCorrelation[] {
  const { coefficient, pValue, adjustedP, confidence, strength, direction, interpretation } = row;
  if (coefficient === null || pValue === null || adjustedP === null || confidence === null) return [];
  if (strength === null || direction === null || interpretation === null) return [];
  return [
    {
      feature: row.feature,
      metric: row.metric,
      method: row.method as CorrelationMethod,
      version: Number(row.methodVersion),
      correlation_coefficient: coefficient,
      p_value: pValue,
      adjusted_p_value: adjustedP,
      strength: strength as TrendStrength,
      direction: direction as FeatureCorrelation['direction'],
      significance_level: significanceLevel,
      significant: row.significant,
      sample_size: row.sampleSize,
      confidence_interval: confidence,
      interpretation,
      effect: row.effect,
      confounded_by: row.confoundedBy as Confounder[],
    },
  ];
}

/** Metrics worth advice; the others follow them. */
export const mainMetrics: ReadonlySet<string> = new Set(['views', 'streams']);
/** A period that begins this soon after publication falls by the launch's own decay. */
const decayDays = 60;

/** A stored trend as insights take it; empty where it was withheld, and where it is but a launch's decay. */
export function trendFinding(row: LatestTrend): TrendFinding[] {
  if (row.analysis === null || !mainMetrics.has(row.metric) || isLaunchDecay(row)) return [];
  const { overall_direction, strength, statistical_metrics } = row.analysis;
  const low = statistical_metrics['growth_low'] ?? null;
  const high = statistical_metrics['growth_high'] ?? null;
  return [
    {
      ...nameOf(row),
      metric: row.metric,
      direction: overall_direction,
      strength,
      growth: statistical_metrics['growth'] ?? null,
      growthInterval: low === null || high === null ? null : [low, high],
      pValue: statistical_metrics['p_value'] ?? 1,
      outlook: outlookOf(row.analysis),
    },
  ];
}

function isLaunchDecay({ analysis, publishedOn, periodStart }: LatestTrend): boolean {
  if (analysis?.overall_direction !== 'falling' || publishedOn === null || periodStart === null) return false;
  return daysBetween(publishedOn, periodStart) < decayDays;
}

/**
 * The mean of the days ahead over that of as many days behind, less 1, with the means of the days' own 95 % limits:
 * those of a mean were narrower only if the days' errors were independent. Null without either side.
 */
export function outlookOf({ predictions, trend_points }: TrendAnalysis): TrendOutlook | null {
  const days = predictions.length;
  if (days === 0) return null;
  const recent = mean(Float64Array.from(trend_points.slice(-days), ({ value }) => value ?? Number.NaN));
  const change = (pick: (prediction: TrendPrediction) => number): number =>
    plainMean(predictions.map(pick)) / recent - 1;
  const told = {
    change: change(({ value }) => value),
    low: change(({ lower_95 }) => lower_95),
    high: change(({ upper_95 }) => upper_95),
  };
  return recent > 0 && Object.values(told).every(Number.isFinite) ? { ...told, days, recent } : null;
}

/** A stored anomaly as insights take it; empty for a day without a value of its own. */
export function anomalyFinding(row: StoredAnomaly): AnomalyFinding[] {
  const { metric, day, kind, direction, value, expected, lower, upper, score, span } = row;
  if (value === null) return [];
  return [{ ...nameOf(row), metric, day, kind, direction, value, expected, lower, upper, score, span }];
}

function nameOf(row: { contentKey: string; platform: string; title: string | null }): {
  contentKey: string;
  platform: string;
  title: string;
} {
  return { contentKey: row.contentKey, platform: row.platform, title: row.title ?? row.contentKey };
}

/** One finding a release: its score at the oldest age that has one. */
export function scoreFindings(
  scores: readonly LatestScore[],
  releases: readonly ScoredRelease[],
): ScoreFinding[] {
  const contents = new Map(releases.map((release) => [release.releaseId, release.contents]));
  const oldest = new Map<number, ScoreFinding>();
  for (const { releaseId, title, score, ageDays, peers, contributions } of scores) {
    const other = oldest.get(releaseId);
    if (score === null || (other !== undefined && other.ageDays > ageDays)) continue;
    const contentKeys = (contents.get(releaseId) ?? []).map(({ key }) => key);
    oldest.set(releaseId, { releaseId, title, score, ageDays, peers, contentKeys, contributions });
  }
  return Array.from(oldest.values());
}
