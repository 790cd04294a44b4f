/** The library: what programs that import the package use. */
export { AnalyticsDashboard } from './analytics-dashboard.js';
export { AnalysisResults, type FoundQuery, type ResultQuery } from './analysis-results.js';
export { BadInputError } from './bad-input.js';
export { BenchmarkService } from './benchmarks.js';
export { CorrelationAnalyzer } from './correlation-analyzer.js';
export { EngagementTracker } from './engagement-tracker.js';
export { ExperimentService } from './experiments.js';
export {
  listExports,
  openExport,
  requestExport,
  showExport,
  type ExportDeps,
  type OpenedExport,
  type RequestedExport,
} from './exports/background-exports.js';
export type { ExportView } from './exports/export-view.js';
export { streamDataset, type ExportStream } from './exports/stream-dataset.js';
export { ExportFileError } from './exports/write-whole-file.js';
export { InsightService } from './insight-service.js';
export type { AnalyticsManagerOptions } from './analytics-manager-options.js';
export { PerformanceAnalyticsManager } from './performance-analytics-manager.js';
export { PerformanceDbError, PerformanceService } from './performance-service.js';
export { cleanupOldData, type CleanupCounts } from './retention.js';
export { ScoreService } from './release-scores.js';
export { StockSuccessTracker } from './stock-tracker.js';
export { UnknownTimeframeError } from './timeframe.js';
export { TrendAnalyzer } from './trend-analyzer.js';
export { listenForChanges, type ChangeListener } from '../store/change-listener.js';
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
export {
  AnalyticsConfig,
  DevelopmentConfig,
  ProductionConfig,
  getConfigForEnvironment,
  getPlatformConfig,
} from '../runtime/configuration.js';
export type { ShownSetting } from '../runtime/configuration.js';
export type { PlatformConfig, PlatformOverrides } from '../runtime/platform-settings.js';
export type { Origin } from '../runtime/read-settings.js';
export type { Secret } from '../runtime/secret.js';
export type { SettingName, Settings } from '../runtime/settings.js';
export { analysisSettingsOf } from './analysis-settings.js';
export { exportDatasets, exportFormats } from '../contracts/exports.js';
export type { ExportDataset, ExportFormat, ExportRequest, ExportState } from '../contracts/exports.js';
export type { ExportStarter, StartedRun } from '../contracts/ports.js';
export type { ExportDataInput } from '../contracts/runs.js';
export type {
  CorrelationResult,
  EngagementSnapshot,
  OptimizationInsight,
  SeasonalityPattern,
  TrendAnalysis,
  TrendChangePoint,
  TrendLaunch,
  TrendPoint,
  TrendPrediction,
} from '../contracts/models.js';
export type {
  CorrelationFamily,
  FeatureAssociation,
  WithheldCorrelation,
} from '../analytics/feature-correlation.js';
export type {
  FeatureImportance,
  ImportanceAnalysis,
  ImportanceParameters,
  WithheldImportance,
} from '../analytics/feature-importance.js';
export type {
  PairedRatio,
  PlatformDifference,
  PlatformDifferences,
  PlatformPair,
  WithheldDifference,
} from '../analytics/platform-differences.js';
export type { ExploredSource } from '../analytics/stock-exploration.js';
export type { HistoryComparison, HistoryResult, PolicyResult } from '../analytics/stock-history.js';
export type { RankedSource, RankingContribution } from '../analytics/stock-ranking.js';
export type {
  AssociationDetail,
  AssociationGroup,
  Confounder,
  CorrelationMethod,
  CorrelationStratum,
  EffectSize,
  PartialCorrelation,
  StratifiedCorrelation,
  TestStatistic,
} from '../contracts/correlation-models.js';
export type { Clock } from '../contracts/ports.js';
export type { AnalysisSettings } from './analysis-settings.js';
export type { AnalyticsDeps } from './analytics-deps.js';
export type { BenchmarkServiceDeps, NewExternalBenchmark } from './benchmarks.js';
export type { AnomalyQuery, ContentAnomaly, ExplainedAnomalies } from './content-anomalies.js';
export type { Checkpoint, ContentBenchmarks, ExternalComparison } from './content-benchmarks.js';
export type {
  ComparedContent,
  ContentPerformanceSummary,
  DashboardOverview,
  FoundAnomaly,
  PlatformAnalytics,
  PlatformOverview,
} from './dashboard-models.js';
export type { EngagementSummary, EngagementTrackerDeps, PlatformMetrics } from './engagement-tracker.js';
export type {
  ExperimentDefinition,
  ExperimentEvaluation,
  ExperimentObservation,
  ToldExperiment,
} from './experiment-models.js';
export type { ExperimentServiceDeps } from './experiments.js';
export type {
  InsightQuery,
  InsightServiceDeps,
  InsightTrackRecord,
  ListedInsight,
  ShownInsight,
} from './insight-service.js';
export type { ContentAnalysis } from './content-analysis.js';
export type { FilterOptions } from './exports/export-filter.js';
export type { ExportedData, LibraryExport, LibraryExportDeps } from './exports/library-exports.js';
export type { StreamOptions } from './exports/stream-dataset.js';
export type { RetentionOptions } from './retention.js';
export type { SystemStatus } from './system-status.js';
export type { PerformanceServiceDeps } from './performance-service.js';
export type { ExplainedScore, ListedScore, ScoreServiceDeps, ScoreWeightsVersion } from './release-scores.js';
export type { ListedCorrelation, ListedForecast, ListedTrend, UnjudgedSeries } from './result-models.js';
export type { CacheStats, ResultCache } from './result-cache.js';
export type { RankingQuery, StockTrackerDeps, TopSourcesQuery } from './stock-tracker.js';
export type { ToldBenchmark } from './told-benchmark.js';
export type { BatchTrackResult, TrackRequest } from './track-engagement.js';
export type { ExplainedTrend, TrendingContent } from './trend-analyzer.js';
export type { ChangeListenerOptions, ChangeSubscriber } from '../store/change-listener.js';
export type { StoreErrorCode, StoreErrorDetails } from '../store/errors.js';
export type { ExperimentStatus } from '../store/experiments.js';
export type { InsightEvent } from '../store/insight-decisions.js';
export type { PerformanceFilter, PerformanceRecord } from '../store/performance-records.js';
export type { Queryable } from '../store/queryable.js';
export type { AnomalyDirection, AnomalyKind } from '../analytics/anomaly-result.js';
export type { MetricSums, SummedMetric, summedMetrics } from '../store/engagement.js';
export type { ArmEstimate, SampleRatio, VariantComparison } from '../analytics/ab-test.js';
export type { Verdict } from '../analytics/ab-test-verdict.js';
export type {
  PerformanceBand,
  PerformanceThresholds,
  ScoreThresholds,
} from '../analytics/performance-band.js';
export type { ScoreContribution } from '../store/scores.js';
export type { FeatureEffect } from '../analytics/feature-tests.js';
export type { InsightSnapshot } from '../store/insights.js';
export type { TrackRecord } from '../analytics/insight-outcome.js';
export type { StoredOutcome } from '../store/insight-outcomes.js';
export type { BenchmarkBand, PeerQuantiles } from '../analytics/benchmark.js';
export type { Estimate } from '../analytics/stock-history-estimates.js';
