/** The methods of the manager's parts, under the manager's own name. */
import type { TrendAnalysis } from '../contracts/models.js';
import type { AnalyticsDashboard } from './analytics-dashboard.js';
import type { ContentAnomaly } from './content-anomalies.js';
import type { ContentPerformanceSummary, PlatformAnalytics } from './dashboard-models.js';
import type { LibraryExport } from './exports/library-exports.js';
import type { EngagementSummary, EngagementTracker, PlatformMetrics } from './engagement-tracker.js';
import type { CacheStats } from './result-cache.js';
import type { BatchTrackResult, TrackRequest } from './track-engagement.js';
import type { ExplainedTrend, TrendAnalyzer, TrendingContent } from './trend-analyzer.js';

/** Each method does what the part's method of the same name does, and throws what it throws. */
export abstract class PassedOnMethods {
  abstract readonly engagementTracker: EngagementTracker;
  abstract readonly trendAnalyzer: TrendAnalyzer;
  abstract readonly dashboard: AnalyticsDashboard;

  trackEngagement(...told: Parameters<EngagementTracker['trackEngagement']>): Promise<string> {
    return this.engagementTracker.trackEngagement(...told);
  }

  batchTrackEngagement(requests: readonly TrackRequest[]): Promise<BatchTrackResult> {
    return this.engagementTracker.batchTrackEngagement(requests);
  }

  getEngagementSummary(contentId: string, timePeriodDays?: number): Promise<EngagementSummary> {
    return this.engagementTracker.getEngagementSummary(contentId, timePeriodDays);
  }

  getPlatformMetrics(platform: string, timeframe?: string): Promise<PlatformMetrics> {
    return this.engagementTracker.getPlatformMetrics(platform, timeframe);
  }

  detectAnomalies(contentId: string, metric?: string, timePeriodDays?: number): Promise<ContentAnomaly[]> {
    return this.engagementTracker.detectAnomalies(contentId, metric, timePeriodDays);
  }

  getCacheStats(): CacheStats {
    return this.engagementTracker.getCacheStats();
  }

  /** One cache serves all parts. */
  clearCache(): void {
    this.engagementTracker.clearCache();
  }

  analyzeTrend(
    contentId: string,
    metricName: string,
    timePeriodDays?: number,
    forecastDays?: number,
  ): Promise<TrendAnalysis | null> {
    return this.trendAnalyzer.analyzeTrend(contentId, metricName, timePeriodDays, forecastDays);
  }

  getTrendingContent(timeframe?: string, platform?: string, limit?: number): Promise<TrendingContent[]> {
    return this.trendAnalyzer.getTrendingContent(timeframe, platform, limit);
  }

  compareContentTrends(
    contentIds: readonly string[],
    metricName: string,
    timePeriodDays?: number,
  ): Promise<ExplainedTrend[]> {
    return this.trendAnalyzer.compareContentTrends(contentIds, metricName, timePeriodDays);
  }

  getContentPerformanceSummary(
    contentId: string,
    timePeriodDays?: number,
  ): Promise<ContentPerformanceSummary> {
    return this.dashboard.getContentPerformanceSummary(contentId, timePeriodDays);
  }

  getPlatformAnalytics(platform: string, timeframe?: string): Promise<PlatformAnalytics> {
    return this.dashboard.getPlatformAnalytics(platform, timeframe);
  }

  getComparativeAnalysis(
    contentIds: readonly string[],
    metrics: readonly string[],
  ): ReturnType<AnalyticsDashboard['getComparativeAnalysis']> {
    return this.dashboard.getComparativeAnalysis(contentIds, metrics);
  }

  exportDashboardData(
    formatType: string,
    timeframe?: string,
    platforms?: readonly string[],
    includeMetadata?: boolean,
  ): Promise<LibraryExport> {
    return this.dashboard.exportDashboardData(formatType, timeframe, platforms, includeMetadata);
  }
}
