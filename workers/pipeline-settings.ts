/** From the configuration to what activities are told of it. */
import type { PipelineSettings } from '../activities/dependencies.js';
import type { AnalyticsConfig } from '../runtime/configuration.js';
import { exportDirectory } from '../runtime/export-directory.js';
import { uploadsDirectories } from '../runtime/uploads-directory.js';
import { analysisSettingsOf } from '../services/analysis-settings.js';

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
