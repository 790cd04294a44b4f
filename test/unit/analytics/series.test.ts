import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counterToIncrements, fillGaps, prepareSeries } from '../../../analytics/series.js';
import {
  autocorrelation,
  mean,
  median,
  quantile,
  scaledMad,
  standardDeviation,
  variance,
} from '../../../analytics/summary.js';

const array = (...values: number[]): Float64Array => Float64Array.from(values);
const list = (values: Float64Array): number[] => Array.from(values);

describe('series preparation', () => {
  it('sets corrections of a counter apart and takes no gap for a day', () => {
    const closes = array(100, 130, 120, 150, NaN, 200, 230);
    const { increments, corrections } = counterToIncrements(closes);
    expect(list(increments)).toEqual([NaN, 30, NaN, 30, NaN, NaN, 30]);
    expect(corrections).toEqual([{ index: 2, amount: -10 }]);
    expect(list(closes)).toEqual([100, 130, 120, 150, NaN, 200, 230]);
  });

  it('keeps complete days since the last break of the definition', () => {
    const series = { startDay: '2026-01-01', values: array(1, 2, 3, NaN, 5, 6, 7, NaN) };
    expect(prepareSeries(series)).toEqual({ startDay: '2026-01-01', values: array(1, 2, 3, NaN, 5, 6, 7) });
    expect(prepareSeries(series, { completeBefore: '2026-01-07' })!.values).toEqual(
      array(1, 2, 3, NaN, 5, 6),
    );
    expect(prepareSeries(series, { definitionBreaks: ['2026-01-04', '2025-06-01', '2027-01-01'] })).toEqual({
      startDay: '2026-01-05',
      values: array(5, 6, 7),
    });
    expect(prepareSeries(series, { lastDays: 4 })!.startDay).toBe('2026-01-05');
    expect(prepareSeries(series, { completeBefore: '2025-12-01' })).toBeNull();
    expect(prepareSeries({ startDay: '2026-01-01', values: array(NaN, NaN) })).toBeNull();
  });

  it('bridges a definition that changed by a factor, and starts again where the factor is not known', () => {
    const before = Array.from({ length: 20 }, (_, i) => 100 + (i % 2));
    const after = Array.from({ length: 20 }, (_, i) => 201 + 2 * (i % 2));
    const series = { startDay: '2026-01-01', values: array(...before, ...after) };
    const bridged = prepareSeries(series, { comparableBreaks: ['2026-01-21'] })!;
    // Medians of 14 days: 100.5 and 202.
    expect(bridged.startDay).toBe('2026-01-01');
    expect(bridged.values[0]).toBeCloseTo((100 * 202) / 100.5, 10);
    expect(list(bridged.values.subarray(20))).toEqual(after);
    expect(list(series.values)).toEqual([...before, ...after]);
    const restarted = (values: number[]): string =>
      prepareSeries(
        { startDay: '2026-01-01', values: array(...values) },
        { comparableBreaks: ['2026-01-21'] },
      )!.startDay;
    expect(restarted([...before.fill(NaN, 10), ...after])).toBe('2026-01-21');
    expect(restarted([...before.fill(0), ...after])).toBe('2026-01-21');
    expect(restarted([...after, ...after.slice(0, 6)])).toBe('2026-01-21');
    const twice = {
      startDay: '2026-01-01',
      values: array(...Array.from({ length: 60 }, (_, i) => 10 ** Math.floor(i / 20))),
    };
    const levelled = prepareSeries(twice, { comparableBreaks: ['2026-01-21', '2026-02-10'] })!;
    expect(list(levelled.values)).toEqual(new Array(60).fill(100));
    const cut = prepareSeries(twice, { comparableBreaks: ['2026-01-21'], definitionBreaks: ['2026-02-10'] })!;
    expect(cut.startDay).toBe('2026-02-10');
  });

  it('fills gaps by the same phase, then by a line', () => {
    expect(list(fillGaps(array(NaN, 2, NaN, NaN, 8, NaN)))).toEqual([2, 2, 4, 6, 8, 8]);
    expect(list(fillGaps(array(1, 10, 3, NaN, 5, 30), 2))).toEqual([1, 10, 3, 20, 5, 30]);
    expect(list(fillGaps(array(NaN, NaN)))).toEqual([0, 0]);
    expect(list(fillGaps(array(NaN, 5, 1, 7), 2))).toEqual([1, 5, 1, 7]);
  });

  it('leaves no gap, changes no value and not its input', () => {
    const value = fc.oneof(fc.constant(Number.NaN), fc.integer({ min: -1_000, max: 1_000 }));
    fc.assert(
      fc.property(fc.array(value), fc.integer({ min: 1, max: 9 }), (values, period) => {
        const input = Float64Array.from(values);
        const filled = fillGaps(input, period);
        expect(list(input)).toEqual(values);
        values.forEach((v, i) => {
          expect(filled[i]).not.toBeNaN();
          if (!Number.isNaN(v)) expect(filled[i]).toBe(v);
        });
      }),
    );
  });
});

describe('summaries', () => {
  it('leave gaps out and keep their digits at large offsets', () => {
    const values = array(1e8 + 1, 1e8 + 2, NaN, 1e8 + 3, 1e8 + 4);
    expect(mean(values)).toBe(1e8 + 2.5);
    expect(variance(values)).toBe(5 / 3);
    expect(standardDeviation(values)).toBe(Math.sqrt(5 / 3));
    expect(median(values)).toBe(1e8 + 2.5);
    expect(scaledMad(values)).toBeCloseTo(1.482602218505602, 12);
    expect(quantile(values, 0.25)).toBe(1e8 + 1.75);
    expect(quantile(array(), 0.5)).toBeNaN();
    expect(mean(array(NaN))).toBeNaN();
    expect(variance(array(1))).toBeNaN();
    expect(median(array())).toBeNaN();
  });

  it('select as sorting does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1 }), (values) => {
        const sorted = values.toSorted((a, b) => a - b);
        const half = values.length >> 1;
        const expected = values.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
        expect(median(Float64Array.from(values))).toBe(expected);
      }),
    );
  });

  it('tell autocorrelation', () => {
    expect(autocorrelation(array(1, -1, 1, -1, 1, -1), 1)).toBeCloseTo(-5 / 6, 14);
    expect(autocorrelation(array(3, 3, 3), 1)).toBe(0);
  });
});
