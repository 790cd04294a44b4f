/**
 * What to do next, from what the analyses found: one insight a finding, ranked by expected effect × confidence ×
 * ease, with a natural key so that the same finding is the same insight on another day.
 */
import type { OptimizationInsight } from '../contracts/models.js';
import type { TrendDirection, TrendStrength } from '../contracts/vocabulary.js';
import { anomalyInsight, trendInsight } from './insight-events.js';
import { correlationInsight } from './insight-features.js';
import { scoreInsight, sourceInsight } from './insight-performance.js';
import type { FeatureCorrelation } from './feature-correlation.js';
import type { RankedSource } from './stock-ranking.js';

export const insightVersion = 1;

export interface Insight extends OptimizationInsight {
  /** What makes it the same insight on another day: type and subject, never a figure. */
  key: string;
  /** Expected effect × confidence × ease, 0..1; the highest first. */
  rank: number;
}

export interface ContentName {
  /** The content's id as callers know it. */
  contentKey: string;
  platform: string;
  title: string;
}

export interface TrendFinding extends ContentName {
  metric: string;
  direction: TrendDirection;
  strength: TrendStrength;
  /** Fraction, as in the trend's result. */
  growth: number | null;
  growthInterval: [low: number, high: number] | null;
  pValue: number;
  /** Change that is forecast for the coming days against the last ones, as a fraction. */
  outlook: number | null;
}

export interface AnomalyFinding extends ContentName {
  metric: string;
  /** ISO day. */
  day: string;
  kind: 'spike' | 'drop' | 'level' | 'silence';
  direction: 'up' | 'down';
  value: number;
  expected: number;
  lower: number;
  upper: number;
  score: number;
}

export interface ScoreFinding {
  releaseId: number;
  title: string;
  /** 0..10. */
  score: number;
  ageDays: number;
  peers: number;
  contentKeys: readonly string[];
  contributions: readonly { platform: string; metric: string; percentile: number; points: number }[];
}

export interface InsightInput {
  correlations: readonly FeatureCorrelation[];
  /** Contents that the correlations were computed over. */
  correlatedContents: readonly string[];
  trends: readonly TrendFinding[];
  /** The recent ones only: what is long over asks for nothing. */
  anomalies: readonly AnomalyFinding[];
  scores: readonly ScoreFinding[];
  sources: readonly RankedSource[];
  /** LOW_PERFORMANCE_THRESHOLD and HIGH_PERFORMANCE_THRESHOLD, on scores of 0..10. */
  lowPerformance: number;
  highPerformance: number;
}

/**
 * All insights, the highest rank first, ties by key; one a key, that of the higher rank. Empty where nothing
 * was found.
 */
export function deriveInsights(input: InsightInput): Insight[] {
  const found = [
    ...input.correlations.map((one) => correlationInsight(one, input.correlatedContents)),
    ...input.trends.map(trendInsight),
    ...input.anomalies.map(anomalyInsight),
    ...input.scores.map((one) => scoreInsight(one, input.lowPerformance, input.highPerformance)),
    ...input.sources.map((one) => sourceInsight(one, input.sources)),
  ].filter((insight) => insight !== null);
  found.sort((a, b) => b.rank - a.rank || (a.key < b.key ? -1 : 1));
  const seen = new Set<string>();
  return found.filter(({ key }) => !seen.has(key) && seen.add(key));
}
