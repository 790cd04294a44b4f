import type { TrendAnalysis, TrendPrediction } from '../contracts/models.js';
import type { Platform, TrendDirection } from '../contracts/vocabulary.js';
import { needsMoreDays } from '../analytics/trend.js';
import { readDailySeries } from '../store/series.js';
import { readTrending } from '../store/trending.js';
import { latestTrends } from '../store/trends.js';
import { fewestDays } from './analysis-settings.js';
import type { AnalyticsDeps } from './analytics-deps.js';
import { assembleTrend } from './assemble-trend.js';
import { readEarlierReleases } from './earlier-releases.js';
import { requirePlatform } from './engagement-tracker.js';
import { requireContent, requireContents } from './known-contents.js';
import { periodDays } from './reading-period.js';
import { timeframePeriod } from './timeframe.js';

export interface ExplainedTrend {
  content_id: string;
  metric_name: string;
  /** Null where the points are too few. */
  analysis: TrendAnalysis | null;
  /** Why there is no analysis; null where there is one. */
  reason: string | null;
  /** The days ahead, also of a release too young for a trend; empty where there is no forecast. */
  predictions: TrendPrediction[];
  /**
   * The forecast's method, version, parameters, number of points and weights, and what it would have been worth in
   * the past; with the reason under `withheld` where there is no forecast, null where there is no series.
   */
  backtest: Record<string, unknown> | null;
}

export interface TrendingContent {
  content_id: string;
  title: string | null;
  platform: Platform;
  metric_name: string;
  /** What the period brought, and what the one of the same length before it did. */
  total: number;
  previous_total: number | null;
  /** total / previous_total − 1; null where there is nothing to compare with. */
  growth: number | null;
  /** Per day. */
  velocity: number;
  /** As the latest analysis told it; null before the first. */
  direction: TrendDirection | null;
  /** Whether that analysis saw it still in its launch decay; null before the first. */
  in_launch_decay: boolean | null;
}

const defaultDays = 30;

/** Where contents are heading. */
export class TrendAnalyzer {
  constructor(private readonly deps: AnalyticsDeps) {}

  /**
   * Trend, change points and forecast of a content's daily values; null where the points are too few.
   * @throws StoreError `notFound` for an unknown content.
   */
  async analyzeTrend(
    contentId: string,
    metricName: string,
    timePeriodDays = defaultDays,
    forecastDays = defaultDays,
  ): Promise<TrendAnalysis | null> {
    const told = await this.explainTrend(contentId, metricName, timePeriodDays, forecastDays);
    return told.analysis === null ? null : { ...told.analysis, backtest: told.backtest };
  }

  /** The same, with the reason where there is no analysis. @throws StoreError `notFound` */
  async explainTrend(
    contentId: string,
    metricName: string,
    timePeriodDays = defaultDays,
    forecastDays = defaultDays,
  ): Promise<ExplainedTrend> {
    const key = `trend ${JSON.stringify([contentId, metricName, timePeriodDays, forecastDays])}`;
    return this.deps.cache.remember(key, async () => {
      const { pool, settings } = this.deps;
      const content = await requireContent(pool, contentId);
      const told = { content_id: content.contentKey, metric_name: metricName };
      const [series] = await readDailySeries(pool, [content.contentId], [metricName]);
      const values = series?.metrics.get(metricName);
      if (series === undefined || values === undefined) {
        const reason = needsMoreDays(0, fewestDays(settings, content.platform));
        return { ...told, analysis: null, reason, predictions: [], backtest: null };
      }
      const earlier = await readEarlierReleases(pool, [series], [metricName], forecastDays);
      const { analysis, withheld, predictions, backtest } = assembleTrend({
        metric: metricName,
        startDay: series.startDay,
        values,
        breaks: series.breaks.get(metricName) ?? [],
        bridges: series.bridges.get(metricName) ?? [],
        minPoints: fewestDays(settings, series.platform),
        trendDays: timePeriodDays,
        forecastDays,
        publishedOn: series.publishedOn,
        earlierReleases: earlier.get(content.contentId)?.get(metricName) ?? null,
      });
      return { ...told, analysis, reason: withheld, predictions, backtest };
    });
  }

  /**
   * What gained most in the timeframe, the fastest growing first; contents without a period to compare with
   * come after, by what they gained. As on the pages, a content's period ends with its last complete day, where
   * it has one, and growth and velocity are per day with a value.
   * @throws BadInputError, UnknownTimeframeError
   */
  async getTrendingContent(timeframe = '7d', platform?: string, limit = 10): Promise<TrendingContent[]> {
    const platforms = platform === undefined ? null : [requirePlatform(platform)];
    const period = timeframePeriod(timeframe, this.deps.clock.now());
    const key = `trending ${JSON.stringify([timeframe, platforms, limit])}`;
    return this.deps.cache.remember(key, async () => {
      const { pool } = this.deps;
      const { fromDay: from, toDay: to } = periodDays(period);
      const best = await readTrending(pool, { from, to, platforms, limit, order: 'growth', youngToo: true });
      const trends = await latestTrends(
        pool,
        best.map(({ contentId }) => contentId),
      );
      const told = new Map(trends.map((trend) => [`${trend.contentId} ${trend.metric}`, trend.analysis]));
      return best.map(({ contentId, contentKey, title, platform: name, metric, days, ...gained }) => {
        const analysis = told.get(`${contentId} ${metric}`) ?? null;
        return {
          content_id: contentKey,
          title,
          platform: name as Platform,
          metric_name: metric,
          total: gained.current,
          previous_total: gained.former,
          growth: gained.growth,
          velocity: gained.current / Math.max(1, days),
          direction: analysis?.overall_direction ?? null,
          in_launch_decay: analysis === null ? null : (analysis.launch_decay?.still_in_decay ?? false),
        };
      });
    });
  }

  /** The trends of several contents beside each other, in the order given. @throws StoreError `notFound` */
  async compareContentTrends(
    contentIds: readonly string[],
    metricName: string,
    timePeriodDays = defaultDays,
  ): Promise<ExplainedTrend[]> {
    await requireContents(this.deps.pool, contentIds);
    const trends: ExplainedTrend[] = [];
    for (const contentId of contentIds) {
      trends.push(await this.explainTrend(contentId, metricName, timePeriodDays));
    }
    return trends;
  }

  clearCache(): void {
    this.deps.cache.clear();
  }
}
