import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AssociationDetail } from '../../../contracts/correlation-models.js';
import type { AnalysisScope } from '../../../contracts/runs.js';
import { correlateFeatures } from '../../../services/correlate-features.js';
import { detectAnomalies } from '../../../services/detect-anomalies.js';
import { forecastTrends } from '../../../services/forecast-trends.js';
import { PerformanceAnalyticsManager } from '../../../services/performance-analytics-manager.js';
import { analyseGeneratedHistory, type AnalysedHistory } from './analysed-history.js';

let history: AnalysedHistory;
beforeAll(async () => {
  history = await analyseGeneratedHistory();
});
afterAll(() => history.close());

interface FoundAnomaly {
  externalId: string;
  metric: string;
  day: string;
  kind: string;
  direction: string;
}

describe('anomalies over the generated world', () => {
  const readAnomalies = (): Promise<FoundAnomaly[]> =>
    history.rows<FoundAnomaly>(
      `select c.external_id as "externalId", a.metric, a.day::text as day, a.kind, a.direction
       from anomalies a join contents c on c.id = a.content_id`,
    );

  it('finds the planted spike, drop and change of level on their days', async () => {
    const { spike, drop, changePoint } = history.answers;
    const found = await readAnomalies();
    const views = { metric: 'views' };
    expect(found).toContainEqual({
      ...views,
      externalId: spike.externalId,
      day: spike.day,
      kind: 'spike',
      direction: 'up',
    });
    expect(found).toContainEqual({
      ...views,
      externalId: drop.externalId,
      day: drop.day,
      kind: 'drop',
      direction: 'down',
    });
    expect(found).toContainEqual({
      ...{ ...views, externalId: changePoint.externalId, day: changePoint.day },
      ...{ kind: 'level', direction: 'up' },
    });
  });

  it('finds nothing else: not at the change of definition, the correction, the outage, nor at launches', async () => {
    const { spike, drop, changePoint } = history.answers;
    const planted = new Set([spike, drop, changePoint].map(({ externalId, day }) => `${externalId} ${day}`));
    const found = await readAnomalies();
    expect(found.filter(({ externalId, day }) => !planted.has(`${externalId} ${day}`))).toEqual([]);
  });

  it('takes a change of definition for no event, however large, and would if the break were not known', async () => {
    const { definitionChange, flat } = history.answers;
    const scope: AnalysisScope = { kind: 'contents', contentIds: [`youtube:${flat.externalId}`] };
    const scaleFromBreak = (factor: number): Promise<unknown> =>
      history.rows(
        `update content_performance_history h set views = h.views * $3
         from contents c
         where c.id = h.content_id and c.external_id = $1 and h.day >= $2`,
        [flat.externalId, definitionChange.day, factor],
      );
    const foundAtBreak = async (): Promise<number> => {
      await history.run(detectAnomalies, { scope });
      const found = await readAnomalies();
      return found.filter(
        ({ externalId, metric, day }) =>
          externalId === flat.externalId && metric === 'views' && day === definitionChange.day,
      ).length;
    };
    await scaleFromBreak(4);
    expect(await foundAtBreak()).toBe(0);
    await history.rows('update metric_definitions set valid_from = valid_from - 10000 where breaks_series');
    expect(await foundAtBreak()).toBe(1);
    await history.rows('update metric_definitions set valid_from = valid_from + 10000 where breaks_series');
    await scaleFromBreak(0.25);
    await history.run(detectAnomalies, { scope });
  });

  it('withdraws an anomaly whose day was restated', async () => {
    const { spike } = history.answers;
    const day = await history.rows<{ views: number; basis: number; content_id: number }>(
      `select h.views, h.basis, h.content_id from content_performance_history h
       join contents c on c.id = h.content_id
       where c.external_id = $1 and h.day = $2`,
      [spike.externalId, spike.day],
    );
    const { views, content_id: contentId } = day[0]!;
    const restate = (value: number): Promise<unknown> =>
      history.rows('update content_performance_history set views = $3 where content_id = $1 and day = $2', [
        contentId,
        spike.day,
        value,
      ]);
    const scope: AnalysisScope = { kind: 'contents', contentIds: [`youtube:${spike.externalId}`] };
    await restate(views / spike.factor);
    await history.run(detectAnomalies, { scope });
    const restated = await readAnomalies();
    await restate(views);
    await history.run(detectAnomalies, { scope });
    expect(restated.filter(({ metric, day: at }) => metric === 'views' && at === spike.day)).toEqual([]);
    expect(await readAnomalies()).toContainEqual(
      expect.objectContaining({ metric: 'views', day: spike.day }),
    );
  });
});

