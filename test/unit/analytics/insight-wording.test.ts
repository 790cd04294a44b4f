import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeatureCorrelation } from '../../../analytics/feature-correlation.js';
import {
  benchmarkInsight,
  experimentInsight,
  platformInsight,
} from '../../../analytics/insight-comparisons.js';
import type {
  AnomalyFinding,
  BenchmarkFinding,
  ExperimentFinding,
  PlatformFinding,
  TrendFinding,
} from '../../../analytics/insight-findings.js';
import type { PredictedImpact } from '../../../analytics/insight-impact.js';
import { deriveInsights, type InsightInput } from '../../../analytics/insights.js';

const name = { contentKey: 'youtube:abc', platform: 'youtube', title: 'Tide' };
const benchmark: BenchmarkFinding = {
  ...name,
  ...{ metric: 'views', ageDays: 7, value: 200, p30: 400, median: 500, p70: 700, peers: 12, origin: 'own' },
};
const platforms: PlatformFinding = {
  ...{ metric: 'views_day_28', platform: 'youtube', other: 'spotify' },
  ...{ relative: 0.4, low: 0.1, high: 0.7, adjustedP: 0.01, contents: 48 },
};
const experiment: ExperimentFinding = {
  ...{ name: 'thumbnail', metric: 'click_rate', winner: 'faces', control: 'logo' },
  ...{
    lift: 0.2,
    low: 0.05,
    high: 0.35,
    confidence: 0.95,
    observations: 8_000,
    contentKeys: ['youtube:abc'],
  },
};

const figure = fc.double({ min: -1e9, max: 1e9, noNaN: true });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const anyTrend: fc.Arbitrary<TrendFinding> = fc.record({
  contentKey: fc.constantFrom('a', 'b', 'c'),
  platform: fc.constantFrom('youtube', 'tiktok'),
  title: fc.constantFrom('Tide', 'Ebb'),
  metric: fc.constantFrom('views', 'streams'),
  direction: fc.constantFrom('rising', 'falling', 'stable', 'cyclical'),
  strength: fc.constantFrom('weak', 'moderate', 'strong'),
  growth: fc.option(figure),
  growthInterval: fc.option(fc.tuple(figure, figure)),
  pValue: share,
  outlook: fc.option(
    fc.record({
      change: figure,
      low: figure,
      high: figure,
      days: fc.integer({ min: 1, max: 90 }),
      recent: share,
    }),
  ),
});
const anyAnomaly: fc.Arbitrary<AnomalyFinding> = fc.record({
  contentKey: fc.constantFrom('a', 'b', 'c'),
  platform: fc.constant('youtube'),
  title: fc.constant('Tide'),
  metric: fc.constantFrom('views', 'likes'),
  day: fc.constantFrom('2026-01-01', '2026-02-01'),
  kind: fc.constantFrom('spike', 'drop', 'level', 'silence'),
  span: fc.constantFrom(1, 3),
  direction: fc.constantFrom('up', 'down'),
  value: figure,
  expected: figure,
  lower: figure,
  upper: figure,
  score: figure,
});
const anyCorrelation: fc.Arbitrary<FeatureCorrelation> = fc.record({
  feature: fc.constantFrom('duration_seconds', 'format=short', 'stock_source=harbor', 'publish_hour'),
  metric: fc.constantFrom('views_day_28', 'likes_day_7'),
  method: fc.constantFrom('pearson', 'spearman', 'welch-t', 'kruskal-wallis'),
  version: fc.constant(2),
  correlation_coefficient: fc.double({ min: -1, max: 1, noNaN: true }),
  p_value: share,
  adjusted_p_value: share,
  strength: fc.constantFrom('weak', 'moderate', 'strong'),
  direction: fc.constantFrom('positive', 'negative'),
  significance_level: fc.constant(0.05),
  significant: fc.boolean(),
  sample_size: fc.integer({ min: 3, max: 500 }),
  confidence_interval: fc.constant<[number, number]>([-0.5, 0.5]),
  interpretation: fc.constant('Higher duration is associated with higher views.'),
  confounded_by: fc.constantFrom([], ['age' as const]),
  effect: fc.option(
    fc.record({
      per: fc.constantFrom('level', 'standard deviation'),
      relative: figure,
      low: figure,
      high: figure,
    }),
  ),
});
const anyInput: fc.Arbitrary<InsightInput> = fc.record({
  correlations: fc.array(anyCorrelation, { maxLength: 6 }),
  correlatedContents: fc.constant(['a', 'b']),
  trends: fc.array(anyTrend, { maxLength: 6 }),
  anomalies: fc.array(anyAnomaly, { maxLength: 6 }),
  scores: fc.array(
    fc.record({
      releaseId: fc.integer({ min: 1, max: 3 }),
      title: fc.constant('Ebb'),
      score: fc.double({ min: 0, max: 10, noNaN: true }),
      ageDays: fc.constantFrom(7, 28),
      peers: fc.integer({ min: 0, max: 50 }),
      contentKeys: fc.constant(['a']),
      contributions: fc.constant([
        { platform: 'youtube', metric: 'views', percentile: 0.4, weight: 1, points: 1 },
      ]),
    }),
    { maxLength: 4 },
  ),
  sources: fc.constant([]),
  benchmarks: fc.array(
    fc
      .record({ value: figure, p30: figure, median: figure, p70: figure })
      .map((one) => ({ ...benchmark, ...one })),
    { maxLength: 3 },
  ),
  platforms: fc.array(
    fc.record({ relative: figure, low: figure, high: figure }).map((one) => ({ ...platforms, ...one })),
    { maxLength: 3 },
  ),
  experiments: fc.array(
    fc.record({ lift: figure, low: figure, high: figure }).map((one) => ({ ...experiment, ...one })),
    { maxLength: 3 },
  ),
  performance: fc.constant({ low: 3, high: 7, byPlatform: {} }),
});

