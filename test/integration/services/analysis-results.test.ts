/** What the analyses stored, as callers read it: every result with what it was told by, or why there is none. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AnalysisResults } from '../../../services/analysis-results.js';
import { correlateFeatures } from '../../../services/correlate-features.js';
import { detectAnomalies } from '../../../services/detect-anomalies.js';
import { forecastTrends } from '../../../services/forecast-trends.js';
import { PerformanceAnalyticsManager } from '../../../services/performance-analytics-manager.js';
import { ScoreService } from '../../../services/release-scores.js';
import { StoreError } from '../../../store/errors.js';
import { analyseGeneratedHistory, type AnalysedHistory } from './analysed-history.js';

let history: AnalysedHistory;
let results: AnalysisResults;
let manager: PerformanceAnalyticsManager;
beforeAll(async () => {
  history = await analyseGeneratedHistory();
  const { pool, clock, settings } = history.deps;
  results = new AnalysisResults({ pool, clock });
  manager = new PerformanceAnalyticsManager(pool, { clock, settings });
});
afterAll(() => history.close());

const keyOf = (externalId: string): string => `youtube:${externalId}`;

it('hold every field that the contract names', async () => {
  const { changePoint } = history.answers;
  const trend = await manager.analyzeTrend(keyOf(changePoint.externalId), 'views', 90);
  expect(Object.keys(trend!)).toEqual(
    expect.arrayContaining([
      ...['metric_name', 'time_period', 'overall_direction', 'strength', 'trend_points', 'change_points'],
      ...['seasonality_patterns', 'predictions', 'key_insights', 'statistical_metrics'],
    ]),
  );
  expect(trend!.time_period).toHaveLength(2);
  expect(Object.keys(trend!.trend_points[0]!)).toEqual(expect.arrayContaining(['timestamp', 'value']));
  expect(Object.keys(trend!.predictions[0]!)).toEqual(
    expect.arrayContaining(['timestamp', 'value', 'lower_80', 'upper_80', 'lower_95', 'upper_95']),
  );
  expect(trend!.statistical_metrics).toHaveProperty('r_squared');
  const [correlation] = await manager.analyzeFeatureCorrelations();
  expect(Object.keys(correlation!)).toEqual(
    expect.arrayContaining([
      ...['feature', 'metric', 'correlation_coefficient', 'p_value', 'strength', 'direction'],
      ...['significance_level', 'sample_size', 'confidence_interval', 'interpretation'],
    ]),
  );
  expect(correlation!.confidence_interval).toHaveLength(2);
  const [insight] = await manager.getOptimizationInsights('1y', undefined, 1);
  expect(Object.keys(insight!)).toEqual(
    expect.arrayContaining([
      ...['insight_type', 'priority', 'title', 'description', 'impact_prediction'],
      ...['implementation_difficulty', 'affected_content', 'data_supporting'],
    ]),
  );
});

describe('stored anomalies', () => {
  it('carry method, version, parameters and points', async () => {
    const { spike } = history.answers;
    const found = await results.anomalies({ contentId: keyOf(spike.externalId), metric: 'views' });
    expect(found.map(({ day, metric }) => [day, metric])).toEqual([[spike.day, 'views']]);
    expect(found[0]).toMatchObject({
      ...{
        method: 'seasonal',
        version: '2',
        parameters: { threshold: 3.5, refractory_days: 7, min_points: 14 },
      },
      ...{ kind: 'spike', direction: 'up', platform: 'youtube' },
    });
    expect(found[0]!.points).toBeGreaterThan(60);
  });

  it('are those of the subjects asked for', async () => {
    const all = await results.anomalies({ since: '2020-01-01' });
    const platforms = await Promise.all(
      ['youtube', 'spotify'].map((platform) => results.anomalies({ since: '2020-01-01', platform })),
    );
    expect(all.length).toBeGreaterThan(2);
    expect(platforms.map(({ length }) => length)).toEqual([all.length, 0]);
    const releaseId = all[0]!.release_id!;
    const ofRelease = await results.anomalies({ since: '2020-01-01', releaseId });
    expect(ofRelease).toEqual(all.filter(({ release_id: id }) => id === releaseId));
    expect(await results.anomalies({ since: '2020-01-01', limit: 1 })).toEqual(all.slice(0, 1));
    expect(await results.anomalies({ since: all[0]!.day })).toEqual(
      all.filter(({ day }) => day === all[0]!.day),
    );
    await expect(results.anomalies({ releaseId: 99_999 })).rejects.toThrow(StoreError);
    await expect(results.anomalies({ contentId: 'nobody' })).rejects.toThrow('«nobody»');
  });

  it('name the series that nothing was judged of, with what they lack', async () => {
    const judgements = await history.rows<{
      points: number;
      withheld_reason: string | null;
      parameters: unknown;
    }>('select points, withheld_reason, parameters from judged_series order by content_id, metric');
    const short = judgements.filter(({ points }) => points < 14);
    expect(judgements.length).toBeGreaterThan(60);
    expect(judgements.map((one) => one.withheld_reason === null)).toEqual(
      judgements.map(({ points }) => points >= 14),
    );
    expect(judgements.every((one) => (one.parameters === null) === (one.withheld_reason !== null))).toBe(
      true,
    );
    const unjudged = await results.unjudged();
    expect(unjudged).toHaveLength(short.length);
    for (const { points, withheld } of unjudged)
      expect(withheld).toMatch(`needs ${String(14 - points)} more day`);
  });

  it('judge by the settings, and change no row when told again', async () => {
    const before = await history.rows('select * from judged_series order by 1, 2, 3');
    await history.run(detectAnomalies, { id: await history.newRun() });
    expect(await history.rows('select * from judged_series order by 1, 2, 3')).toEqual(before);
    const settings = { ...history.deps.settings, minAnomalyPoints: 100_000 };
    const strict = await detectAnomalies(
      { ...history.deps, settings },
      {
        ...{ runId: await history.newRun(), scope: { kind: 'all' }, onProgress: () => undefined },
        signal: new AbortController().signal,
      },
    );
    expect(strict).toMatchObject({ found: 0, withheld: strict.subjects });
    expect(await results.unjudged()).toHaveLength(before.length);
    await history.run(detectAnomalies, { id: await history.newRun() });
    expect((await results.anomalies({ since: '2020-01-01' })).length).toBeGreaterThan(2);
  });
});

describe('anomalies here and now', () => {
  it('come by the default mode, by the plain ones, and by another threshold', async () => {
    const { spike } = history.answers;
    const contentId = keyOf(spike.externalId);
    const told = await manager.engagementTracker.explainAnomalies(contentId, { timePeriodDays: 400 });
    expect(told).toMatchObject({ method: 'seasonal', version: '2', withheld: null });
    expect(told.anomalies.map(({ day }) => day)).toEqual([spike.day]);
    for (const mode of ['zscore', 'robust']) {
      const plain = await manager.engagementTracker.explainAnomalies(contentId, {
        mode,
        timePeriodDays: 400,
      });
      expect(plain).toMatchObject({ method: mode, points: told.points, withheld: null });
      expect(plain.anomalies.length).toBeGreaterThan(0);
    }
    const none = await manager.engagementTracker.explainAnomalies(contentId, { threshold: 1e6 });
    expect(none).toMatchObject({ anomalies: [], parameters: { threshold: 1e6 }, withheld: null });
    for (const wrong of [{ mode: 'magic' }, { threshold: -1 }]) {
      await expect(manager.engagementTracker.explainAnomalies(contentId, wrong)).rejects.toThrow(
        /Unknown mode «magic»: give one of zscore, robust, seasonal|above 0/,
      );
    }
  });

  it('are withheld where the simulation switched the detector off, unless a threshold is told', async () => {
    const { spike } = history.answers;
    const contentId = keyOf(spike.externalId);
    await history.rows(
      `update anomaly_detectors set enabled = false, reason = 'too many alerts' where metric = 'views'`,
    );
    expect(await manager.engagementTracker.explainAnomalies(contentId)).toMatchObject({
      ...{ anomalies: [], withheld: 'too many alerts' },
    });
    const asked = { threshold: 3.5, timePeriodDays: 400 };
    expect((await manager.engagementTracker.explainAnomalies(contentId, asked)).anomalies).toHaveLength(1);
    await history.run(detectAnomalies, { id: await history.newRun() });
    expect(await results.anomalies({ contentId, metric: 'views' })).toEqual([]);
    expect(await results.unjudged({ contentId, metric: 'views' })).toMatchObject([
      { withheld: 'too many alerts', parameters: null },
    ]);
    await history.rows('delete from anomaly_detectors');
    await history.run(detectAnomalies, { id: await history.newRun() });
  });
});

describe('stored trends and forecasts', () => {
  it('carry method, version, parameters, points, and the backtest', async () => {
    const { changePoint } = history.answers;
    const asked = { contentId: keyOf(changePoint.externalId), metric: 'views' };
    const [trend] = await results.trends(asked);
    expect(trend).toMatchObject({
      ...{
        method: 'theil-sen',
        version: '2',
        parameters: { min_points: 10, trend_days: 90 },
        withheld: null,
      },
      change_points: [{ timestamp: changePoint.day, kind: 'level' }],
    });
    expect(trend!.slope_interval![0]).toBeLessThan(trend!.slope!);
    const [forecast] = await results.forecasts(asked);
    expect(forecast).toMatchObject({
      version: '5',
      withheld: null,
      parameters: { non_negative: true, h: 30 },
    });
    expect(forecast!.predictions).toHaveLength(30);
    expect(Object.values(forecast!.weights!).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1);
    expect(forecast!.backtest).toMatchObject({ horizon: 30, mae_naive: expect.any(Number) as number });
    const told = await manager.trendAnalyzer.analyzeTrend(asked.contentId, 'views', 90);
    expect(told!.backtest).toMatchObject({ version: 5, mae: forecast!.backtest!['mae'] });
  });

  it('tell by what a trend was withheld, and follow a platform’s own minimum', async () => {
    const settings = { ...history.deps.settings, platformMinDataPoints: { spotify: 1_000 } };
    const deps = { ...history.deps, settings };
    await forecastTrends(deps, {
      ...{ runId: await history.newRun(), scope: { kind: 'all' }, onProgress: () => undefined },
      signal: new AbortController().signal,
    });
    const trends = await results.trends();
    const withheld = trends.filter((trend) => trend.withheld !== null);
    expect(withheld.length).toBeGreaterThan(10);
    expect(new Set(withheld.map(({ platform }) => platform))).toEqual(new Set(['spotify']));
    for (const { parameters, points, withheld: reason } of withheld) {
      expect(parameters).toEqual({ min_points: 1_000, trend_days: 90 });
      expect(reason).toBe(`needs ${String(1_000 - points)} more days`);
    }
    const strict = new PerformanceAnalyticsManager(deps.pool, { clock: deps.clock, settings });
    const content = withheld[0]!.content_id;
    expect(await strict.trendAnalyzer.analyzeTrend(content, 'streams')).toBeNull();
    expect(await manager.trendAnalyzer.analyzeTrend(content, 'streams')).not.toBeNull();
    await history.run(forecastTrends, { id: await history.newRun() });
    expect((await results.trends()).filter((trend) => trend.withheld !== null)).toEqual([]);
  });
});

describe('stored correlations and scores', () => {
  it('carry method, version, sample and the reason where they are withheld', async () => {
    const found = await results.correlations();
    expect(found.find(({ feature }) => feature === 'duration_seconds')).toMatchObject({
      ...{ artist_id: history.artistId, significant: true, direction: 'negative', withheld: null },
    });
    const withheld = found.filter((one) => one.withheld !== null);
    expect(withheld.length).toBeGreaterThan(0);
    for (const one of found) {
      expect(one.withheld === null).toBe(one.correlation_coefficient !== null);
      expect(one.interpretation ?? '').not.toMatch(/caus/i);
    }
    const certain = found.flatMap(({ adjusted_p_value: p }) => (p === null ? [] : [p]));
    expect(certain).toEqual(certain.toSorted((a, b) => a - b));
    expect(await results.correlations(history.artistId + 1)).toEqual([]);
  });

  it('follow the contents that a test needs, in a run and here', async () => {
    const settings = { ...history.deps.settings, minContents: 1_000 };
    const strict = new PerformanceAnalyticsManager(history.deps.pool, { ...history.deps, settings });
    const family = await strict.correlationAnalyzer.explainFeatureCorrelations(undefined, undefined, 400);
    expect(family.results).toEqual([]);
    expect(family.withheld[0]!.withheld).toMatch(/^needs \d+ more contents$/);
    const result = await correlateFeatures(
      { ...history.deps, settings },
      {
        ...{ runId: await history.newRun(), scope: { kind: 'all' }, onProgress: () => undefined },
        signal: new AbortController().signal,
      },
    );
    expect(result).toMatchObject({ found: 0, withheld: result.subjects });
    const plain = await manager.correlationAnalyzer.analyzeFeatureCorrelations(undefined, undefined, 400);
    expect(plain.length).toBeGreaterThan(0);
    await history.run(correlateFeatures, { id: await history.newRun() });
  });

  it('list the scores of a release, and of a platform', async () => {
    const service = new ScoreService(history.deps);
    const all = await service.list({ artistId: null, releaseId: null, platform: null });
    const [first] = all;
    expect(first).toMatchObject({ artist_id: history.artistId, run_id: history.runId });
    const ofRelease = await service.list({ artistId: null, releaseId: first!.release_id, platform: null });
    expect(ofRelease.map(({ age_days: age }) => age)).toEqual([7, 28]);
    expect(await service.list({ artistId: null, releaseId: null, platform: 'tiktok' })).toEqual([]);
    const scored = all.filter(({ contributions }) => contributions.some((one) => one.platform === 'spotify'));
    expect(await service.list({ artistId: null, releaseId: null, platform: 'spotify' })).toEqual(scored);
    expect(scored.length).toBeGreaterThan(10);
  });
});
