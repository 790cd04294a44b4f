import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectChangePoints } from '../../../analytics/change-points.js';
import { kendallScore } from '../../../analytics/kendall.js';
import { pairSlopes } from '../../../analytics/pair-slopes.js';
import { detectPeriods } from '../../../analytics/periods.js';
import { leastSquares, rSquared, theilSen } from '../../../analytics/regression.js';
import { analyzeTrend, type TrendResult } from '../../../analytics/trend.js';
import { expectClose } from './golden.js';
import { gaussian, seeded } from './random.js';

/** A rising level with a week, a step and scatter; small whole numbers over 1,024, so that offsets and scales are exact. */
function seriesOf(seed: number, length = 140): Float64Array {
  const normal = gaussian(seeded(seed));
  return Float64Array.from({ length }, (_, i) => {
    const step = i > 0.6 * length ? 12 : 0;
    return Math.round(1_024 * (60 + 0.1 * i + step + 5 * Math.sin((2 * Math.PI * i) / 7) + normal())) / 1_024;
  });
}

function trendOf(values: Float64Array): TrendResult {
  const result = analyzeTrend(values, { minPoints: 10, startDay: '2026-01-05' });
  if ('withheld' in result) throw new Error(result.withheld);
  return result;
}

const cases = fc.record({ seed: fc.nat(1_000), exponent: fc.integer({ min: -1_000, max: 990 }) });

describe('values of any size', () => {
  it('have the trend of plain ones, scaled', () => {
    fc.assert(
      fc.property(cases, ({ seed, exponent }) => {
        const scale = 2 ** exponent;
        const plain = trendOf(seriesOf(seed));
        const scaled = trendOf(seriesOf(seed).map((value) => value * scale));
        expect(scaled.direction).toBe(plain.direction);
        expect(scaled.seasons.map(({ length }) => length)).toEqual(plain.seasons.map(({ length }) => length));
        expectClose(scaled.slope / scale, plain.slope, 1e-9);
        expectClose(scaled.slope_interval[0] / scale, plain.slope_interval[0], 1e-8);
        expectClose(scaled.slope_interval[1] / scale, plain.slope_interval[1], 1e-8);
        expectClose(scaled.r_squared!, plain.r_squared!, 1e-9);
        expectClose(scaled.growth!, plain.growth!, 1e-9);
        expectClose(scaled.growth_interval![0], plain.growth_interval![0], 1e-8);
        expectClose(scaled.volatility!, plain.volatility!, 1e-9);
        expectClose(scaled.p_value, plain.p_value, 1e-8);
      }),
      { numRuns: 40 },
    );
  });

  it('below zero keep a season of differences at any size', () => {
    const values = seriesOf(3).map((value) => value - 65);
    const plain = trendOf(values);
    expect(plain.seasons[0]).toMatchObject({ kind: 'weekly', multiplicative: false });
    for (const scale of [2 ** 990, 2 ** -990]) {
      const season = trendOf(values.map((value) => value * scale)).seasons[0]!;
      expectClose(season.strength, plain.seasons[0]!.strength, 1e-9);
      expectClose(season.effects[2]! / scale, plain.seasons[0]!.effects[2]!, 1e-9);
    }
  });

  it('have the days of their month at any size', () => {
    const normal = gaussian(seeded(8));
    const values = Float64Array.from({ length: 365 }, (_, i) => {
      const day = new Date(Date.UTC(2026, 0, 1 + i)).getUTCDate();
      return 100 + (day <= 3 ? 40 : 0) + normal();
    });
    for (const scale of [1, 2 ** 980, 2 ** -980]) {
      const { seasons } = analyzeTrend(
        values.map((value) => value * scale),
        { minPoints: 10, startDay: '2026-01-01' },
      ) as TrendResult;
      expect(seasons.map(({ kind }) => kind)).toContain('monthly');
    }
  });

  it('have the change points of plain ones, scaled', () => {
    fc.assert(
      fc.property(cases, ({ seed, exponent }) => {
        const scale = 2 ** exponent;
        const plain = detectChangePoints(seriesOf(seed));
        const scaled = detectChangePoints(seriesOf(seed).map((value) => value * scale));
        expect(scaled.change_points.map(({ index }) => index)).toEqual(
          plain.change_points.map(({ index }) => index),
        );
        scaled.change_points.forEach((change, k) => {
          expectClose(change.size / scale, plain.change_points[k]!.size, 1e-9);
          expectClose(change.confidence, plain.change_points[k]!.confidence, 1e-9);
        });
      }),
      { numRuns: 25 },
    );
  });

  it('at an offset of 1e8 have the same slope, periods and change points', () => {
    for (let seed = 0; seed < 10; seed++) {
      // With both the values and the offset whole numbers of 1,024ths, the sums are exact.
      const plain = seriesOf(seed).map((value) => value - 65);
      const far = plain.map((value) => value + 1e8);
      expectClose(theilSen(far)!.slope, theilSen(plain)!.slope, 1e-10);
      expectClose(leastSquares(far)!.slope, leastSquares(plain)!.slope, 1e-10);
      expectClose(leastSquares(far)!.r_squared, leastSquares(plain)!.r_squared, 1e-8);
      expectClose(rSquared(far, 0.1, 1e8), rSquared(plain, 0.1, 0), 1e-8);
      const periodsOf = (values: Float64Array): number[] =>
        detectPeriods(values, { samplesPerDay: 1 }).periods.map(({ period }) => period);
      expect(periodsOf(far)).toEqual(periodsOf(plain));
      const changesOf = (values: Float64Array): number[] =>
        detectChangePoints(values, { period: 7 }).change_points.map(({ index }) => index);
      expect(changesOf(far)).toEqual(changesOf(plain));
    }
  });

  it('keep their line by least squares', () => {
    const values = Float64Array.from([1, 3, 2, 5, 4, 6]);
    const plain = leastSquares(values)!;
    for (const scale of [2 ** 1_000, 2 ** -1_000]) {
      const line = leastSquares(values.map((value) => value * scale))!;
      expectClose(line.slope / scale, plain.slope, 1e-14);
      expectClose(line.interval[0] / scale, plain.interval[0], 1e-12);
      expectClose(line.p, plain.p, 1e-12);
      expectClose(line.r_squared, plain.r_squared, 1e-12);
    }
  });
});

