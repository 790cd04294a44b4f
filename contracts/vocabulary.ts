/** The words that callers and tables share: platforms, metrics, features, enums. */

export const Platform = {
  YOUTUBE: 'youtube',
  TIKTOK: 'tiktok',
  INSTAGRAM: 'instagram',
  LINKEDIN: 'linkedin',
  TWITTER: 'twitter',
  SPOTIFY: 'spotify',
} as const;
export type Platform = (typeof Platform)[keyof typeof Platform];
export const platforms: readonly Platform[] = Object.values(Platform);

const platformNames: Readonly<Record<string, string>> = {
  youtube: 'YouTube',
  tiktok: 'TikTok',
  instagram: 'Instagram',
  linkedin: 'LinkedIn',
  twitter: 'X (Twitter)',
  spotify: 'Spotify',
} satisfies Record<Platform, string>;

/** As a platform is called in a sentence and on the pages; one that is not known keeps its word. */
export function platformName(platform: string): string {
  return platformNames[platform] ?? platform;
}

/** Reads a platform's name in any case; `x` is an alias of twitter. Null when it is none. */
export function parsePlatform(text: string): Platform | null {
  const name = text.trim().toLowerCase();
  if (name === 'x') return Platform.TWITTER;
  return platforms.find((platform) => platform === name) ?? null;
}

/**
 * Metrics with a column of their own in both fact tables. Times are minutes; an engagement rate is a
 * fraction. Any other metric is accepted and kept in the row's `extra`.
 */
export const wideMetrics = [
  'views',
  'likes',
  'comments',
  'shares',
  'saves',
  'engagement_rate',
  'watch_time',
  'listen_time',
  'followers',
  'popularity',
  'streams',
] as const;
export type WideMetric = (typeof wideMetrics)[number];

export const MetricType = {
  VIEWS: 'views',
  LIKES: 'likes',
  COMMENTS: 'comments',
  SHARES: 'shares',
  ENGAGEMENT_RATE: 'engagement_rate',
  WATCH_TIME: 'watch_time',
  LISTEN_TIME: 'listen_time',
} as const;
export type MetricType = (typeof MetricType)[keyof typeof MetricType];

export const ContentFeature = {
  FORMAT: 'format',
  DURATION: 'duration_seconds',
  TITLE_LENGTH: 'title_length',
  DESCRIPTION_LENGTH: 'description_length',
  TAG_COUNT: 'tag_count',
  PUBLISH_WEEKDAY: 'publish_weekday',
  PUBLISH_HOUR: 'publish_hour',
  LANGUAGE: 'language',
  STOCK_SOURCE: 'stock_source',
} as const;
export type ContentFeature = (typeof ContentFeature)[keyof typeof ContentFeature];

export const PerformanceMetric = {
  ...MetricType,
  STREAMS: 'streams',
  PERFORMANCE_SCORE: 'performance_score',
} as const;
export type PerformanceMetric = (typeof PerformanceMetric)[keyof typeof PerformanceMetric];

export const TrendDirection = {
  RISING: 'rising',
  FALLING: 'falling',
  STABLE: 'stable',
  CYCLICAL: 'cyclical',
} as const;
export type TrendDirection = (typeof TrendDirection)[keyof typeof TrendDirection];

export const TrendStrength = { WEAK: 'weak', MODERATE: 'moderate', STRONG: 'strong' } as const;
export type TrendStrength = (typeof TrendStrength)[keyof typeof TrendStrength];

export const DashboardTimeframe = {
  LAST_7_DAYS: '7d',
  LAST_30_DAYS: '30d',
  LAST_90_DAYS: '90d',
  LAST_YEAR: '1y',
} as const;
export type DashboardTimeframe = (typeof DashboardTimeframe)[keyof typeof DashboardTimeframe];
