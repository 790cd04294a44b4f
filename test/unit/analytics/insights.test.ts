import { describe, expect, it } from 'vitest';
import type { FeatureCorrelation } from '../../../analytics/feature-correlation.js';
import { rankOf } from '../../../analytics/insight-rank.js';
import type {
  AnomalyFinding,
  BenchmarkFinding,
  ScoreFinding,
  TrendFinding,
} from '../../../analytics/insight-findings.js';
import { deriveInsights, type InsightInput } from '../../../analytics/insights.js';
import { rankSources } from '../../../analytics/stock-ranking.js';

const nothing: InsightInput = {
  ...{ correlations: [], correlatedContents: [], trends: [], anomalies: [], scores: [], sources: [] },
  ...{ benchmarks: [], platforms: [], experiments: [] },
  performance: { low: 3, high: 7, byPlatform: {} },
};
const name = { contentKey: 'youtube:abc', platform: 'youtube', title: 'Tide' };

const correlation: FeatureCorrelation = {
  ...{ feature: 'title_length', metric: 'views', method: 'pearson', version: 1 },
  ...{ correlation_coefficient: -0.7, p_value: 0.0001, adjusted_p_value: 0.001 },
  ...{
    strength: 'strong',
    direction: 'negative',
    significance_level: 0.05,
    significant: true,
    sample_size: 24,
  },
  confidence_interval: [-0.86, -0.41],
  interpretation: 'Higher title length is associated with lower views.',
  effect: { per: 'standard deviation', relative: -0.3, low: -0.37, high: -0.18 },
};
const trend: TrendFinding = {
  ...name,
  ...{ metric: 'views', direction: 'falling', strength: 'strong', growth: -0.5 },
  ...{ growthInterval: [-0.6, -0.4], pValue: 1e-9 },
  outlook: { change: -0.2, low: -0.35, high: -0.05, days: 30, recent: 120 },
};
const anomaly: AnomalyFinding = {
  ...name,
  ...{ metric: 'views', day: '2026-03-01', kind: 'silence', direction: 'down' },
  ...{ value: 0, expected: 1_234, lower: 800, upper: 1_900, score: -40, span: 1 },
};
const score: ScoreFinding = {
  ...{ releaseId: 4, title: 'Ebb', score: 1.5, ageDays: 28, peers: 9, contentKeys: ['a', 'b'] },
  contributions: [
    { platform: 'youtube', metric: 'views', percentile: 0.2, weight: 0.5, points: 1 },
    { platform: 'spotify', metric: 'streams', percentile: 0.05, weight: 0.5, points: 0.5 },
  ],
};