describe('ranks without trying every pair', () => {
  it('count what rises and falls as trying every pair does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 2, maxLength: 60 }), (list) => {
        let score = 0;
        list.forEach((value, i) => list.slice(i + 1).forEach((later) => (score += Math.sign(later - value))));
        expect(kendallScore(Float64Array.from(list)).score).toBe(score);
      }),
    );
  });

  it('select the slopes that sorting all of them gives, also where most are tied', () => {
    for (const [length, step] of [
      [40, 0],
      [200, 0],
      [330, 1],
      [500, 8],
    ] as const) {
      const normal = gaussian(seeded(length));
      const y = Float64Array.from({ length }, () =>
        step > 0 ? step * Math.round(normal() / step) : normal(),
      );
      // Gaps lie between some.
      const x = y.map((_, i) => i + Math.floor(i / 9));
      const all: number[] = [];
      for (let i = 0; i < length; i++)
        for (let j = i + 1; j < length; j++) all.push((y[j]! - y[i]!) / (x[j]! - x[i]!));
      const sorted = Float64Array.from(all).sort();
      const middle = all.length >> 1;
      const near = Math.floor(all.length * 0.03);
      for (const ranks of [
        [middle - near, middle, middle + near],
        [0, middle, all.length - 1],
      ]) {
        expect(pairSlopes(x, y, ranks).map((slope) => slope + 0)).toEqual(
          ranks.map((rank) => sorted[rank]! + 0),
        );
      }
    }
  });
});
