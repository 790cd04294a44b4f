import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pino } from 'pino';
import {
  BadInputError,
  PerformanceAnalyticsManager,
  PerformanceDbError,
  PerformanceService,
  StockSuccessTracker,
  StoreError,
  UnknownTimeframeError,
} from '../../../services/index.js';
import { addArtist } from '../../../store/artists.js';
import { addRelease } from '../../../store/releases.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';

const logger = pino({ level: 'silent' });
let now = new Date('2026-05-20T12:00:00.000Z');
const clock = { now: () => now };
let database: TestDatabase;
let manager: PerformanceAnalyticsManager;
let approvedId: number;
let draftId: number;

beforeAll(async () => {
  database = await createTestDatabase();
  manager = new PerformanceAnalyticsManager(database.pool, { clock, logger });
  const { id: artistId } = await addArtist(database.pool, 'An artist');
  approvedId = (await addRelease(database.pool, { artistId, title: 'Out', state: 'approved' })).id;
  draftId = (await addRelease(database.pool, { artistId, title: 'Not yet' })).id;
});
afterAll(() => database.drop());

describe('the specification’s own checks', () => {
  it('pass', async () => {
    const snapshotId = await manager.trackContentPerformance('content-123', 'youtube', {
      views: 1000,
      likes: 50,
      engagement_rate: 0.05,
    });
    expect(snapshotId).not.toBe('');
    expect(await manager.correlationAnalyzer.analyzeFeatureCorrelations(undefined, undefined, 30)).toEqual(
      [],
    );
    expect(await manager.trendAnalyzer.analyzeTrend('content-123', 'views')).toBeNull();
    const overview = await manager.getDashboardOverview('7d');
    expect(overview.total_content_pieces).toBeGreaterThanOrEqual(1);
    expect(await manager.getOptimizationInsights()).toEqual([]);
  });
});

describe('PerformanceAnalyticsManager', () => {
  it('is ready on a migrated database, and says what is missing on an empty one', async () => {
    await manager.initializeSystem();
    const empty = await createTestDatabase({ migrated: false });
    await expect(new PerformanceAnalyticsManager(empty.pool).initializeSystem()).rejects.toMatchObject({
      code: 'notMigrated',
    });
    await new PerformanceService({ pool: empty.pool, clock, logger }).applySchema();
    await new PerformanceAnalyticsManager(empty.pool).initializeSystem();
    await empty.drop();
  });

  it('keeps a caller’s own id, engagement rate and words, and sees them at once', async () => {
    await manager.trackContentPerformance(
      'mine-1',
      'YouTube',
      { views: 10, engagement_rate: 0.5, my_metric: 3 },
      { source: 'script' },
    );
    const before = await manager.engagementTracker.getEngagementSummary('mine-1');
    expect(before.latest).toEqual({
      content_id: 'mine-1',
      platform: 'youtube',
      timestamp: now.toISOString(),
      metrics: { views: 10, engagement_rate: 0.5, my_metric: 3 },
      metadata: { source: 'script' },
    });
    now = new Date(now.getTime() + 86_400_000);
    await manager.trackContentPerformance('mine-1', 'youtube', { views: 25 });
    const after = await manager.engagementTracker.getEngagementSummary('mine-1');
    expect(after.latest?.metrics).toEqual({ views: 25, engagement_rate: 0.5, my_metric: 3 });
    expect(after.totals.views).toBe(15);
  });

  it('takes batches, and rejects by itself what makes no sense', async () => {
    const result = await manager.engagementTracker.batchTrackEngagement([
      { content_id: 'b-1', platform: 'x', metrics: { likes: 3 } },
      { content_id: 'b-2', platform: 'myspace', metrics: { likes: 3 } },
      { content_id: 'b-3', platform: 'tiktok', metrics: { likes: Number.NaN } },
      { content_id: ' ', platform: 'tiktok', metrics: { likes: 1 } },
      { content_id: 'b-4', platform: 'tiktok', metrics: {} },
      { content_id: 'b-1', platform: 'twitter', metrics: { views: 9 } },
    ]);
    expect(result.accepted).toBe(2);
    expect(result.snapshot_ids).toHaveLength(2);
    expect(result.rejected.map(({ index }) => index)).toEqual([1, 2, 3, 4]);
    expect(result.rejected[0]!.reason).toContain('myspace');
    const { latest } = await manager.engagementTracker.getEngagementSummary('b-1');
    expect(latest).toMatchObject({ platform: 'twitter', metrics: { likes: 3, views: 9 } });
    const platform = await manager.engagementTracker.getPlatformMetrics('X', '7d');
    expect(platform).toMatchObject({ platform: 'twitter', total_content_pieces: 1 });
  });

  it('caches answers until something is tracked', async () => {
    manager.engagementTracker.clearCache();
    await manager.getDashboardOverview('30d');
    const cold = manager.engagementTracker.getCacheStats();
    await manager.getDashboardOverview('30d');
    const warm = manager.engagementTracker.getCacheStats();
    expect(warm.hits).toBe(cold.hits + 1);
    expect(warm.misses).toBe(cold.misses);
    await manager.trackContentPerformance('mine-1', 'youtube', { views: 26 });
    expect(manager.engagementTracker.getCacheStats().cache_size).toBe(0);
  });

  it('analyses and compares contents', async () => {
    const analysis = await manager.analyzeContentPerformance('mine-1');
    expect(analysis.summary).toMatchObject({ content_id: 'mine-1', performance_score: null, anomalies: [] });
    expect(analysis.trends?.[0]).toMatchObject({ metric_name: 'views', analysis: null });
    expect(analysis.trends?.[0]?.reason).toMatch(/needs \d+ more days/);
    expect(analysis.anomalies).toEqual([]);
    expect(await manager.analyzeContentPerformance('mine-1', 'trend')).not.toHaveProperty('summary');
    const compared = await manager.compareContentPerformance(
      ['content-123', 'mine-1'],
      ['likes', 'performance_score'],
    );
    expect(compared.contents.map(({ metrics }) => metrics)).toEqual([
      { likes: 50, performance_score: null },
      { likes: null, performance_score: null },
    ]);
  });

  it('tells what trends, and a platform’s figures', async () => {
    const trending = await manager.trendAnalyzer.getTrendingContent('7d');
    expect(trending[0]).toMatchObject({
      content_id: 'mine-1',
      metric_name: 'views',
      total: 16,
      growth: null,
    });
    const insights = await manager.getPlatformInsights('youtube', 'LAST_30_DAYS');
    expect(insights).toMatchObject({ platform: 'youtube', content_pieces: 2, insights: [] });
  });

  it('says what is wrong with what it is asked', async () => {
    await expect(manager.analyzeContentPerformance('nobody')).rejects.toThrow(StoreError);
    await expect(manager.analyzeContentPerformance('mine-1', 'astrology')).rejects.toThrow(BadInputError);
    await expect(manager.getDashboardOverview('3 weeks')).rejects.toThrow(UnknownTimeframeError);
    await expect(manager.getPlatformInsights('myspace')).rejects.toThrow(BadInputError);
    await expect(manager.compareContentPerformance(['mine-1', 'nobody'], ['views'])).rejects.toThrow(
      '«nobody»',
    );
  });

  it('tells its status, also of a database that does not answer', async () => {
    const status = await manager.getSystemStatus();
    expect(status.database.connected).toBe(true);
    expect(status.configuration.supported_platforms).toContain('spotify');
    const nowhere = new pg.Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });
    const dead = await new PerformanceAnalyticsManager(nowhere).getSystemStatus();
    expect(dead.database).toMatchObject({ connected: false, version: null });
    expect(dead.database.error).not.toBe('');
    await nowhere.end();
  });
});

