import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastSquares, mannKendall, rSquared, theilSen } from '../../../analytics/regression.js';
import { phaseTest } from '../../../analytics/seasonality.js';
import { expectClose, readGolden } from './golden.js';

interface Golden {
  cases: ({ name: string; y: number[] } & Record<
    | 'slope'
    | 'intercept'
    | 'p'
    | 'low'
    | 'high'
    | 'r_squared'
    | 'sen_slope'
    | 'sen_low'
    | 'sen_high'
    | 'mk_score'
    | 'mk_variance'
    | 'mk_p',
    number
  >)[];
  kruskal: { groups: number[][]; p: number };
}
const golden = readGolden('regression') as Golden;

describe('slopes against SciPy', () => {
  for (const c of golden.cases) {
    it(c.name, () => {
      const y = Float64Array.from(c.y);
      const line = leastSquares(y)!;
      expectClose(line.slope, c.slope);
      expectClose(line.intercept, c.intercept);
      expectClose(line.p, c.p);
      expectClose(line.interval[0], c.low);
      expectClose(line.interval[1], c.high);
      expectClose(line.r_squared, c.r_squared);
      const robust = theilSen(y)!;
      expectClose(robust.slope, c.sen_slope, 1e-12);
      expectClose(robust.interval[0], c.sen_low, 1e-12);
      expectClose(robust.interval[1], c.sen_high, 1e-12);
      const test = mannKendall(y)!;
      expect(test.score).toBe(c.mk_score);
      expectClose(test.variance, c.mk_variance, 1e-14);
      expectClose(test.p, c.mk_p, 1e-12);
      expect(Array.from(y)).toEqual(c.y);
    });
  }

  it('tests phases as Kruskal and Wallis do', () => {
    const { groups, p } = golden.kruskal;
    const sample = Float64Array.from(groups.flat());
    const phases = groups.flatMap((group, phase) => group.map(() => phase));
    expectClose(phaseTest(sample, phases, groups.length), p, 1e-11);
  });
});

describe('slopes', () => {
  it('are withheld below three points and not put off by gaps', () => {
    expect(leastSquares(new Float64Array([1, NaN, 2]))).toBeNull();
    expect(theilSen(new Float64Array([]))).toBeNull();
    expect(mannKendall(new Float64Array([1, 2]))).toBeNull();
    const gaps = new Float64Array([1, NaN, 3, 4, NaN, 6]);
    expect(leastSquares(gaps)!.slope).toBeCloseTo(1, 14);
    expect(theilSen(gaps)!.slope).toBe(1);
  });

  it('say nothing of constant values but that they are level', () => {
    const flat = new Float64Array(20).fill(7);
    expect(leastSquares(flat)).toMatchObject({ slope: 0, p: 1, intercept: 7 });
    expect(leastSquares(flat)!.r_squared).toBeNaN();
    expect(theilSen(flat)).toMatchObject({ slope: 0, interval: [0, 0] });
    expect(mannKendall(flat)).toEqual({ score: 0, variance: 0, tau: 0, p: 1 });
    expect(rSquared(flat, 0, 7)).toBeNaN();
  });

  it('hold beyond 600 points, where pairs half the series apart stand for all', () => {
    const long = Float64Array.from(
      { length: 1_500 },
      (_, i) => 0.25 * i + 40 * Math.sin(i * 1.7) + (i % 50 === 0 ? 5_000 : 0),
    );
    const fit = theilSen(long)!;
    expect(fit.slope).toBeGreaterThan(0.24);
    expect(fit.slope).toBeLessThan(0.26);
    expect(fit.interval[0]).toBeLessThan(0.25);
    expect(fit.interval[1]).toBeGreaterThan(0.25);
  });

  it('turn with time and grow with scale', () => {
    const values = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 5, maxLength: 60 });
    fc.assert(
      fc.property(values, (list) => {
        const y = Float64Array.from(list);
        for (const fit of [leastSquares, theilSen]) {
          const there = fit(y)!;
          expect(there.interval[0]).toBeLessThanOrEqual(there.slope + 1e-9);
          expect(there.interval[1]).toBeGreaterThanOrEqual(there.slope - 1e-9);
          expect(fit(y.toReversed())!.slope).toBeCloseTo(-there.slope, 9);
          expect(fit(y.map((v) => 4 * v - 100))!.slope).toBeCloseTo(4 * there.slope, 9);
        }
      }),
    );
  });
});
