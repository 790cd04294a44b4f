import type { Pool } from 'pg';
import type { CorrelationResult, OptimizationInsight } from '../contracts/models.js';
import { platforms as supportedPlatforms } from '../contracts/vocabulary.js';
import { StoreError } from '../store/errors.js';
import { migrationStatus } from '../store/migrate.js';
import { AnalyticsDashboard } from './analytics-dashboard.js';
import {
  managerParts,
  type AnalyticsManagerOptions,
  type ManagerParts,
} from './analytics-manager-options.js';
import { BenchmarkService } from './benchmarks.js';
import { analyzeContent, type ContentAnalysis } from './content-analysis.js';
import { CorrelationAnalyzer } from './correlation-analyzer.js';
import { EngagementTracker } from './engagement-tracker.js';
import { ExperimentService } from './experiments.js';
import { openExport, type OpenedExport } from './exports/background-exports.js';
import { exportForLibrary, type LibraryExport } from './exports/library-exports.js';
import { InsightService } from './insight-service.js';
import { PassedOnMethods } from './passed-on.js';
import { addressOf } from './performance-service.js';
import { ScoreService } from './release-scores.js';
import { cleanupOldData, type CleanupCounts } from './retention.js';
import { databaseStatus, type SystemStatus } from './system-status.js';
import { TrendAnalyzer } from './trend-analyzer.js';

