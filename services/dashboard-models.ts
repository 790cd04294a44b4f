/** What a dashboard's readings answer. */
import type { OptimizationInsight } from '../contracts/models.js';
import type { Platform } from '../contracts/vocabulary.js';
import type { StoredAnomaly } from '../store/anomalies.js';
import type { MetricSums } from '../store/engagement.js';
import type { StoredInsight } from '../store/insights.js';
import type { EngagementSummary } from './engagement-tracker.js';
import type { TrendingContent } from './trend-analyzer.js';

export interface PlatformOverview {
  platform: Platform;
  content_pieces: number;
  releases: number;
  totals: MetricSums;
  previous_totals: MetricSums;
}

export interface FoundAnomaly {
  content_id: string;
  title: string | null;
  platform: string;
  metric: string;
  day: string;
  kind: StoredAnomaly['kind'];
  direction: StoredAnomaly['direction'];
  value: number | null;
  expected: number;
  lower: number;
  upper: number;
  /** Days up to `day` that the value and what it is compared with are means of. */
  span: number;
  score: number;
  /** Most of the artist’s series on the platform moved alike that day: no event of this content’s own. */
  shared: boolean;
  run_id: string | null;
  release_id: number | null;
  method: string;
  version: string;
  /** What its series was judged by, over how many days with a value; null for a finding from before it was kept. */
  parameters: Record<string, number> | null;
  points: number | null;
}

export interface DashboardOverview {
  timeframe: string;
  time_period: [start: string, end: string];
  /** Contents that were observed in the period. */
  total_content_pieces: number;
  totals: MetricSums;
  previous_totals: MetricSums;
  platforms: PlatformOverview[];
  trending: TrendingContent[];
  anomalies: FoundAnomaly[];
  insights: OptimizationInsight[];
  /** Last ISO day with data, and when it was learnt. */
  data_through: string | null;
  collected_at: string | null;
}

export interface ContentPerformanceSummary extends EngagementSummary {
  release_id: number | null;
  /** 0..10 at the oldest age that has a score; null where there is none. */
  performance_score: number | null;
  /** The latest stored trends, by metric. */
  trends: {
    metric_name: string;
    direction: string | null;
    strength: string | null;
    withheld: string | null;
  }[];
  anomalies: FoundAnomaly[];
  insights: OptimizationInsight[];
}

export interface PlatformAnalytics extends PlatformOverview {
  timeframe: string;
  time_period: [start: string, end: string];
  top_content: TrendingContent[];
  anomalies: FoundAnomaly[];
  insights: OptimizationInsight[];
}

export interface ComparedContent {
  content_id: string;
  platform: Platform;
  title: string | null;
  /** The last value told of each metric asked for; null where it was never told. */
  metrics: Record<string, number | null>;
}

/** A stored anomaly as callers read it. */
export function toFoundAnomaly(stored: StoredAnomaly): FoundAnomaly {
  return {
    content_id: stored.contentKey,
    title: stored.title,
    platform: stored.platform,
    metric: stored.metric,
    day: stored.day,
    kind: stored.kind,
    direction: stored.direction,
    value: stored.value,
    expected: stored.expected,
    lower: stored.lower,
    upper: stored.upper,
    span: stored.span,
    score: stored.score,
    shared: stored.shared,
    run_id: stored.runId,
    release_id: stored.releaseId,
    method: stored.method,
    version: stored.methodVersion,
    parameters: stored.parameters,
    points: stored.points,
  };
}

/** A stored insight as callers read it. */
export function toInsight(stored: StoredInsight): OptimizationInsight {
  return {
    insight_type: stored.insight_type,
    priority: stored.priority,
    title: stored.title,
    description: stored.description,
    impact_prediction: stored.impact_prediction,
    implementation_difficulty: stored.implementation_difficulty,
    affected_content: stored.affected_content,
    data_supporting: stored.data_supporting,
  };
}
