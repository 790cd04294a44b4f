import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  adjustPValues,
  correlationDirection,
  correlationStrength,
  pearson,
  ranks,
  spearman,
} from '../../../analytics/correlation.js';
import { expectClose, readGolden } from './golden.js';

interface Golden {
  cases: {
    name: string;
    x: number[];
    y: number[];
    r: number;
    ln_p: number;
    low: number;
    high: number;
    rho: number;
    rho_p: number;
  }[];
  benjamini_hochberg: { p: number[]; adjusted: number[] };
}
const golden = readGolden('correlation') as Golden;
const array = (values: number[]): Float64Array => Float64Array.from(values);

describe('correlation against SciPy and mpmath', () => {
  for (const c of golden.cases) {
    it(c.name, () => {
      const x = array(c.x);
      const y = array(c.y);
      const result = pearson(x, y)!;
      expectClose(result.r, c.r, 1e-12);
      expect(Math.abs(Math.log(result.p) - c.ln_p)).toBeLessThan(1e-10);
      expectClose(result.ci[0], c.low, 1e-10);
      expectClose(result.ci[1], c.high, 1e-10);
      const rank = spearman(x, y)!;
      expectClose(rank.r, c.rho, 1e-10);
      if (Math.abs(c.rho) < 0.9999) expectClose(rank.p, c.rho_p, 1e-10);
      expect(Array.from(x)).toEqual(c.x);
      expect(Array.from(y)).toEqual(c.y);
    });
  }

  it('adjusts p-values as statsmodels does', () => {
    const { p, adjusted } = golden.benjamini_hochberg;
    adjustPValues(p).forEach((value, i) => expectClose(value, adjusted[i]!, 1e-14));
  });
});

describe('correlation', () => {
  it('withholds what cannot be told', () => {
    expect(pearson(array([]), array([]))).toBeNull();
    expect(pearson(array([1, 2]), array([1, 2]))).toBeNull();
    expect(pearson(array([5, 5, 5, 5]), array([1, 2, 3, 4]))).toBeNull();
    expect(pearson(array([0.1, 0.1, 0.1]), array([1, 2, 3]))).toBeNull();
    expect(pearson(array([NaN, NaN, NaN, NaN]), array([1, 2, 3, 4]))).toBeNull();
    expect(() => pearson(array([1]), array([1, 2]))).toThrow(RangeError);
  });

  it('leaves out pairs with a gap and takes an exact line for what it is', () => {
    const exact = pearson(array([1, 2, NaN, 3, 4]), array([2, 4, 1, 6, NaN]))!;
    expect(exact).toEqual({ r: 1, n: 3, t: Number.POSITIVE_INFINITY, p: 0, ln_p: -Infinity, ci: [-1, 1] });
    expect(pearson(array([1, 2, 3, 4]), array([4, 3, 2, 1]))!.ci).toEqual([-1, -1]);
  });

  it('does not mind scale, shift, order or which side is which', () => {
    const value = fc.integer({ min: -1_000, max: 1_000 });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { minLength: 4, maxLength: 40 }), (points) => {
        const x = array(points.map(([a]) => a));
        const y = array(points.map(([, b]) => b));
        const result = pearson(x, y);
        if (result === null) return;
        expect(result.ci[0]).toBeLessThanOrEqual(result.r);
        expect(result.ci[1]).toBeGreaterThanOrEqual(result.r);
        expect(result.p).toBeGreaterThanOrEqual(0);
        expect(result.p).toBeLessThanOrEqual(1);
        for (const other of [
          pearson(y, x)!,
          pearson(
            x.map((v) => 8 * v + 1_000),
            y,
          )!,
          pearson(x.toReversed(), y.toReversed())!,
        ]) {
          expect(other.r).toBeCloseTo(result.r, 12);
        }
        expect(
          pearson(
            x.map((v) => -v),
            y,
          )!.r,
        ).toBeCloseTo(-result.r, 12);
        expect(
          spearman(
            x.map((v) => v ** 3),
            y,
          )!.r,
        ).toBeCloseTo(spearman(x, y)!.r, 12);
      }),
    );
  });

  it('shares ranks among ties', () => {
    expect(Array.from(ranks(array([10, 20, 20, NaN, 5])))).toEqual([2, 3.5, 3.5, NaN, 1]);
  });

  it('orders adjusted p-values as the raw ones and never lowers them', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (p) => {
        const adjusted = adjustPValues(p);
        p.forEach((raw, i) => {
          expect(adjusted[i]).toBeGreaterThanOrEqual(raw * (1 - 1e-15));
          p.forEach((other, j) => {
            if (raw < other) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j]!);
          });
        });
      }),
    );
    expect(adjustPValues([NaN, 0.02])).toEqual([NaN, 0.02]);
  });

  it('names strength and direction', () => {
    expect([0.1, -0.4, 0.6].map(correlationStrength)).toEqual(['weak', 'moderate', 'strong']);
    expect([0.1, -0.4].map(correlationDirection)).toEqual(['positive', 'negative']);
  });
});