interface FoundTrend {
  direction: string | null;
  points: number;
  withheld_reason: string | null;
  analysis: {
    predictions: { value: number; lower_80: number; upper_80: number; lower_95: number; upper_95: number }[];
    seasonality_patterns: { period: string; effects: number[] }[];
    time_period: [string, string];
    key_insights: string[];
  } | null;
  backtest: { relative: number; mae: number; mae_naive: number; method: string } | null;
}

function trendOf(externalId: string, metric: string, id = history.runId): Promise<FoundTrend[]> {
  return history.rows<FoundTrend>(
    `select t.direction, t.points, t.withheld_reason, t.analysis, t.backtest
     from trend_analysis_results t join contents c on c.id = t.content_id
     where c.external_id = $1 and t.metric = $2 and t.run_id = $3::bigint`,
    [externalId, metric, id],
  );
}

describe('trends and forecasts over the generated world', () => {
  it('names the planted cyclical and flat releases', async () => {
    const { cyclical, flat } = history.answers;
    expect(await trendOf(cyclical.externalId, 'views')).toMatchObject([{ direction: 'cyclical' }]);
    expect(await trendOf(flat.externalId, 'views')).toMatchObject([{ direction: 'stable' }]);
  });

  it('starts again at the change of definition', async () => {
    const { day } = history.answers.definitionChange;
    const [trend] = await trendOf(history.answers.flat.externalId, 'views');
    expect(trend!.analysis!.time_period[0] >= day).toBe(true);
  });

  it('shows every forecast with intervals that nest and a backtest no worse than the naive method', async () => {
    const [trend] = await trendOf(history.world.releases[0]!.trackId, 'streams');
    const { analysis, backtest } = trend!;
    expect(analysis!.predictions).toHaveLength(history.deps.settings.forecastDays);
    for (const { value, lower_80, upper_80, lower_95, upper_95 } of analysis!.predictions) {
      expect(lower_95).toBeLessThanOrEqual(lower_80);
      expect(lower_80).toBeLessThanOrEqual(value);
      expect(value).toBeLessThanOrEqual(upper_80);
      expect(upper_80).toBeLessThanOrEqual(upper_95);
      expect(lower_95).toBeGreaterThanOrEqual(0);
    }
    expect(backtest!.mae).toBeLessThanOrEqual(backtest!.mae_naive);
    expect(analysis!.seasonality_patterns[0]).toMatchObject({ period: 'weekly' });
    expect(analysis!.key_insights.length).toBeGreaterThan(0);
  });

  it('withholds below the minimum of points, and says how many days are missing', async () => {
    const id = await history.newRun();
    const deps = { ...history.deps, settings: { ...history.deps.settings, minDataPoints: 13 } };
    const young = history.world.releases.at(-1)!;
    const result = await forecastTrends(deps, {
      runId: id,
      scope: { kind: 'contents', contentIds: [`youtube:${young.videoId}`] },
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    const [trend] = await trendOf(young.videoId, 'views', id);
    expect(trend).toMatchObject({
      direction: null,
      analysis: null,
      points: 11,
      withheld_reason: 'needs 2 more days',
    });
    expect(result.withheld).toBe(result.subjects);
  });
});

interface FoundCorrelation {
  feature: string;
  metric: string;
  method: string;
  r: number;
  n: number;
  adjusted: number;
  significant: boolean;
  interpretation: string;
}

const correlationVersions = `select id, xmin::text from correlation_analysis_results where run_id = $1::bigint order by id`;

describe('correlations over the generated world', () => {
  const readCorrelations = (feature: string): Promise<FoundCorrelation[]> =>
    history.rows<FoundCorrelation>(
      `select feature, metric, method, correlation_coefficient as r, sample_size as n, adjusted_p_value as adjusted,
         significant, interpretation
       from correlation_analysis_results
       where feature = $1 and run_id = $2::bigint and withheld_reason is null`,
      [feature, history.runId],
    );

  it('finds the true association at equal age', async () => {
    const truth = history.answers.correlations.true;
    const found = await readCorrelations(truth.feature);
    const pearson = found.find(({ metric, method }) => metric === 'views_day_28' && method === 'pearson');
    expect(pearson?.significant).toBe(true);
    expect(Math.sign(pearson!.r)).toBe(truth.sign);
    expect(Math.abs(pearson!.r)).toBeGreaterThanOrEqual(truth.atLeast);
    expect(pearson!.interpretation).toContain('associated with');
  });

  it('takes none of the null ones for a finding, nor the one that is confounded by age', async () => {
    const { none, confounded } = history.answers.correlations;
    for (const feature of [...none, confounded.feature]) {
      const found = await readCorrelations(feature);
      expect(found.length, feature).toBeGreaterThan(0);
      expect(
        found.filter(({ significant }) => significant),
        feature,
      ).toEqual([]);
    }
  });

  it('marks the one that age makes, and not the true one', async () => {
    const { confounded, true: truth } = history.answers.correlations;
    const marksOf = (feature: string): Promise<{ p: number; marks: string[]; interpretation: string }[]> =>
      history.rows(
        `select p_value as p, confounded_by as marks, interpretation
         from correlation_analysis_results
         where feature = $1 and metric = 'lifetime_views' and method in ('pearson', 'spearman') and run_id = $2::bigint`,
        [feature, history.runId],
      );
    const marked = await marksOf(confounded.feature);
    expect(marked).toHaveLength(2);
    for (const { p, marks } of marked) {
      expect(p).toBeLessThan(0.05);
      expect(marks).toEqual([confounded.by]);
    }
    for (const { marks } of await marksOf(truth.feature)) expect(marks).toEqual([]);
  });

  it('stores what was found beside the coefficient, and the features’ importance', async () => {
    const [test] = await history.rows<{ detail: AssociationDetail }>(
      `select detail from correlation_analysis_results
       where feature = 'duration_seconds' and metric = 'views_day_28' and method = 'pearson' and run_id = $1::bigint`,
      [history.runId],
    );
    expect(test!.detail.statistic.name).toBe('t');
    expect(test!.detail.partial_correlations.map(({ given }) => given)).toContainEqual(['age']);
    expect(test!.detail.strata.map(({ by }) => by)).toContain('age');
    const important = await history.rows<{
      feature: string;
      low: number;
      significant: boolean;
      detail: object;
    }>(
      `select feature, confidence_low as low, significant, detail from correlation_analysis_results
       where method = 'permutation-importance' and metric = 'views_day_28' and run_id = $1::bigint
       order by correlation_coefficient desc limit 1`,
      [history.runId],
    );
    expect(important[0]).toMatchObject({ feature: 'duration_seconds', significant: true });
    expect(important[0]!.low).toBeGreaterThan(0);
    expect(important[0]!.detail).toMatchObject({ parameters: { model: 'elastic-net', seed: 1 } });
  });

  it('answers a program with the same, and compares platforms at equal age', async () => {
    const { pool, clock } = history.deps;
    const manager = new PerformanceAnalyticsManager(pool, { clock });
    const correlations = await manager.analyzeFeatureCorrelations(undefined, undefined, 365);
    const marked = correlations.filter(
      ({ feature }) => feature === history.answers.correlations.confounded.feature,
    );
    expect(marked.some(({ confounded_by }) => confounded_by?.includes('age'))).toBe(true);
    const importance = await manager.getFeatureImportance(undefined, undefined, 365);
    expect(importance.results.find(({ metric }) => metric === 'views_day_28')?.feature).toBe(
      'duration_seconds',
    );
    const differences = await manager.analyzePlatformDifferences(undefined, undefined, 365);
    expect(differences.results).toEqual([]);
    expect(differences.withheld.map(({ metric }) => metric)).toContain('views_day_28');
    expect(differences.withheld[0]!.withheld).toBe('fewer than two platforms have 3 contents');
  });

  it('writes the same rows again without a change', async () => {
    const before = await history.rows(correlationVersions, [history.runId]);
    await history.run(correlateFeatures);
    expect(await history.rows(correlationVersions, [history.runId])).toEqual(before);
  });

  it('keeps the table of features and outcomes that it was computed from', async () => {
    const [row] = await history.rows<{
      features: Record<string, unknown>;
      outcomes: Record<string, number | null>;
    }>(
      `select f.features, f.outcomes from content_feature_analysis f join contents c on c.id = f.content_id
       where c.external_id = $1 and f.run_id = $2::bigint`,
      [history.world.releases[0]!.videoId, history.runId],
    );
    expect(row!.features['duration_seconds']).toBe(history.world.releases[0]!.durationSeconds);
    const [usage] = history.world.clipUsages;
    expect(row!.features[`stock_source=${usage!.sourceName}`]).toBe(1);
    expect(row!.outcomes['views_day_28']).toBeGreaterThan(0);
  });

  it('says which contents are missing where there are too few', async () => {
    const [row] = await history.rows<{ withheld_reason: string }>(
      `select withheld_reason from correlation_analysis_results
       where run_id = $1::bigint and feature = 'platform=youtube' and metric = 'views_day_28'`,
      [history.runId],
    );
    expect(row!.withheld_reason).toMatch(/the same in all \d+ contents/);
  });
});
