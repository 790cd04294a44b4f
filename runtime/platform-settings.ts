/** What differs from platform to platform. */
import { z } from 'zod';
import { platforms, type Platform } from '../contracts/vocabulary.js';

const overrideSchema = z.strictObject({
  benchmark_engagement_rate: z.number().min(0).max(1).optional(),
  update_frequency_minutes: z.number().int().min(1).max(44_640).optional(),
  requests_per_second: z.number().positive().max(1_000).optional(),
  quota_units_per_day: z.number().int().positive().nullable().optional(),
  cache_ttl_seconds: z.number().int().min(0).max(86_400).optional(),
  min_data_points_for_analysis: z.number().int().min(3).max(1_000).optional(),
  correlation_significance_threshold: z.number().gt(0).lt(1).optional(),
  low_performance_threshold: z.number().min(0).max(10).optional(),
  high_performance_threshold: z.number().min(0).max(10).optional(),
  retention_days: z.number().int().min(0).max(36_500).optional(),
});

/** Overrides by platform, as they stand under `platforms` in a configuration file. */
export const platformOverridesSchema = z.partialRecord(z.enum(platforms), overrideSchema);
export type PlatformOverrides = z.infer<typeof platformOverridesSchema>;

export interface PlatformConfig {
  /** A fraction: interactions over views that an ordinary content of the platform reaches. */
  benchmark_engagement_rate: number;
  /** The default interval of collection. */
  update_frequency_minutes: number;
  /** Bound of the platform's task queue. */
  requests_per_second: number;
  /** Null where the platform names none. */
  quota_units_per_day: number | null;
  cache_ttl_seconds: number;
  min_data_points_for_analysis: number;
  correlation_significance_threshold: number;
  /** On the score of 0 to 10. */
  low_performance_threshold: number;
  high_performance_threshold: number;
  /** How long raw instants are kept; 0 keeps them for good. */
  retention_days: number;
}

export const platformDefaults: Readonly<
  Record<
    Platform,
    Pick<
      PlatformConfig,
      'benchmark_engagement_rate' | 'update_frequency_minutes' | 'requests_per_second' | 'quota_units_per_day'
    >
  >
> = {
  youtube: platform(0.04, 60, 10, 10_000),
  tiktok: platform(0.06, 120, 5, null),
  instagram: platform(0.03, 360, 2, null),
  linkedin: platform(0.025, 720, 1, null),
  twitter: platform(0.015, 360, 1, null),
  // Streams are told by exports once a day; a rate of saves stands in for engagement.
  spotify: platform(0.02, 1_440, 5, null),
};

function platform(
  benchmark_engagement_rate: number,
  update_frequency_minutes: number,
  requests_per_second: number,
  quota_units_per_day: number | null,
): (typeof platformDefaults)[Platform] {
  return { benchmark_engagement_rate, update_frequency_minutes, requests_per_second, quota_units_per_day };
}