describe('insights', () => {
  it('are none where nothing was found', () => {
    expect(deriveInsights(nothing)).toEqual([]);
  });

  it('tell a release low and high by the thresholds of its platforms, each by its share', () => {
    const typesBy = (low: number): string[] => {
      const byPlatform = { youtube: { low, high: 7 } };
      return deriveInsights({
        ...{ ...nothing, scores: [score] },
        performance: { low: 3, high: 7, byPlatform },
      }).map(({ insight_type }) => insight_type);
    };
    // Half of the score is of YouTube: (0.2 + 3) / 2 is above 1.5, and (0 + 2.9) / 2 below it.
    expect(typesBy(0.2)).toEqual(['low_performance']);
    expect(typesBy(3)).toEqual(['low_performance']);
    expect(
      deriveInsights({
        ...{ ...nothing, scores: [score] },
        performance: {
          low: 3,
          high: 7,
          byPlatform: { youtube: { low: 0, high: 7 }, spotify: { low: 2.9, high: 7 } },
        },
      }),
    ).toEqual([]);
  });

  it('fill every field of the contract, ordered by rank', () => {
    const usages = Array.from({ length: 40 }, (_, i) => ({
      ...{ sourceName: i % 2 === 0 ? 'pexels' : 'pixabay', clipId: 'c', releaseId: i },
      usedAt: new Date(0),
    }));
    const events = usages.map(({ releaseId }) => ({
      ...{ releaseId, score: releaseId % 2 === 0 ? 9 : 2, eventDay: '2026-01-01' },
    }));
    const insights = deriveInsights({
      ...nothing,
      ...{
        correlations: [correlation],
        correlatedContents: ['x', 'y'],
        trends: [trend],
        anomalies: [anomaly],
      },
      ...{ scores: [score, { ...score, releaseId: 5, score: 9.5 }] },
      sources: rankSources(usages, events, { asOfDay: '2026-01-01', halfLifeDays: 30 }),
    });
    expect(new Set(insights.map(({ insight_type }) => insight_type))).toEqual(
      new Set([
        ...['feature_association', 'falling_trend', 'anomaly', 'low_performance', 'high_performance'],
        'stock_source',
      ]),
    );
    expect(insights.map(({ rank }) => rank)).toEqual(insights.map(({ rank }) => rank).sort((a, b) => b - a));
    for (const insight of insights) {
      expect(insight.rank).toBeGreaterThanOrEqual(0);
      expect(insight.rank).toBeLessThanOrEqual(1);
      expect(['low', 'medium', 'high']).toContain(insight.priority);
      for (const text of [
        'title',
        'description',
        'impact_prediction',
        'implementation_difficulty',
      ] as const) {
        expect(insight[text].length).toBeGreaterThan(10);
        expect(insight[text]).not.toMatch(/undefined|NaN|cause/);
      }
      expect(Object.keys(insight.data_supporting).length).toBeGreaterThan(3);
    }
  });

  it('read well', () => {
    const [found] = deriveInsights({ ...nothing, correlations: [correlation], correlatedContents: ['x'] });
    expect(found).toMatchObject({
      key: 'feature_association/title_length/negative',
      title: 'Higher title length goes with lower views',
      affected_content: ['x'],
    });
    expect(found!.impact_prediction).toBe(
      'About 30 % lower views per standard deviation of it (95 % interval −37 % to −18 %), if the association holds.',
    );
    const [silence] = deriveInsights({ ...nothing, anomalies: [anomaly] });
    expect(silence!.title).toBe('Views of “Tide” on YouTube went silent on 2026-03-01');
    expect(silence!.description).toMatch(
      /^0 where 800 to 1,900 were expected\. Check that the content is still public/,
    );
    const [low] = deriveInsights({ ...nothing, scores: [score] });
    expect(low!.description).toMatch(/Most telling: streams on Spotify, below 95 % of the others\.$/);
    const [level] = deriveInsights({
      ...nothing,
      correlations: [
        {
          ...{ ...correlation, feature: 'format=short', method: 'welch-t' },
          effect: { per: 'level', relative: 0.5, low: 0.2, high: 0.8 },
          direction: 'positive',
        },
      ],
    });
    expect(level!.title).toBe('Format “short” goes with higher views');
    expect(level!.impact_prediction).toContain('About 50 % higher views with it than without it');
  });

  it('say once what a score and a benchmark of the team’s own agree on', () => {
    const behind: BenchmarkFinding = {
      ...{ contentKey: 'a', platform: 'youtube', title: 'Ebb', metric: 'views', ageDays: 28, value: 10 },
      ...{ p30: 40, median: 60, p70: 90, peers: 9, origin: 'own' },
    };
    const typesOf = (benchmark: BenchmarkFinding): string[] =>
      deriveInsights({ ...nothing, scores: [score], benchmarks: [benchmark] }).map((one) => one.insight_type);
    expect(typesOf(behind)).toEqual(['low_performance']);
    expect(typesOf({ ...behind, value: 200 })).toContain('benchmark_above');
    expect(typesOf({ ...behind, contentKey: 'c' })).toContain('benchmark_below');
    expect(typesOf({ ...behind, origin: 'external' })).toContain('benchmark_below');
  });

  it('leave out what is not significant, weak, ordinary or hardly known', () => {
    expect(
      deriveInsights({
        ...nothing,
        correlations: [
          { ...correlation, significant: false },
          { ...correlation, method: 'spearman' },
        ],
        trends: [
          { ...trend, strength: 'weak' },
          { ...trend, direction: 'stable' },
          { ...trend, growth: null },
          // Falling so far, and forecast to rise.
          { ...trend, outlook: { ...trend.outlook!, change: 0.08 } },
        ],
        scores: [{ ...score, score: 5 }],
        sources: rankSources([{ sourceName: 'a', clipId: 'c', releaseId: 1, usedAt: new Date(0) }], [], {
          ...{ asOfDay: '2026-01-01', halfLifeDays: 30 },
        }),
      }),
    ).toEqual([]);
  });

  it('tell a feature once, whatever the number of outcomes that it goes with', () => {
    const found = deriveInsights({
      ...nothing,
      correlations: [
        {
          ...correlation,
          metric: 'likes_day_28',
          effect: { per: 'standard deviation', relative: -0.2, low: -0.3, high: -0.1 },
        },
        { ...correlation, metric: 'views_day_28' },
        { ...correlation, metric: 'comments_day_28', direction: 'positive', correlation_coefficient: 0.6 },
      ],
    });
    expect(found.map(({ title }) => title).sort()).toEqual([
      'Higher title length goes with higher comments at day 28',
      'Higher title length goes with lower views at day 28 and likes at day 28',
    ]);
    const lower = found.find(({ key }) => key === 'feature_association/title_length/negative');
    expect(lower!.data_supporting).toMatchObject({
      metric: 'views_day_28',
      other_outcomes: [{ metric: 'likes_day_28' }],
    });
  });

  it('keep one a key, the one of the higher rank', () => {
    const found = deriveInsights({ ...nothing, trends: [{ ...trend, growth: -0.2 }, trend] });
    expect(found).toHaveLength(1);
    expect(found[0]!.data_supporting['growth']).toBe(-0.5);
  });

  it('rank by effect, confidence and ease', () => {
    expect(rankOf(0.5, 0.9, 'easy')).toBeCloseTo(0.45, 12);
    expect(rankOf(-3, 1, 'hard')).toBe(0.4);
    expect(rankOf(0.5, -1, 'easy')).toBe(0);
  });
});