/** The library's front door over a pool: tracking, analyses and what a dashboard shows. */
export class PerformanceAnalyticsManager extends PassedOnMethods {
  readonly engagementTracker: EngagementTracker;
  readonly correlationAnalyzer: CorrelationAnalyzer;
  readonly trendAnalyzer: TrendAnalyzer;
  readonly dashboard: AnalyticsDashboard;
  readonly benchmarks: BenchmarkService;
  readonly scores: ScoreService;
  readonly experiments: ExperimentService;
  readonly insights: InsightService;
  private readonly parts: ManagerParts;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly pool: Pool,
    options: AnalyticsManagerOptions = {},
  ) {
    super();
    const deps = managerParts(pool, options);
    this.parts = deps;
    this.unsubscribe = options.changes?.subscribe(deps.cache) ?? (() => undefined);
    this.engagementTracker = new EngagementTracker(deps);
    this.correlationAnalyzer = new CorrelationAnalyzer(deps);
    this.trendAnalyzer = new TrendAnalyzer(deps);
    this.dashboard = new AnalyticsDashboard(deps, this.engagementTracker, this.trendAnalyzer);
    this.benchmarks = new BenchmarkService(deps);
    this.scores = new ScoreService(deps);
    this.experiments = new ExperimentService(deps);
    this.insights = new InsightService({ db: pool, clock: deps.clock });
  }

  /**
   * Makes sure that the database can be reached and has this program's schema.
   * @throws StoreError: `unreachable`, `notMigrated`, `newerDatabase`
   */
  async initializeSystem(): Promise<void> {
    const { pending, unknown } = await migrationStatus({ databaseUrl: addressOf(this.pool) });
    if (unknown.length > 0) {
      throw new StoreError(
        'newerDatabase',
        `The database is newer than this program: ${unknown.join(', ')}.`,
      );
    }
    if (pending.length > 0) {
      throw new StoreError('notMigrated', `The database lacks ${pending.join(', ')}.`, {
        hint: 'Apply the schema first: `tidemark migrate`.',
      });
    }
    this.parts.logger.info('the analytics are ready');
  }

  /** Keeps a content's figures as of now; returns the snapshot's id. @throws BadInputError, StoreError */
  trackContentPerformance(
    contentId: string,
    platform: string,
    metrics: Record<string, number>,
    metadata?: Record<string, unknown>,
  ): Promise<string> {
    return this.engagementTracker.trackEngagement(contentId, platform, metrics, metadata);
  }

  /**
   * What is known of a content: `engagement`, `trend`, `anomalies`, or all of them.
   * @throws BadInputError for another type, StoreError `notFound` for an unknown content.
   */
  analyzeContentPerformance(contentId: string, analysisType = 'comprehensive'): Promise<ContentAnalysis> {
    return analyzeContent(this.parts.settings, this, contentId, analysisType);
  }

  /** @throws BadInputError, UnknownTimeframeError */
  getPlatformInsights(
    platform: string,
    timeframe = '30d',
  ): ReturnType<AnalyticsDashboard['getPlatformAnalytics']> {
    return this.dashboard.getPlatformAnalytics(platform, timeframe);
  }

  /**
   * What to do next, the highest rank first; none given means all.
   * @param timeframe those found, or found again, in it.
   * @param topN 100 unless told.
   * @throws BadInputError, UnknownTimeframeError
   */
  generateOptimizationRecommendations(
    platforms?: readonly string[],
    contentIds?: readonly string[],
    timeframe?: string,
    topN?: number,
  ): Promise<OptimizationInsight[]> {
    return this.dashboard.getRecommendations(platforms, contentIds, timeframe, topN);
  }

  /** @throws StoreError `notFound` */
  compareContentPerformance(
    contentIds: readonly string[],
    metrics: readonly string[],
  ): ReturnType<AnalyticsDashboard['getComparativeAnalysis']> {
    return this.dashboard.getComparativeAnalysis(contentIds, metrics);
  }

  /** @throws UnknownTimeframeError */
  getDashboardOverview(timeframe = '30d'): ReturnType<AnalyticsDashboard['getDashboardOverview']> {
    return this.dashboard.getDashboardOverview(timeframe);
  }

  /** @throws BadInputError, UnknownTimeframeError */
  getOptimizationInsights(
    timeframe?: string,
    platforms?: readonly string[],
    topN?: number,
  ): Promise<OptimizationInsight[]> {
    return this.dashboard.getOptimizationInsights(timeframe, platforms, topN);
  }

  /** @throws StoreError, BadInputError */
  analyzeFeatureCorrelations(
    contentIds?: readonly string[],
    platforms?: readonly string[],
    timePeriodDays?: number,
  ): Promise<CorrelationResult[]> {
    return this.correlationAnalyzer.analyzeFeatureCorrelations(contentIds, platforms, timePeriodDays);
  }

  /** @throws StoreError, BadInputError */
  getFeatureImportance(
    contentIds?: readonly string[],
    platforms?: readonly string[],
    timePeriodDays?: number,
  ): ReturnType<CorrelationAnalyzer['getFeatureImportance']> {
    return this.correlationAnalyzer.getFeatureImportance(contentIds, platforms, timePeriodDays);
  }

  /** @throws BadInputError */
  analyzePlatformDifferences(
    metrics?: readonly string[],
    platforms?: readonly string[],
    timePeriodDays?: number,
  ): ReturnType<CorrelationAnalyzer['analyzePlatformDifferences']> {
    return this.correlationAnalyzer.analyzePlatformDifferences(metrics, platforms, timePeriodDays);
  }

  /**
   * Analysis, insights and trends of contents, as `content_analysis`, `optimization_insights` and
   * `performance_trends`. `json` comes as the data itself; `csv` (in the background, where there is a Temporal) and
   * `excel` as the export, whose file `openExport` gives to whoever has its token.
   * @throws BadInputError, UnknownTimeframeError; StoreError `notFound` for an unknown content; ExportFileError
   */
  exportAnalyticsData(
    formatType: string,
    timeframe = '30d',
    platforms?: readonly string[],
    contentIds?: readonly string[],
    includeMetadata = false,
  ): Promise<LibraryExport> {
    return exportForLibrary(this.parts.exports, {
      ...{ dataset: 'content', formatType, timeframe, includeMetadata },
      platforms: platforms ?? null,
      contentIds: contentIds ?? null,
    });
  }

  /** The file of an export, by its token. @throws StoreError `notFound`, `conflict` while it is not ready */
  openExport(exportId: string, token: string): Promise<OpenedExport> {
    return openExport(this.parts.exports, exportId, token);
  }

  /**
   * Removes what is older than the days given; the days derived from it, and values told by hand, stay.
   * @param dryRun counts and removes nothing.
   * @throws BadInputError for days that are no whole number from 1 on; StoreError `accessDenied` for a session that
   * may not remove
   */
  async cleanupOldData(retentionDays = 365, dryRun = false): Promise<CleanupCounts> {
    const counts = await cleanupOldData(this.parts.exports, retentionDays, { dryRun });
    if (!dryRun) this.engagementTracker.clearCache();
    return counts;
  }

  /** Never throws: a database that does not answer is told as such. */
  async getSystemStatus(): Promise<SystemStatus> {
    const { cache_size: size, ...counts } = this.engagementTracker.getCacheStats();
    return {
      database: await databaseStatus(this.pool),
      cache: { size, ...counts },
      configuration: {
        supported_platforms: supportedPlatforms,
        min_data_points_for_analysis: this.parts.settings.minDataPoints,
        correlation_significance_threshold: this.parts.settings.significanceLevel,
        low_performance_threshold: this.parts.settings.performance.low,
        high_performance_threshold: this.parts.settings.performance.high,
        cache_ttl_seconds: this.parts.cacheTtlSeconds,
      },
    };
  }

  /** Hears of no more changes; for a manager that goes before its listener does. */
  close(): void {
    this.unsubscribe();
  }
}
