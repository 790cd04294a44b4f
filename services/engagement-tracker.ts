import type { Pool } from 'pg';
import type { EngagementSnapshot } from '../contracts/models.js';
import type { Clock } from '../contracts/ports.js';
import { parsePlatform, platforms, type Platform } from '../contracts/vocabulary.js';
import {
  countContents,
  latestValues,
  sumByPlatform,
  summedMetrics,
  type KnownContent,
  type MetricSums,
} from '../store/engagement.js';
import type { AnalysisSettings } from './analysis-settings.js';
import { BadInputError } from './bad-input.js';
import {
  explainAnomalies,
  type AnomalyQuery,
  type ContentAnomaly,
  type ExplainedAnomalies,
} from './content-anomalies.js';
import { requireContent } from './known-contents.js';
import { readingFilter } from './reading-period.js';
import type { CacheStats, ResultCache } from './result-cache.js';
import { lastDays, previousPeriod, timeframePeriod, type Period } from './timeframe.js';
import {
  batchTrackEngagement,
  trackEngagement,
  type BatchTrackResult,
  type TrackRequest,
} from './track-engagement.js';

export interface EngagementTrackerDeps {
  pool: Pool;
  clock: Clock;
  cache: ResultCache;
  settings?: Pick<AnalysisSettings, 'minAnomalyPoints'>;
}

export interface PeriodMetrics {
  time_period: [start: string, end: string];
  /** What was gained in the period, and in the one of the same length before it; null was not told. */
  totals: MetricSums;
  previous_totals: MetricSums;
  /** (likes + comments + shares) / views of the period; null without views. */
  engagement_rate_computed: number | null;
}

export interface PlatformMetrics extends PeriodMetrics {
  platform: Platform;
  total_content_pieces: number;
}

export interface EngagementSummary extends PeriodMetrics {
  content_id: string;
  platform: Platform;
  title: string | null;
  /** The last value of each metric; null before the first snapshot. */
  latest: EngagementSnapshot | null;
}

/** Adds sums up; null stays null where nothing was told. */
export function addSums(rows: readonly MetricSums[]): MetricSums {
  const total = Object.fromEntries(summedMetrics.map((metric) => [metric, null])) as MetricSums;
  for (const row of rows) {
    for (const metric of summedMetrics) {
      const value = row[metric];
      if (value !== null) total[metric] = (total[metric] ?? 0) + value;
    }
  }
  return total;
}

/** (likes + comments + shares) / views; null without views, or where none of the three was told. */
export function computedEngagementRate(
  sums: Pick<MetricSums, 'views' | 'likes' | 'comments' | 'shares'>,
): number | null {
  const { views, likes, comments, shares } = sums;
  if (views === null || views <= 0) return null;
  if (likes === null && comments === null && shares === null) return null;
  const rate = ((likes ?? 0) + (comments ?? 0) + (shares ?? 0)) / views;
  // Of next to no views it would be no number.
  return Number.isFinite(rate) ? rate : null;
}

/** Reads a platform's name. @throws BadInputError */
export function requirePlatform(text: string): Platform {
  const platform = parsePlatform(text);
  if (platform === null) {
    throw new BadInputError(`Unknown platform «${text}»: give one of ${platforms.join(', ')}.`);
  }
  return platform;
}

/** Takes in what callers push, and sums up what is known of contents and platforms. */
export class EngagementTracker {
  constructor(private readonly deps: EngagementTrackerDeps) {}

  /** Keeps a content's figures as of now; returns the snapshot's id. @throws BadInputError, StoreError */
  async trackEngagement(
    contentId: string,
    platform: string,
    metrics: Record<string, number>,
    metadata?: Record<string, unknown>,
  ): Promise<string> {
    const snapshotId = await trackEngagement(this.deps, {
      content_id: contentId,
      platform,
      metrics,
      metadata,
    });
    this.deps.cache.clear();
    return snapshotId;
  }

  /** The same for up to 10,000 at once. @throws BadInputError, StoreError */
  async batchTrackEngagement(requests: readonly TrackRequest[]): Promise<BatchTrackResult> {
    const result = await batchTrackEngagement(this.deps, requests);
    this.deps.cache.clear();
    return result;
  }

  /**
   * What a content gained in the last days, and the last value of each of its metrics.
   * @throws StoreError `notFound` for an unknown content.
   */
  async getEngagementSummary(contentId: string, timePeriodDays = 30): Promise<EngagementSummary> {
    return this.deps.cache.remember(`summary ${contentId} ${timePeriodDays}`, async () => {
      const content = await requireContent(this.deps.pool, contentId);
      const period = lastDays(timePeriodDays, this.deps.clock.now());
      const choice = { contentIds: [content.contentId] };
      return {
        content_id: content.contentKey,
        platform: content.platform,
        title: content.title,
        latest: await this.latestSnapshot(content),
        ...(await this.periodMetrics(period, choice)),
      };
    });
  }

  /** What a platform's contents gained in the timeframe. @throws BadInputError, UnknownTimeframeError */
  async getPlatformMetrics(platform: string, timeframe = '30d'): Promise<PlatformMetrics> {
    const name = requirePlatform(platform);
    const period = timeframePeriod(timeframe, this.deps.clock.now());
    return this.deps.cache.remember(`platform ${name} ${timeframe}`, async () => {
      const choice = { platforms: [name] };
      const counted = await countContents(this.deps.pool, readingFilter(period, choice));
      return {
        platform: name,
        total_content_pieces: counted[0]?.contents ?? 0,
        ...(await this.periodMetrics(period, choice)),
      };
    });
  }

  /**
   * Anomalies of a content's last days, judged by all days before them; empty where they are too few.
   * @throws StoreError `notFound` for an unknown content.
   */
  async detectAnomalies(contentId: string, metric = 'views', timePeriodDays = 30): Promise<ContentAnomaly[]> {
    return (await this.explainAnomalies(contentId, { metric, timePeriodDays })).anomalies;
  }

  /**
   * The same with method, version, parameters, number of points and the reason where nothing was judged; by a plain
   * mode or another threshold where one is told.
   * @throws StoreError `notFound` for an unknown content, BadInputError for an unknown mode or threshold
   */
  explainAnomalies(contentId: string, query: AnomalyQuery = {}): Promise<ExplainedAnomalies> {
    const { pool, settings } = this.deps;
    const minPoints = settings?.minAnomalyPoints;
    return explainAnomalies({ pool, ...(minPoints === undefined ? {} : { minPoints }) }, contentId, query);
  }

  getCacheStats(): CacheStats {
    return this.deps.cache.stats();
  }

  clearCache(): void {
    this.deps.cache.clear();
  }

  private async latestSnapshot(content: KnownContent): Promise<EngagementSnapshot | null> {
    const latest = await latestValues(this.deps.pool, content.contentId);
    if (latest === null) return null;
    return {
      content_id: content.contentKey,
      platform: content.platform,
      timestamp: latest.recordedAt.toISOString(),
      metrics: latest.values,
      metadata: latest.metadata,
    };
  }

  private async periodMetrics(
    period: Period,
    choice: { platforms?: readonly string[]; contentIds?: readonly number[] },
  ): Promise<PeriodMetrics> {
    const totals = addSums(await sumByPlatform(this.deps.pool, readingFilter(period, choice)));
    const before = await sumByPlatform(this.deps.pool, readingFilter(previousPeriod(period), choice));
    return {
      time_period: [period.start.toISOString(), period.end.toISOString()],
      totals,
      previous_totals: addSums(before),
      engagement_rate_computed: computedEngagementRate(totals),
    };
  }
}
