/** The library: what programs that import the package use. */
export { AnalyticsDashboard } from './analytics-dashboard.js';
export { BadInputError } from './bad-input.js';
export { BenchmarkService } from './benchmarks.js';
export { CorrelationAnalyzer } from './correlation-analyzer.js';
export { EngagementTracker } from './engagement-tracker.js';
export { ExperimentService } from './experiments.js';
export { InsightService } from './insight-service.js';
export {
  PerformanceAnalyticsManager,
  type AnalyticsManagerOptions,
} from './performance-analytics-manager.js';
export { PerformanceDbError, PerformanceService } from './performance-service.js';
export { ScoreService } from './release-scores.js';
export { StockSuccessTracker } from './stock-tracker.js';
export { UnknownTimeframeError } from './timeframe.js';
export { TrendAnalyzer } from './trend-analyzer.js';
export { StoreError } from '../store/errors.js';
export {
  ContentFeature,
  DashboardTimeframe,
  MetricType,
  PerformanceMetric,
  Platform,
  TrendDirection,
  TrendStrength,
} from '../contracts/vocabulary.js';
export type {
  CorrelationResult,
  EngagementSnapshot,
  OptimizationInsight,
  TrendAnalysis,
  TrendPoint,
} from '../contracts/models.js';
