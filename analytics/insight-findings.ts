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
