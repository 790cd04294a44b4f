import { dayOf } from '../analytics/calendar.js';
import type { OptimizationInsight } from '../contracts/models.js';
import type { Platform } from '../contracts/vocabulary.js';
import { readAnomalies } from '../store/anomalies.js';
import { countContents, freshness, latestValues } from '../store/engagement.js';
import { readInsights } from '../store/insights.js';
import { readDayTotals } from '../store/overview.js';
import { latestScores } from '../store/scores.js';
import { latestTrends } from '../store/trends.js';
import type { AnalyticsDeps } from './analytics-deps.js';
import { addSums, requirePlatform, type EngagementTracker } from './engagement-tracker.js';
import {
  toFoundAnomaly,
  toInsight,
  type ComparedContent,
  type ContentPerformanceSummary,
  type DashboardOverview,
  type FoundAnomaly,
  type PlatformAnalytics,
  type PlatformOverview,
} from './dashboard-models.js';
import { exportForLibrary, type LibraryExport } from './exports/library-exports.js';
import { requireContent, requireContents } from './known-contents.js';
import { periodDays, readingFilter } from './reading-period.js';
import { timeframePeriod, previousPeriod } from './timeframe.js';
import type { ExplainedTrend, TrendAnalyzer } from './trend-analyzer.js';

/** How many of a kind the overview shows. */
const shown = 10;
const mostRecommendations = 100;

/** The figures of a page at once. */
export class AnalyticsDashboard {
  constructor(
    private readonly deps: AnalyticsDeps,
    private readonly tracker: EngagementTracker,
    private readonly trends: TrendAnalyzer,
  ) {}

  /** Everything in the timeframe, counting what was tracked a moment ago. @throws UnknownTimeframeError */
  async getDashboardOverview(timeframe = '30d'): Promise<DashboardOverview> {
    const period = timeframePeriod(timeframe, this.deps.clock.now());
    return this.deps.cache.remember(`overview ${timeframe}`, async () => {
      const [platforms, { dataThrough, learntAt }, trending, anomalies, insights] = await Promise.all([
        this.platformOverviews(timeframe, null),
        freshness(this.deps.pool),
        this.trends.getTrendingContent(timeframe, undefined, shown),
        this.anomaliesSince(period.start, null),
        this.getOptimizationInsights(timeframe, undefined, shown),
      ]);
      return {
        timeframe,
        time_period: [period.start.toISOString(), period.end.toISOString()],
        total_content_pieces: platforms.reduce((sum, { content_pieces }) => sum + content_pieces, 0),
        totals: addSums(platforms.map(({ totals }) => totals)),
        previous_totals: addSums(platforms.map(({ previous_totals }) => previous_totals)),
        platforms,
        ...{ trending, anomalies, insights },
        data_through: dataThrough,
        collected_at: learntAt?.toISOString() ?? null,
      };
    });
  }

  /** All that is known of one content. @throws StoreError `notFound` */
  async getContentPerformanceSummary(
    contentId: string,
    timePeriodDays = 30,
  ): Promise<ContentPerformanceSummary> {
    const { pool, clock } = this.deps;
    const content = await requireContent(pool, contentId);
    const summary = await this.tracker.getEngagementSummary(contentId, timePeriodDays);
    const trends = await latestTrends(pool, [content.contentId]);
    const since = new Date(clock.now().getTime() - timePeriodDays * 86_400_000);
    return {
      ...summary,
      release_id: content.releaseId,
      performance_score: content.releaseId === null ? null : await this.scoreOf(content.releaseId),
      trends: trends.map(({ metric, analysis, withheldReason }) => ({
        metric_name: metric,
        direction: analysis?.overall_direction ?? null,
        strength: analysis?.strength ?? null,
        withheld: withheldReason,
      })),
      anomalies: await this.anomaliesSince(since, [content.contentId]),
      insights: await this.insights({ contentKeys: [content.contentKey] }),
    };
  }

  /** One platform's figures. @throws BadInputError, UnknownTimeframeError */
  async getPlatformAnalytics(platform: string, timeframe = '30d'): Promise<PlatformAnalytics> {
    const name = requirePlatform(platform);
    const period = timeframePeriod(timeframe, this.deps.clock.now());
    const [overview] = await this.platformOverviews(timeframe, name);
    const anomalies = await this.anomaliesSince(period.start, null);
    const nothing = addSums([]);
    return {
      ...(overview ?? { content_pieces: 0, releases: 0, totals: nothing, previous_totals: nothing }),
      platform: name,
      timeframe,
      time_period: [period.start.toISOString(), period.end.toISOString()],
      top_content: await this.trends.getTrendingContent(timeframe, name, shown),
      anomalies: anomalies.filter((anomaly) => anomaly.platform === name),
      insights: await this.getOptimizationInsights(timeframe, [name], shown),
    };
  }

