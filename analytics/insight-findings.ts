/** What insights are made of, and what they are: plain records from the other analyses. */
import type { OptimizationInsight } from '../contracts/models.js';
import type { TrendDirection, TrendStrength } from '../contracts/vocabulary.js';

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
  /** Change that is forecast for the coming days against the last ones, as a fraction; null without a forecast. */
  outlook: TrendOutlook | null;
}

export interface TrendOutlook {
  /** Fraction, with the limits that the mean of the days' own 95 % limits gives. */
  change: number;
  low: number;
  high: number;
  /** Days ahead, and the mean of as many days behind. */
  days: number;
  recent: number;
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
  /** Days up to `day` that value and range are means of. */
  span: number;
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
  contributions: readonly {
    platform: string;
    metric: string;
    percentile: number;
    weight: number;
    points: number;
  }[];
}

/** A content's value at an age against those of its peers. */
export interface BenchmarkFinding extends ContentName {
  metric: string;
  ageDays: number;
  value: number;
  p30: number;
  median: number;
  p70: number;
  /** Contents that the percentiles come from. */
  peers: number;
  /** The team's own, or one from elsewhere. */
  origin: 'own' | 'external';
}

/** How a metric at equal age differs between two platforms. */
export interface PlatformFinding {
  metric: string;
  /** The platform with the higher mean, and the other. */
  platform: string;
  other: string;
  /** The higher mean over the lower less 1, with 95 % limits. */
  relative: number;
  low: number;
  high: number;
  adjustedP: number;
  contents: number;
}

/** An A/B test that came to an answer. */
export interface ExperimentFinding {
  name: string;
  metric: string;
  winner: string;
  control: string;
  /** Relative lift of the winner over the control, with the limits of the test's confidence. */
  lift: number;
  low: number;
  high: number;
  /** 1 − the test's level. */
  confidence: number;
  observations: number;
  contentKeys: readonly string[];
}
