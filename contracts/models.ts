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
  period: 'weekly' | 'monthly' | 'daily';
  /** Share of the detrended variance that the pattern explains, 0..1. */
  strength: number;
  p_value: number;
  /** Multiplicative or additive effects, one a phase (Monday first for weekly). */
  effects: number[];
}

export interface TrendChangePoint {
  timestamp: string;
  before: number;
  after: number;
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