  /**
   * Insights that ask for attention, the highest rank first.
   * @param timeframe those found, or found again, in it; none given means all.
   * @throws BadInputError, UnknownTimeframeError
   */
  getOptimizationInsights(
    timeframe?: string,
    platforms?: readonly string[],
    topN = shown,
  ): Promise<OptimizationInsight[]> {
    return this.getRecommendations(platforms, undefined, timeframe, topN);
  }

  /**
   * Insights of the platforms and contents given, the highest rank first; none given means all.
   * @param timeframe those found, or found again, in it; none given means all.
   * @throws BadInputError for an unknown platform, UnknownTimeframeError, StoreError `notFound` for an unknown content.
   */
  async getRecommendations(
    platforms?: readonly string[],
    contentIds?: readonly string[],
    timeframe?: string,
    topN = mostRecommendations,
  ): Promise<OptimizationInsight[]> {
    const since = timeframe === undefined ? null : timeframePeriod(timeframe, this.deps.clock.now()).start;
    const contents = contentIds === undefined ? null : await requireContents(this.deps.pool, contentIds);
    return this.insights({
      platforms: platforms?.map(requirePlatform) ?? null,
      contentKeys: contents?.map(({ contentKey }) => contentKey) ?? null,
      since,
      limit: topN,
    });
  }

  /** Contents beside each other by the metrics asked for; `performance_score` is one. @throws StoreError `notFound` */
  async getComparativeAnalysis(
    contentIds: readonly string[],
    metrics: readonly string[],
  ): Promise<{ contents: ComparedContent[]; trends: ExplainedTrend[] }> {
    const known = await requireContents(this.deps.pool, contentIds);
    const contents: ComparedContent[] = [];
    for (const { contentId, contentKey, platform, title, releaseId } of known) {
      const values = (await latestValues(this.deps.pool, contentId))?.values ?? {};
      const score = releaseId === null ? null : await this.scoreOf(releaseId);
      const told: Record<string, number> = {
        ...values,
        ...(score === null ? {} : { performance_score: score }),
      };
      contents.push({
        content_id: contentKey,
        platform,
        title,
        metrics: Object.fromEntries(metrics.map((metric) => [metric, told[metric] ?? null])),
      });
    }
    const [first] = metrics.filter((metric) => metric !== 'performance_score');
    const trends = first === undefined ? [] : await this.trends.compareContentTrends(contentIds, first);
    return { contents, trends };
  }

  /**
   * The overview's figures by platform and altogether; `json` comes as the data itself, `csv` and `excel` as an export.
   * @throws BadInputError, UnknownTimeframeError, StoreError, ExportFileError
   */
  exportDashboardData(
    formatType: string,
    timeframe = '30d',
    platforms?: readonly string[],
    includeMetadata = false,
  ): Promise<LibraryExport> {
    return exportForLibrary(this.deps.exports, {
      ...{ dataset: 'overview', formatType, timeframe, includeMetadata },
      platforms: platforms ?? null,
      contentIds: null,
    });
  }

  private async platformOverviews(timeframe: string, platform: Platform | null): Promise<PlatformOverview[]> {
    const period = timeframePeriod(timeframe, this.deps.clock.now());
    const choice = { platforms: platform === null ? null : [platform] };
    const ranges = [period, previousPeriod(period)].map((one) => {
      const { fromDay: from, toDay: to } = periodDays(one);
      return { from, to };
    });
    const [counts, days] = await Promise.all([
      countContents(this.deps.pool, readingFilter(period, choice)),
      readDayTotals(this.deps.pool, ranges, choice.platforms),
    ]);
    const [current = [], before = []] = ranges.map(({ from, to }) =>
      days.filter(({ day }) => day >= from && day < to),
    );
    return counts.map(({ platform: name, contents, releases }) => ({
      platform: name,
      content_pieces: contents,
      releases,
      totals: addSums(current.filter((row) => row.platform === name)),
      previous_totals: addSums(before.filter((row) => row.platform === name)),
    }));
  }

  private async anomaliesSince(since: Date, contentIds: readonly number[] | null): Promise<FoundAnomaly[]> {
    const found = await readAnomalies(this.deps.pool, { contentIds, since: dayOf(since, 'UTC'), limit: 100 });
    return found.map(toFoundAnomaly);
  }

  private async insights(filter: {
    platforms?: readonly string[] | null;
    contentKeys?: readonly string[] | null;
    since?: Date | null;
    limit?: number;
  }): Promise<OptimizationInsight[]> {
    const found = await readInsights(
      this.deps.pool,
      {
        artistId: null,
        platforms: filter.platforms ?? null,
        contentKeys: filter.contentKeys ?? null,
        since: filter.since ?? null,
        limit: filter.limit ?? 100,
      },
      dayOf(this.deps.clock.now(), 'UTC'),
    );
    return found.map(toInsight);
  }

  private async scoreOf(releaseId: number): Promise<number | null> {
    const scores = await latestScores(this.deps.pool, { artistIds: null, releaseIds: [releaseId] });
    const told = scores.filter(({ score }) => score !== null).sort((a, b) => b.ageDays - a.ageDays);
    return told[0]?.score ?? null;
  }
}
