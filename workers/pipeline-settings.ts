/** From the configuration to what activities are told of it. */
import type { PipelineSettings } from '../activities/dependencies.js';
import { platforms, type Platform } from '../contracts/vocabulary.js';
import type { AnalyticsConfig } from '../runtime/configuration.js';
import { exportDirectory } from '../runtime/export-directory.js';
import { uploadsDirectories } from '../runtime/uploads-directory.js';
import { defaultAnalysisSettings, type AnalysisSettings } from '../services/analysis-settings.js';

export function pipelineSettings(config: AnalyticsConfig): PipelineSettings {
  return {
    deadlineMs: config.HTTP_TIMEOUT_SECONDS * 1_000,
    chunkRows: config.LOAD_CHUNK_ROWS,
    quotaUnitsPerDay: (platform) => config.getPlatformConfig(platform).quota_units_per_day,
    updateFrequencyMinutes: (platform) => config.getPlatformConfig(platform).update_frequency_minutes,
    retentionDays: (platform) => config.getPlatformConfig(platform).retention_days,
    exports: { directory: exportDirectory(config), linkHours: config.EXPORT_LINK_HOURS },
    uploads: uploadsDirectories(config),
    analysis: analysisSettingsOf(config),
  };
}

/** What the configuration decides about the analyses. */
export function analysisSettingsOf(config: AnalyticsConfig): AnalysisSettings {
  return {
    ...defaultAnalysisSettings,
    minDataPoints: config.MIN_DATA_POINTS_FOR_ANALYSIS,
    platformMinDataPoints: ofPlatforms(config, 'min_data_points_for_analysis'),
    minAnomalyPoints: config.MIN_POINTS_FOR_ANOMALIES,
    minContents: config.MIN_CONTENTS_FOR_CORRELATION,
    significanceLevel: config.CORRELATION_SIGNIFICANCE_THRESHOLD,
    lowPerformance: config.LOW_PERFORMANCE_THRESHOLD,
    highPerformance: config.HIGH_PERFORMANCE_THRESHOLD,
    benchmarkEngagementRates: ofPlatforms(config, 'benchmark_engagement_rate'),
    zone: config.DAILY_ANALYSIS_TIME_ZONE,
    halfLifeDays: config.STOCK_HALF_LIFE_DAYS,
    batchSize: config.ANALYSIS_BATCH_SIZE,
    reducedBatchSize: Math.ceil(config.ANALYSIS_BATCH_SIZE / 2),
    memoryLimitMiB: config.ANALYSIS_MEMORY_LIMIT_MIB,
  };
}

function ofPlatforms(
  config: AnalyticsConfig,
  setting: 'benchmark_engagement_rate' | 'min_data_points_for_analysis',
): Partial<Record<Platform, number>> {
  return Object.fromEntries(platforms.map((name) => [name, config.getPlatformConfig(name)[setting]]));
}
