/** What the configuration decides about the analyses. */
import type { PerformanceThresholds } from '../analytics/performance-band.js';
import { platforms, type Platform } from '../contracts/vocabulary.js';
import type { AnalyticsConfig } from '../runtime/configuration.js';

export interface AnalysisSettings {
  /** MIN_DATA_POINTS_FOR_ANALYSIS: days with a value below which no trend is told. */
  minDataPoints: number;
  /** The same by platform, where a platform has another. */
  platformMinDataPoints: Readonly<Partial<Record<Platform, number>>>;
  /** MIN_POINTS_FOR_ANOMALIES: days with a value before a day can be unusual; 14 at least. */
  minAnomalyPoints: number;
  /** MIN_CONTENTS_FOR_CORRELATION: contents with feature and outcome known below which no test is made. */
  minContents: number;
  /** CORRELATION_SIGNIFICANCE_THRESHOLD: level of the adjusted p. */
  significanceLevel: number;
  /** LOW_PERFORMANCE_THRESHOLD and HIGH_PERFORMANCE_THRESHOLD, scores of 0..10, and a platform's own. */
  performance: PerformanceThresholds;
  /** Days that a trend is told of; a forecast learns from the whole series. */
  trendDays: number;
  /** Days that a forecast looks ahead. */
  forecastDays: number;
  /** Days in which the weight of a stock source's evidence halves. */
  halfLifeDays: number;
  /** Ages at which releases are compared. */
  scoreAges: readonly number[];
  /** `benchmark_engagement_rate` by platform: what the table of external benchmarks starts from. */
  benchmarkEngagementRates: Readonly<Partial<Record<Platform, number>>>;
  /** Metrics whose daily series are searched for anomalies and told a trend. */
  seriesMetrics: readonly string[];
  /**
   * Alerts a series-year of a metric's own events that a detector may raise over history; a stricter threshold is
   * taken above it, and none where the strictest one raises more. Three: contents have about two events a year.
   */
  anomalyBudget: number;
  /** DAILY_ANALYSIS_TIME_ZONE: IANA zone that the weekday and hour of a publication are told in. */
  zone: string;
  /** Contents a batch, and how many while the process is larger than `memoryLimitMiB`. */
  batchSize: number;
  reducedBatchSize: number;
  memoryLimitMiB: number;
}

export const defaultAnalysisSettings: AnalysisSettings = {
  minDataPoints: 10,
  platformMinDataPoints: {},
  minAnomalyPoints: 14,
  minContents: 10,
  significanceLevel: 0.05,
  performance: { low: 3, high: 7, byPlatform: {} },
  trendDays: 90,
  forecastDays: 30,
  halfLifeDays: 30,
  scoreAges: [7, 28],
  benchmarkEngagementRates: {},
  seriesMetrics: ['views', 'streams', 'likes', 'comments'],
  anomalyBudget: 3,
  zone: 'UTC',
  batchSize: 100,
  reducedBatchSize: 50,
  memoryLimitMiB: 1000,
};

/** Days with a value below which no trend is told of a content of the platform. */
export function fewestDays(settings: AnalysisSettings, platform: string): number {
  const byPlatform: Readonly<Partial<Record<string, number>>> = settings.platformMinDataPoints;
  return byPlatform[platform] ?? settings.minDataPoints;
}

/** The settings that a configuration holds; what it does not hold is as usual. */
export function analysisSettingsOf(config: AnalyticsConfig): AnalysisSettings {
  return {
    ...defaultAnalysisSettings,
    minDataPoints: config.MIN_DATA_POINTS_FOR_ANALYSIS,
    platformMinDataPoints: ofPlatforms(config, 'min_data_points_for_analysis'),
    minAnomalyPoints: config.MIN_POINTS_FOR_ANOMALIES,
    minContents: config.MIN_CONTENTS_FOR_CORRELATION,
    significanceLevel: config.CORRELATION_SIGNIFICANCE_THRESHOLD,
    performance: performanceThresholdsOf(config),
    benchmarkEngagementRates: ofPlatforms(config, 'benchmark_engagement_rate'),
    zone: config.DAILY_ANALYSIS_TIME_ZONE,
    halfLifeDays: config.STOCK_HALF_LIFE_DAYS,
    batchSize: config.ANALYSIS_BATCH_SIZE,
    reducedBatchSize: Math.ceil(config.ANALYSIS_BATCH_SIZE / 2),
    memoryLimitMiB: config.ANALYSIS_MEMORY_LIMIT_MIB,
  };
}

function performanceThresholdsOf(config: AnalyticsConfig): PerformanceThresholds {
  const { LOW_PERFORMANCE_THRESHOLD: low, HIGH_PERFORMANCE_THRESHOLD: high } = config;
  const lows = ofPlatforms(config, 'low_performance_threshold');
  const highs = ofPlatforms(config, 'high_performance_threshold');
  const byPlatform = Object.fromEntries(
    platforms.map((name) => [name, { low: lows[name] ?? low, high: highs[name] ?? high }]),
  );
  return { low, high, byPlatform };
}

function ofPlatforms(
  config: AnalyticsConfig,
  setting:
    | 'benchmark_engagement_rate'
    | 'min_data_points_for_analysis'
    | 'low_performance_threshold'
    | 'high_performance_threshold',
): Partial<Record<Platform, number>> {
  return Object.fromEntries(platforms.map((name) => [name, config.getPlatformConfig(name)[setting]]));
}
