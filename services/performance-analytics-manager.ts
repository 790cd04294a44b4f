import { pino, type Logger } from 'pino';
import type { Pool } from 'pg';
import type { CorrelationResult, OptimizationInsight } from '../contracts/models.js';
import type { Clock } from '../contracts/ports.js';
import { platforms as supportedPlatforms, type Platform } from '../contracts/vocabulary.js';
import { StoreError, storeError } from '../store/errors.js';
import { migrationStatus } from '../store/migrate.js';
import { queryRow } from '../store/queryable.js';
import { AnalyticsDashboard } from './analytics-dashboard.js';
import type { ContentPerformanceSummary } from './dashboard-models.js';
import { defaultAnalysisSettings, type AnalysisSettings } from './analysis-settings.js';
import { BadInputError } from './bad-input.js';
import { BenchmarkService } from './benchmarks.js';
import { CorrelationAnalyzer } from './correlation-analyzer.js';
import { EngagementTracker, type ContentAnomaly } from './engagement-tracker.js';
import { ExperimentService } from './experiments.js';
import { InsightService } from './insight-service.js';
import { addressOf } from './performance-service.js';
import { ScoreService } from './release-scores.js';
import { ResultCache } from './result-cache.js';
import { TrendAnalyzer, type ExplainedTrend } from './trend-analyzer.js';

export interface AnalyticsManagerOptions {
  /** The system's unless told. */
  clock?: Clock;
  /** Silent unless told. */
  logger?: Logger;
  settings?: AnalysisSettings;
  /** CACHE_TTL_SECONDS; 300 unless told. */
  cacheTtlSeconds?: number;
}

export const analysisTypes = ['comprehensive', 'engagement', 'trend', 'anomalies'] as const;
export type AnalysisType = (typeof analysisTypes)[number];

export interface ContentAnalysis {
  content_id: string;
  analysis_type: AnalysisType;
  summary?: ContentPerformanceSummary;
  trends?: ExplainedTrend[];
  anomalies?: ContentAnomaly[];
}

export interface SystemStatus {
  database: { connected: boolean; latency_ms: number | null; version: string | null; error: string | null };
  cache: { size: number; hits: number; misses: number; hit_ratio: number };
  configuration: {
    supported_platforms: readonly Platform[];
    min_data_points_for_analysis: number;
    correlation_significance_threshold: number;
    low_performance_threshold: number;
    high_performance_threshold: number;
    cache_ttl_seconds: number;
  };
}

const defaultCacheTtlSeconds = 300;

/** The library's front door over a pool: tracking, analyses and what a dashboard shows. */
export class PerformanceAnalyticsManager {
  readonly engagementTracker: EngagementTracker;
  readonly correlationAnalyzer: CorrelationAnalyzer;
  readonly trendAnalyzer: TrendAnalyzer;
  readonly dashboard: AnalyticsDashboard;
  readonly benchmarks: BenchmarkService;
  readonly scores: ScoreService;
  readonly experiments: ExperimentService;
  readonly insights: InsightService;
  private readonly settings: AnalysisSettings;
  private readonly cacheTtlSeconds: number;
  private readonly logger: Logger;

  constructor(
    private readonly pool: Pool,
    options: AnalyticsManagerOptions = {},
  ) {
    const clock = options.clock ?? { now: () => new Date() };
    this.settings = options.settings ?? defaultAnalysisSettings;
    this.cacheTtlSeconds = options.cacheTtlSeconds ?? defaultCacheTtlSeconds;
    this.logger = options.logger ?? pino({ level: 'silent' });
    const cache = new ResultCache(clock, this.cacheTtlSeconds);
    const deps = { pool, clock, settings: this.settings, cache };
    this.engagementTracker = new EngagementTracker(deps);
    this.correlationAnalyzer = new CorrelationAnalyzer(deps);
    this.trendAnalyzer = new TrendAnalyzer(deps);
    this.dashboard = new AnalyticsDashboard(deps, this.engagementTracker, this.trendAnalyzer);
    this.benchmarks = new BenchmarkService(deps);
    this.scores = new ScoreService(deps);
    this.experiments = new ExperimentService(deps);
    this.insights = new InsightService({ db: pool, clock });
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
    this.logger.info('the analytics are ready');
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
  async analyzeContentPerformance(
    contentId: string,
    analysisType = 'comprehensive',
  ): Promise<ContentAnalysis> {
    const type = analysisTypes.find((known) => known === analysisType);
    if (type === undefined) {
      throw new BadInputError(`Unknown analysis «${analysisType}»: give one of ${analysisTypes.join(', ')}.`);
    }
    const asks = (part: AnalysisType): boolean => type === 'comprehensive' || type === part;
    const analysis: ContentAnalysis = { content_id: contentId, analysis_type: type };
    if (asks('engagement')) analysis.summary = await this.dashboard.getContentPerformanceSummary(contentId);
    if (asks('trend')) {
      analysis.trends = await this.overMetrics((metric) =>
        this.trendAnalyzer.explainTrend(contentId, metric, this.settings.trendDays),
      );
    }
    if (asks('anomalies')) {
      const found = await this.overMetrics((metric) =>
        this.engagementTracker.detectAnomalies(contentId, metric, this.settings.trendDays),
      );
      analysis.anomalies = found.flat();
    }
    return analysis;
  }

  /** @throws BadInputError, UnknownTimeframeError */
  getPlatformInsights(
    platform: string,
    timeframe = '30d',
  ): ReturnType<AnalyticsDashboard['getPlatformAnalytics']> {
    return this.dashboard.getPlatformAnalytics(platform, timeframe);
  }

  /** What to do next, the highest rank first; none given means all. @throws BadInputError */
  generateOptimizationRecommendations(
    platforms?: readonly string[],
    contentIds?: readonly string[],
  ): Promise<OptimizationInsight[]> {
    return this.dashboard.getRecommendations(platforms, contentIds);
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

  /** Never throws: a database that does not answer is told as such. */
  async getSystemStatus(): Promise<SystemStatus> {
    const { cache_size: size, ...counts } = this.engagementTracker.getCacheStats();
    return {
      database: await this.databaseStatus(),
      cache: { size, ...counts },
      configuration: {
        supported_platforms: supportedPlatforms,
        min_data_points_for_analysis: this.settings.minDataPoints,
        correlation_significance_threshold: this.settings.significanceLevel,
        low_performance_threshold: this.settings.lowPerformance,
        high_performance_threshold: this.settings.highPerformance,
        cache_ttl_seconds: this.cacheTtlSeconds,
      },
    };
  }

  private async databaseStatus(): Promise<SystemStatus['database']> {
    const started = performance.now();
    try {
      const row = await queryRow<{ version: string }>(
        this.pool,
        `select current_setting('server_version') as version`,
      );
      const latency = Math.round((performance.now() - started) * 10) / 10;
      return { connected: true, latency_ms: latency, version: row?.version ?? null, error: null };
    } catch (error) {
      return { connected: false, latency_ms: null, version: null, error: storeError(error).message };
    }
  }

  private async overMetrics<T>(work: (metric: string) => Promise<T>): Promise<T[]> {
    const results: T[] = [];
    for (const metric of this.settings.seriesMetrics) results.push(await work(metric));
    return results;
  }
}