describe('PerformanceService', () => {
  const service = (): PerformanceService => new PerformanceService({ pool: database.pool, clock, logger });

  it('records values of approved releases and reads them back', async () => {
    expect(await service().insertPerformanceRecord(approvedId, 'Spotify', 'saves', 12)).toBe(true);
    const earlier = new Date('2026-05-01T00:00:00Z');
    expect(await service().addPerformanceMetric(approvedId, 'spotify', 'listen_time', 3.5, earlier)).toBe(
      true,
    );
    const records = await service().getPerformanceMetricsForRelease(approvedId);
    const instants = records.filter(({ grain }) => grain === 'instant');
    expect(
      instants.map(({ metric_name, metric_value, source }) => [metric_name, metric_value, source]),
    ).toEqual([
      ['listen_time', 3.5, 'manual'],
      ['saves', 12, 'manual'],
    ]);
    const some = await service().getPerformanceData({ release_id: approvedId, end_date: earlier });
    expect(some).toEqual([]);
  });

  it('fails in its own terms', async () => {
    const failures = [
      service().insertPerformanceRecord(draftId, 'spotify', 'saves', 1),
      service().insertPerformanceRecord(999_999, 'spotify', 'saves', 1),
      service().insertPerformanceRecord(approvedId, 'myspace', 'saves', 1),
      service().insertPerformanceRecord(approvedId, 'spotify', 'saves', Number.NaN),
    ];
    const settled = await Promise.allSettled(failures);
    for (const outcome of settled) {
      expect(outcome.status).toBe('rejected');
      expect((outcome as PromiseRejectedResult).reason).toBeInstanceOf(PerformanceDbError);
    }
    await expect(service().insertPerformanceRecord(draftId, 'spotify', 'saves', 1)).rejects.toThrow(
      /approved/,
    );
  });
});