describe('insights from any findings', () => {
  it('never say that anything causes anything, nor show what is no figure', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        for (const insight of deriveInsights(input)) {
          const words = [
            insight.title,
            insight.description,
            insight.impact_prediction,
            insight.implementation_difficulty,
          ];
          for (const text of words) {
            expect(text).not.toMatch(
              /caus|because|due to|leads to|led to|thanks to|results? in|undefined|NaN|null|Infinity/i,
            );
          }
        }
      }),
    );
  });

  it('are ranked, one a key, whatever the order of the findings, with limits about what is expected', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const insights = deriveInsights(input);
        const ranks = insights.map(({ rank }) => rank);
        expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
        expect(new Set(insights.map(({ key }) => key)).size).toBe(insights.length);
        const other = deriveInsights({
          ...input,
          ...{ trends: input.trends.toReversed(), anomalies: input.anomalies.toReversed() },
          ...{ scores: input.scores.toReversed(), experiments: input.experiments.toReversed() },
        });
        expect(other.map(({ key, rank }) => [key, rank])).toEqual(
          insights.map(({ key, rank }) => [key, rank]),
        );
        for (const { rank, priority, data_supporting } of insights) {
          expect(rank).toBeGreaterThanOrEqual(0);
          expect(rank).toBeLessThanOrEqual(1);
          expect(priority).toBe(rank >= 0.4 ? 'high' : rank >= 0.15 ? 'medium' : 'low');
          const impact = data_supporting['predicted_impact'] as PredictedImpact | null;
          if (impact === null) continue;
          expect(impact.low).toBeLessThanOrEqual(impact.expected);
          expect(impact.expected).toBeLessThanOrEqual(impact.high);
        }
      }),
    );
  });
});

describe('insights from comparisons', () => {
  it('tell a content that trails or leads its benchmark, and none between', () => {
    expect(benchmarkInsight(benchmark)).toMatchObject({
      ...{ key: 'benchmark_below/youtube:abc/views', insight_type: 'benchmark_below', priority: 'high' },
      title: 'Views of “Tide” on YouTube trail the benchmark at day 7',
      impact_prediction: 'Reaching the median would be 150 % more views at that age.',
      data_supporting: { predicted_impact: { low: 0.75, expected: 1, high: 2.5, baseline: 0 } },
    });
    expect(benchmarkInsight({ ...benchmark, value: 900, origin: 'external' })).toMatchObject({
      insight_type: 'benchmark_above',
      description: expect.stringContaining('contents elsewhere') as string,
    });
    for (const value of [400, 550, 700, 0, Number.NaN]) {
      expect(benchmarkInsight({ ...benchmark, value }), String(value)).toBeNull();
    }
  });

  it('compare nothing with a benchmark of another kind', () => {
    const beside = { ...benchmark, p30: 1e-7, median: 1e-6, p70: 1e-5 };
    expect(benchmarkInsight({ ...beside, value: 900 })).not.toBeNull();
    expect(benchmarkInsight({ ...beside, value: 1_001 })).toBeNull();
  });

  it('tell how platforms differ, and which variant won', () => {
    expect(platformInsight(platforms, ['a'])).toMatchObject({
      title: 'YouTube goes with more views at day 28 than Spotify',
      description: expect.stringContaining('associated with') as string,
      affected_content: ['a'],
    });
    expect(experimentInsight(experiment)).toMatchObject({
      title: 'Use “faces”: it won the test “thumbnail”',
      description:
        '“faces” had 20 % more click rate than “logo” (95 % interval +5 % to +35 %, 8,000 observations).',
      data_supporting: { predicted_impact: { low: 0.05, expected: 0.2, high: 0.35, metric: 'click_rate' } },
    });
  });

  it('leave out what age, platform or format account for', () => {
    const input = fc.sample(anyInput, { numRuns: 200, seed: 5 });
    const told = input.flatMap((one) => {
      const confounded = one.correlations.map((correlation) => ({
        ...correlation,
        ...{ significant: true, confounded_by: ['age' as const] },
      }));
      return deriveInsights({ ...one, correlations: confounded });
    });
    expect(told.length).toBeGreaterThan(100);
    expect(told.filter(({ insight_type }) => insight_type === 'feature_association')).toEqual([]);
  });
});
