import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  autocorrelation,
  countFinite,
  mean,
  median,
  quantile,
  scaledMad,
  standardDeviation,
  variance,
} from '../../../analytics/summary.js';
import { expectClose, readGolden } from './golden.js';

interface Row {
  name: string;
  values: number[];
  mean: number;
  /** Null where it lies beyond the doubles. */
  variance: number | null;
  standard_deviation: number;
  median: number;
  mad: number;
  quantiles: [q: number, value: number][];
  autocorrelation: [lag: number, value: number][];
}

const rows = readGolden('summary') as Row[];

describe.each(rows)('summary of $name', (row) => {
  const values = Float64Array.from(row.values);
  /** Figures of a centre are right in units of the spread, where the centre itself is about 0. */
  const floor = row.standard_deviation;

  it('agrees with exact arithmetic on mean and spread', () => {
    expectClose(mean(values), row.mean, 1e-10, floor);
    if (row.variance !== null) expectClose(variance(values), row.variance, 1e-10, 5e-324);
    expectClose(standardDeviation(values), row.standard_deviation, 1e-10, 5e-324);
  });

  it('agrees on order statistics', () => {
    expectClose(median(values), row.median);
    expectClose(scaledMad(values), row.mad, 1e-10, 5e-324);
    for (const [q, expected] of row.quantiles) expectClose(quantile(values, q), expected, 1e-10, floor);
  });

  it('agrees on autocorrelation', () => {
    for (const [lag, expected] of row.autocorrelation)
      expectClose(autocorrelation(values, lag), expected, 1e-10, 1);
  });
});

const known = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 3, maxLength: 60 });

describe('moments', () => {
  it('do not change with gaps, and move and stretch with the values', () => {
    fc.assert(
      fc.property(known, fc.integer({ min: -40, max: 40 }), (list, exponent) => {
        const values = Float64Array.from(list);
        const scale = 2 ** exponent;
        const gapped = Float64Array.from(list.flatMap((value) => [value, Number.NaN]));
        const moved = values.map((value) => scale * (value + 4_096));
        expect(countFinite(gapped)).toBe(values.length);
        for (const same of [mean, median, variance, standardDeviation, scaledMad]) {
          expect(same(gapped)).toBe(same(values));
        }
        expectClose(mean(moved), scale * (mean(values) + 4_096));
        expectClose(standardDeviation(moved), scale * standardDeviation(values), 1e-10, scale);
        expectClose(autocorrelation(moved, 1), autocorrelation(values, 1), 1e-10, 1);
        expectClose(quantile(moved, 0.3), scale * (quantile(values, 0.3) + 4_096));
      }),
    );
  });

  it('reach as far as the numbers do', () => {
    const ends = Float64Array.of(-1.5e308, 1.5e308, 0);
    expect(mean(ends)).toBe(0);
    expectClose(standardDeviation(ends), 1.5e308);
    expect(variance(ends)).toBe(Number.POSITIVE_INFINITY);
    expect(standardDeviation(Float64Array.of(0, 2e-320, 4e-320))).toBe(2e-320);
  });

  it('are NaN of nothing, 0 of what is constant', () => {
    const nothing = Float64Array.of(Number.NaN, Number.POSITIVE_INFINITY);
    for (const of of [mean, median, variance, standardDeviation, scaledMad]) expect(of(nothing)).toBeNaN();
    expect(quantile(nothing, 0.5)).toBeNaN();
    expect(autocorrelation(nothing, 1)).toBe(0);
    const constant = new Float64Array(9).fill(0.1);
    expect([mean(constant), variance(constant), scaledMad(constant)]).toEqual([0.1, 0, 0]);
    expect(autocorrelation(constant, 1)).toBe(0);
    expect(variance(Float64Array.of(4))).toBeNaN();
  });
});