describe('StockSuccessTracker', () => {
  const tracker = (): StockSuccessTracker => new StockSuccessTracker({ pool: database.pool, clock });

  it('ranks by name before any evidence, and by what was logged after it', async () => {
    await tracker().logClipUsage('zebra', 'z-1', approvedId);
    await tracker().logClipUsage('zebra', 'z-1', approvedId);
    await tracker().logClipUsage('aardvark', 'a-1', draftId);
    expect(await tracker().getTopSources()).toEqual(['aardvark', 'zebra']);
    await tracker().logReleasePerformance(approvedId, 9);
    await tracker().logReleasePerformance(draftId, 2);
    expect(await tracker().getTopSources(1)).toEqual(['zebra']);
    await tracker().logReleasePerformance(draftId, 10);
    expect(await tracker().getTopSources(1)).toEqual(['aardvark']);
    const { rows } = await database.pool.query(
      'select performance_score, superseded_at is null as current from stock_performance_events where release_id = $1 order by id',
      [draftId],
    );
    expect(rows).toEqual([
      { performance_score: 2, current: false },
      { performance_score: 10, current: true },
    ]);
  });

  it('explores by a seed, and ranks as before without one', async () => {
    const ranked = await tracker().getTopSources(2);
    const orders = await Promise.all(
      Array.from({ length: 40 }, (_, seed) => tracker().getTopSources(2, { explore: { seed } })),
    );
    expect(new Set(orders.map(([first]) => first))).toEqual(new Set(['aardvark', 'zebra']));
    expect(await tracker().getTopSources(2, { explore: { seed: 7 } })).toEqual(orders[7]);
    expect(await tracker().getTopSources(2)).toEqual(ranked);
  });

  it('says what is missing to judge the history', async () => {
    expect(await tracker().judgeHistory()).toMatchObject({
      ...{ releases: 2, judged: 0, verdict: 'not_enough_data' },
      withheld_reason: expect.stringMatching(/^needs 20 more scored releases/) as string,
    });
  });

  it('refuses what makes no sense', async () => {
    await expect(tracker().logClipUsage('', 'c', approvedId)).rejects.toThrow(BadInputError);
    await expect(tracker().logReleasePerformance(approvedId, 11)).rejects.toThrow(BadInputError);
    await expect(tracker().getTopSources(0)).rejects.toThrow(BadInputError);
    await expect(tracker().rankSources({ halfLifeDays: 0 })).rejects.toThrow(BadInputError);
    await expect(tracker().getTopSources(3, { explore: { seed: 0.5 } })).rejects.toThrow(BadInputError);
    await expect(tracker().judgeHistory(0)).rejects.toThrow(BadInputError);
    await expect(tracker().logReleasePerformance(999_999, 5)).rejects.toMatchObject({ code: 'notFound' });
    await expect(tracker().logClipUsage('s', 'c', 999_999)).rejects.toMatchObject({ code: 'notFound' });
  });
});

describe('the manager', () => {
  it('passes the methods of its parts on', async () => {
    const other = new PerformanceAnalyticsManager(database.pool, { clock, logger });
    const { engagementTracker, trendAnalyzer, dashboard } = other;
    expect(await other.trackEngagement('passed-on', 'youtube', { views: 5 })).not.toBe('');
    const batch = [
      { content_id: 'passed-on', platform: 'youtube', metrics: { views: 'no' as unknown as number } },
    ];
    expect((await other.batchTrackEngagement(batch)).accepted).toBe(0);
    expect(await other.getEngagementSummary('passed-on', 7)).toEqual(
      await engagementTracker.getEngagementSummary('passed-on', 7),
    );
    expect(await other.getPlatformMetrics('youtube', '7d')).toEqual(
      await engagementTracker.getPlatformMetrics('youtube', '7d'),
    );
    expect(await other.detectAnomalies('passed-on')).toEqual([]);
    expect(await other.analyzeTrend('passed-on', 'views', 30, 30)).toBeNull();
    expect(await other.getTrendingContent('7d', 'youtube', 1)).toEqual(
      await trendAnalyzer.getTrendingContent('7d', 'youtube', 1),
    );
    expect(await other.compareContentTrends(['passed-on'], 'views')).toMatchObject([
      { content_id: 'passed-on', analysis: null, reason: 'needs 10 more days', backtest: null },
    ]);
    expect(await other.getContentPerformanceSummary('passed-on')).toEqual(
      await dashboard.getContentPerformanceSummary('passed-on'),
    );
    expect(await other.getPlatformAnalytics('youtube')).toEqual(
      await dashboard.getPlatformAnalytics('youtube'),
    );
    expect(await other.getComparativeAnalysis(['passed-on'], ['views'])).toMatchObject({
      contents: [{ content_id: 'passed-on', metrics: { views: 5 } }],
    });
    expect(other.getCacheStats().cache_size).toBeGreaterThan(0);
    other.clearCache();
    expect(other.getCacheStats()).toMatchObject({ cache_size: 0 });
  });
});
