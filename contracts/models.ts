/** Results that callers receive; snake_case in the library, HTTP, SQL and exports alike. */
import type { Confounder } from './correlation-models.js';
import type { TrendDirection, TrendStrength } from './vocabulary.js';

export interface EngagementSnapshot {
  content_id: string;
  platform: string;
  /** RFC 3339, UTC. */
  timestamp: string;
  metrics: Record<string, number>;
  metadata: Record<string, unknown>;
}

export interface CorrelationResult {
  feature: string;
  metric: string;
  correlation_coefficient: number;
  p_value: number;
  /** After Benjamini–Hochberg over the artist's family of tests. */
  adjusted_p_value: number;
  strength: TrendStrength;
  /** `none` where levels or hours differ without an order. */
  direction: 'positive' | 'negative' | 'none';
  significance_level: number;
  /** The adjusted p lies below the level, and neither age nor platform nor format accounts for the association. */
  significant: boolean;
  sample_size: number;
  /** At 95 %: Fisher's, or that of the test where groups are compared. */
  confidence_interval: [low: number, high: number];
  interpretation: string;
  /** What accounts for the association; empty where nothing does, absent where it was not asked. */
  confounded_by?: readonly Confounder[];
}

export interface TrendPoint {
  /** ISO day. */
  timestamp: string;
  /** Null where the day is a gap. */
  value: number | null;
}

export interface TrendPrediction {
  timestamp: string;
  value: number;
  lower_80: number;
  upper_80: number;
  lower_95: number;
  upper_95: number;
}

export interface SeasonalityPattern {
  /** The calendar's name, or the length in points (`9 points`) of a pattern that the calendar does not name. */
  period: 'weekly' | 'monthly' | 'daily' | `${number} points`;
  /** In points; the mean length of a month for the days of the month. */
  period_length: number;
  /** Share of the detrended variance that the pattern explains, 0..1. */
  strength: number;
  p_value: number;
  /** Whether the effects are factors about 1 or differences about 0. */
  multiplicative: boolean;
  /** One a phase: Monday first for weekly, the first of the month first for monthly. */
  effects: number[];
}

export interface TrendLaunch {
  /** Whether the decay has not ended before the period. */
  still_in_decay: boolean;
  /** Days from the publication until the fitted decay is at half of its first day. */
  half_life_days: number | null;
  /** First ISO day on which the decay falls by less than a fiftieth a week; null where it has not come so far. */
  until: string | null;
}

export interface TrendChangePoint {
  timestamp: string;
  /** What changed: the level, the slope, or how far the values scatter. */
  kind: 'level' | 'slope' | 'variance';
  /** Means of the stretches before and after; for `variance` their standard deviations. */
  before: number;
  after: number;
  /** after − before, and the same as a share of what was before; null where that is 0. */
  size: number;
  relative_size: number | null;
  /** 0..1. */
  confidence: number;
}

export interface TrendAnalysis {
  metric_name: string;
  time_period: [start: string, end: string];
  overall_direction: TrendDirection;
  strength: TrendStrength;
  trend_points: TrendPoint[];
  seasonality_patterns: SeasonalityPattern[];
  change_points: TrendChangePoint[];
  predictions: TrendPrediction[];
  key_insights: string[];
  statistical_metrics: Record<string, number | null>;
  /** Null where the series shows no launch. */
  launch_decay: TrendLaunch | null;
  method: string;
  method_version: string;
  /** What the method was told: fewest points, level of the tests, days looked at. */
  parameters: Record<string, number | null>;
  /** How the forecast was made and what it would have been worth in the past; absent where it is told beside. */
  backtest?: Record<string, unknown> | null;
}

export interface OptimizationInsight {
  insight_type: string;
  priority: 'low' | 'medium' | 'high';
  title: string;
  description: string;
  impact_prediction: string;
  implementation_difficulty: string;
  affected_content: string[];
  data_supporting: Record<string, unknown>;
}

export interface StockSourceRank {
  source_name: string;
  rank: number;
  score: number;
  lower: number;
  upper: number;
  releases: number;
  low_evidence: boolean;
  last_used: string | null;
}
