/** The names that callers of the library rely on, as the contract has them: a rename fails here. */
import { expect, it } from 'vitest';
import * as library from '../../../services/index.js';

/** Class → its methods; a parameter that has a default, or follows one that has, is not counted by `length`. */
const methods = {
  PerformanceService: [
    'applySchema',
    'insertPerformanceRecord',
    'addPerformanceMetric',
    'getPerformanceMetricsForRelease',
    'getPerformanceData',
  ],
  StockSuccessTracker: ['logClipUsage', 'logReleasePerformance', 'getTopSources'],
  PerformanceAnalyticsManager: [
    'initializeSystem',
    'trackContentPerformance',
    'analyzeContentPerformance',
    'getPlatformInsights',
    'generateOptimizationRecommendations',
    'compareContentPerformance',
    'getDashboardOverview',
    'getOptimizationInsights',
    'exportAnalyticsData',
    'getSystemStatus',
    'cleanupOldData',
  ],
  EngagementTracker: [
    'trackEngagement',
    'getEngagementSummary',
    'batchTrackEngagement',
    'getPlatformMetrics',
    'detectAnomalies',
    'getCacheStats',
    'clearCache',
  ],
  CorrelationAnalyzer: [
    'analyzeFeatureCorrelations',
    'getFeatureImportance',
    'analyzePlatformDifferences',
    'clearCache',
  ],
  TrendAnalyzer: ['analyzeTrend', 'getTrendingContent', 'compareContentTrends', 'clearCache'],
  AnalyticsDashboard: [
    'getDashboardOverview',
    'getContentPerformanceSummary',
    'getPlatformAnalytics',
    'getOptimizationInsights',
    'getComparativeAnalysis',
    'exportDashboardData',
  ],
} as const;

it.each(Object.entries(methods))('%s has its methods', (name, expected) => {
  const { prototype } = library[name as keyof typeof methods] as { prototype: object };
  const found = new Set(Object.getOwnPropertyNames(prototype));
  expect(expected.filter((method) => !found.has(method))).toEqual([]);
});

it('the manager passes on every method of its parts', () => {
  const { PerformanceAnalyticsManager: manager } = library;
  const parts = ['EngagementTracker', 'CorrelationAnalyzer', 'TrendAnalyzer', 'AnalyticsDashboard'] as const;
  const missing = parts.flatMap((part) => methods[part]).filter((method) => !(method in manager.prototype));
  expect(missing).toEqual([]);
});

it('the enumerations have their values', () => {
  expect(Object.values(library.Platform)).toEqual(
    expect.arrayContaining(['youtube', 'tiktok', 'instagram', 'linkedin', 'twitter', 'spotify']),
  );
  expect(Object.values(library.MetricType)).toEqual(
    expect.arrayContaining([
      ...['views', 'likes', 'comments', 'shares', 'engagement_rate', 'watch_time', 'listen_time'],
    ]),
  );
  expect(Object.values(library.TrendDirection).sort()).toEqual(['cyclical', 'falling', 'rising', 'stable']);
  expect(Object.values(library.TrendStrength).sort()).toEqual(['moderate', 'strong', 'weak']);
  expect(library.DashboardTimeframe).toMatchObject({ LAST_7_DAYS: '7d', LAST_30_DAYS: '30d' });
  expect(Object.values(library.DashboardTimeframe)).toEqual(['7d', '30d', '90d', '1y']);
  expect(Object.keys(library.ContentFeature).length).toBeGreaterThan(0);
  expect(Object.keys(library.PerformanceMetric).length).toBeGreaterThan(0);
});

it('the configuration is the library’s too, by environment and by extension', () => {
  const { AnalyticsConfig, DevelopmentConfig, ProductionConfig, getConfigForEnvironment } = library;
  expect(getConfigForEnvironment('development', {})).toBeInstanceOf(DevelopmentConfig);
  expect(DevelopmentConfig.prototype).toBeInstanceOf(AnalyticsConfig);
  expect(ProductionConfig.prototype).toBeInstanceOf(AnalyticsConfig);
  const config = getConfigForEnvironment('development', {});
  const told = library.getPlatformConfig('X', config);
  expect(told).toEqual(config.getPlatformConfig('twitter'));
  expect(() => config.getPlatformConfig('myspace')).toThrow(/«myspace»: it is one of youtube/);
  expect(told).toMatchObject({
    benchmark_engagement_rate: expect.any(Number) as number,
    update_frequency_minutes: expect.any(Number) as number,
  });
});

it('failures of the performance service are PerformanceDbErrors', () => {
  expect(library.PerformanceDbError.prototype).toBeInstanceOf(Error);
});
