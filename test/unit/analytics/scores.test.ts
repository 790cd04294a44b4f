import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { performanceBand, thresholdsOfScore } from '../../../analytics/performance-band.js';
import {
  equalAgeValue,
  scoreReleases as scoreByWeights,
  type ReleaseScore,
  type ScoreValue,
  type ScoreWeights,
} from '../../../analytics/release-score.js';

const usual: ScoreWeights = { views: 0.5, likes: 0.15 };
const scoreReleases = (values: readonly ScoreValue[], weights = usual): ReleaseScore[] =>
  scoreByWeights(values, weights);

const published = new Date('2026-01-01T12:00:00Z');
const hours = (after: number): Date => new Date(published.getTime() + after * 3_600_000);

function views(values: readonly (number | null)[], rest: Partial<ScoreValue> = {}): ScoreValue[] {
  return values.map((value, i) => ({
    ...{ releaseId: i + 1, group: 'artist 1, long', platform: 'youtube', metric: 'views', value },
    ...rest,
  }));
}

describe('value at equal age', () => {
  it('is the observation nearest to the age, within 36 hours', () => {
    const observations = [
      { recordedAt: hours(7 * 24 - 20), value: 10 },
      { recordedAt: hours(7 * 24 + 5), value: 20 },
      { recordedAt: hours(7 * 24 + 1), value: null },
      { recordedAt: hours(7 * 24 + 30), value: 30 },
    ];
    expect(equalAgeValue(observations, published, 7)).toEqual({
      value: 20,
      recordedAt: hours(173),
      hoursOff: 5,
    });
    expect(equalAgeValue(observations, published, 7, 2)).toBeNull();
    expect(equalAgeValue(observations, published, 28)).toBeNull();
    expect(equalAgeValue([], published, 7)).toBeNull();
  });

  it('counts 36 hours in and takes the earlier of two as near', () => {
    const edge = [{ recordedAt: hours(24 + 36), value: 1 }];
    expect(equalAgeValue(edge, published, 1)!.hoursOff).toBe(36);
    expect(equalAgeValue([{ recordedAt: hours(24 + 36.01), value: 1 }], published, 1)).toBeNull();
    const both = [
      { recordedAt: hours(24 + 3), value: 2 },
      { recordedAt: hours(24 - 3), value: 1 },
    ];
    expect(equalAgeValue(both, published, 1)!.value).toBe(1);
  });
});

describe('release scores', () => {
  it('are percentiles among the peers, from 0 to 10', () => {
    const scores = scoreReleases(views([100, 400, 200, 300, 500]));
    expect(scores.map(({ score }) => score)).toEqual([0, 7.5, 2.5, 5, 10]);
    expect(scores[1]).toMatchObject({ releaseId: 2, peers: 4, withheld: null, version: 2 });
    expect(scores[1]!.contributions).toEqual([
      { platform: 'youtube', metric: 'views', value: 400, percentile: 0.75, weight: 1, points: 7.5 },
    ]);
  });

  it('share ties and weigh metrics', () => {
    const rows = [...views([5, 5, 5, 5]), ...views([1, 2, 3, 4], { metric: 'likes' })];
    const scores = scoreReleases(rows);
    expect(scores[3]!.contributions.map(({ metric, weight }) => [metric, weight.toFixed(3)])).toEqual([
      ['views', '0.769'],
      ['likes', '0.231'],
    ]);
    expect(scores[3]!.score).toBe(6.154);
    const weighed = scoreReleases(rows, { views: 1, 'youtube/likes': 3 });
    expect(weighed[3]!.score).toBe(8.75);
  });

  it('compare like with like alone', () => {
    const rows = [...views([1, 2, 3, 4]), ...views([900], { group: 'artist 1, short', releaseId: 9 })];
    const scores = scoreReleases(rows);
    expect(scores[3]!.score).toBe(10);
    expect(scores[4]).toMatchObject({
      releaseId: 9,
      score: null,
      withheld: 'needs 3 more releases to compare with',
    });
  });

  it('are withheld with the reason', () => {
    expect(scoreReleases([])).toEqual([]);
    const [first, , third] = scoreReleases(views([null, 2, 3, 4]));
    expect(first).toMatchObject({
      score: null,
      contributions: [],
      withheld: 'no value within 36 hours of the age',
    });
    expect(third!.withheld).toBe('needs 1 more release to compare with');
    const unweighed = scoreReleases(views([1, 2, 3, 4], { metric: 'dislikes' }));
    expect(unweighed[0]!.withheld).toBe('none of its metrics has a weight');
  });

  it('come with contributions that explain them to the digit', () => {
    const values = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 5, maxLength: 12 });
    const weights = fc.record(
      Object.fromEntries(
        ['views', 'likes', 'shares'].map((metric) => [metric, fc.double({ min: 0.01, max: 5, noNaN: true })]),
      ),
    );
    fc.assert(
      fc.property(values, values, values, weights, (a, b, c, weigh) => {
        const rows = [
          ...views(a),
          ...views(b, { metric: 'likes' }),
          ...views(c, { metric: 'shares', platform: 'tiktok' }),
        ];
        for (const { score, contributions } of scoreReleases(rows, weigh)) {
          const thousandths = contributions.reduce((sum, { points }) => sum + Math.round(points * 1_000), 0);
          if (score !== null) expect(thousandths).toBe(Math.round(score * 1_000));
          const exact = contributions.map(({ percentile, weight }) => 10 * percentile * weight);
          contributions.forEach(({ points }, i) => {
            expect(Math.abs(points - exact[i]!)).toBeLessThan(0.0010000001);
          });
        }
      }),
    );
  });

  it('are low and high by the thresholds, which belong to their bands', () => {
    expect([0, 3, 3.001, 6.999, 7, 10].map((score) => performanceBand(score, { low: 3, high: 7 }))).toEqual([
      ...['low', 'low', 'typical', 'typical', 'high', 'high'],
    ]);
  });

  it('are held against the thresholds of their platforms, each by its share', () => {
    const thresholds = { low: 3, high: 7, byPlatform: { tiktok: { low: 1.1, high: 9.2 } } };
    const of = (shares: Record<string, number>) =>
      thresholdsOfScore(
        thresholds,
        Object.entries(shares).map(([platform, weight]) => ({ platform, weight })),
      );
    expect(of({ youtube: 0.3, spotify: 0.7 })).toEqual({ low: 3, high: 7 });
    expect(of({ tiktok: 1 })).toEqual({ low: 1.1, high: 9.2 });
    expect(of({ tiktok: 0.25, youtube: 0.75 })).toEqual({ low: 2.525, high: 7.55 });
    // A withheld score is made of nothing.
    expect(of({})).toEqual({ low: 3, high: 7 });
  });

  it('do not mind order, scale, or which monotone unit a value has', () => {
    const values = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 4, maxLength: 30 });
    fc.assert(
      fc.property(values, (list) => {
        const scores = scoreReleases(views(list));
        const others = scoreReleases(views(list.map((value) => value ** 2 + 3)).toReversed());
        scores.forEach(({ score, contributions }, i) => {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(10);
          expect(contributions.reduce((sum, { points }) => sum + points, 0)).toBeCloseTo(score!, 12);
          expect(others[i]!.score).toBe(score);
        });
      }),
    );
  });
});
