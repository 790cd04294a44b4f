import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitsOf } from '../../../analytics/forecast-limits.js';
import { forecast, type ForecastResult } from '../../../analytics/forecast.js';

describe('limitsOf', () => {
  it('are the least and the largest ratio to the level seen in as many steps, on the level of today', () => {
    // Levels over four points: 2, 2, …, and 8 after the jump.
    const y = Float64Array.of(...new Array<number>(20).fill(2), ...new Array<number>(20).fill(8));
    const { low, high } = limitsOf(y, 1, 3);
    expect(Array.from(high)).toEqual([32, 32, 32]);
    expect(Array.from(low)).toEqual([8, 8, 8]);
    const signed = limitsOf(
      y.map((value) => value - 4),
      1,
      2,
    );
    expect(Array.from(signed.high)).toEqual([10, 10]);
    expect(Array.from(signed.low)).toEqual([4, 4]);
  });

  it('grow with the steps of a trend, and beyond the steps that were seen', () => {
    const rising = Float64Array.from({ length: 30 }, (_, i) => 1.1 ** i);
    const { high } = limitsOf(rising, 1, 40);
    for (let k = 0; k < 40; k++) expect(high[k]! / 1.1 ** (30 + k)).toBeGreaterThan(0.999);
    expect(high[39]! / 1.1 ** 69).toBeLessThan(2_000);
  });

  it('allow the latest values again, also after a silence and for a single value', () => {
    const silent = Float64Array.of(...new Array<number>(30).fill(5), 0, 0, 0, 0, 0, 0, 0);
    const { low, high } = limitsOf(silent, 7, 7);
    expect(high[0]).toBeGreaterThanOrEqual(5);
    expect(low[0]).toBeLessThanOrEqual(0);
    expect(limitsOf(Float64Array.of(3), 7, 2)).toEqual({
      low: Float64Array.of(3, 3),
      high: Float64Array.of(3, 3),
    });
  });
});

const value = fc.oneof(
  fc.integer({ min: -1_000, max: 1_000 }),
  fc.integer({ min: 0, max: 50 }),
  fc.constantFrom(0, 1e6, Number.NaN),
);
const series = fc.oneof(
  fc.array(value, { minLength: 8, maxLength: 90 }),
  // A jump, a spike or a slope near the end of a quiet series.
  fc
    .record({
      length: fc.integer({ min: 40, max: 120 }),
      ago: fc.integer({ min: 1, max: 20 }),
      factor: fc.double({ min: 0.01, max: 100, noNaN: true }),
      lasts: fc.integer({ min: 1, max: 20 }),
    })
    .map(({ length, ago, factor, lasts }) =>
      Array.from({ length }, (_, i) => {
        const since = i - (length - ago);
        const usual = 100 + ((i * 7_919) % 31) + 10 * (i % 7);
        return since >= 0 && since < lasts ? usual * factor : usual;
      }),
    ),
);
const options = fc.record({
  h: fc.integer({ min: 1, max: 40 }),
  period: fc.constantFrom(1, 4, 7, 12),
  nonNegative: fc.boolean(),
});

function bounds(result: ForecastResult): Float64Array[] {
  return [result.lo95, result.lo80, result.mean, result.hi80, result.hi95];
}

describe('a forecast at any scale', () => {
  it('is finite, nests about its mean, and keeps to 0 when asked', () => {
    fc.assert(
      fc.property(
        series,
        options,
        fc.constantFrom(1, 1e-306, 1e-300, 1e300),
        (list, { h, period, nonNegative }, unit) => {
          const values = Float64Array.from(list, (item) => (nonNegative ? Math.abs(item) : item) * unit);
          const result = forecast(values, { h, period, nonNegative });
          if ('withheld' in result) return;
          const told = bounds(result);
          for (let k = 0; k < h; k++) {
            const column = told.map((bound) => bound[k]!);
            expect(column.every(Number.isFinite)).toBe(true);
            expect(column).toEqual([...column].sort((a, b) => a - b));
            if (nonNegative) expect(column[0]).toBeGreaterThanOrEqual(0);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('grows with the scale of the values, whatever power of two', () => {
    fc.assert(
      fc.property(series, options, fc.integer({ min: -900, max: 900 }), (list, asked, power) => {
        const values = Float64Array.from(list, (item) => (asked.nonNegative ? Math.abs(item) : item));
        const once = forecast(values, asked);
        const scaled = forecast(
          values.map((item) => item * 2 ** power),
          asked,
        );
        if ('withheld' in once || 'withheld' in scaled) {
          expect(scaled).toEqual(once);
          return;
        }
        expect(scaled.weights).toEqual(once.weights);
        bounds(once).forEach((bound, b) =>
          bound.forEach((expected, k) => {
            const actual = bounds(scaled)[b]![k]! / 2 ** power;
            expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-9 * Math.abs(expected));
          }),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('goes no further than the series ever went in as many steps', () => {
    fc.assert(
      fc.property(series, options, (list, asked) => {
        const values = Float64Array.from(list, (item) => (Number.isNaN(item) ? 7 : Math.abs(item)));
        const result = forecast(values, asked);
        if ('withheld' in result || result.parameters.level_shifts !== undefined) return;
        const unit = 1 + 1e-9;
        const { low, high } = limitsOf(values, result.parameters.period, asked.h);
        result.mean.forEach((item, k) => {
          expect(item).toBeLessThanOrEqual(high[k]! * unit);
          expect(item * unit).toBeGreaterThanOrEqual(Math.max(0, low[k]!));
        });
      }),
      { numRuns: 200 },
    );
  });

  it('tells a shift by a difference in the unit of the values', () => {
    const values = Float64Array.from({ length: 120 }, (_, i) => (i < 100 ? -1 : 5) + ((i * 7_919) % 13) / 13);
    for (const unit of [1, 2 ** 40]) {
      const result = forecast(
        values.map((item) => item * unit),
        { h: 5, period: 7 },
      ) as ForecastResult;
      const [shift] = result.parameters.level_shifts!;
      expect(shift).toMatchObject({ points: 20 });
      expect(Math.abs((shift as { difference: number }).difference / unit - 6)).toBeLessThan(0.5);
      result.mean.forEach((item) => expect(Math.abs(item / unit - 5.5)).toBeLessThan(0.7));
    }
  });
});
