import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forecast, type ForecastOptions, type ForecastResult } from '../../../analytics/forecast.js';
import { generateViews } from './generated-series.js';
import { gaussian, seeded } from './random.js';

const daily: ForecastOptions = { h: 14, period: 7, nonNegative: true };

function told(values: Float64Array, options = daily): ForecastResult {
  const result = forecast(values, options);
  if ('withheld' in result) throw new Error(result.withheld);
  return result;
}

function mae(actual: Float64Array, predicted: Float64Array): number {
  return actual.reduce((sum, value, i) => sum + Math.abs(value - predicted[i]!), 0) / actual.length;
}

describe('forecast', () => {
  it('carries on a week that is growing', () => {
    const normal = gaussian(seeded(1));
    const truth = (i: number): number => (1_000 + 5 * i) * [0.7, 0.9, 1, 1, 1.1, 1.4, 0.9][i % 7]!;
    const values = Float64Array.from({ length: 200 }, (_, i) => truth(i) * (1 + 0.03 * normal()));
    const { mean, method, weights, backtest } = told(values);
    expect(method).toBe('ensemble');
    expect(Object.values(weights).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    mean.forEach((value, k) => expect(Math.abs(value / truth(200 + k) - 1)).toBeLessThan(0.06));
    expect(backtest.relative).toBeLessThan(1);
    expect(backtest.origins).toBeGreaterThan(10);
    expect(backtest.horizon).toBe(14);
  });

  it('is better than the last week again, over generated views, and its intervals cover', () => {
    let own = 0;
    let naive = 0;
    let inside95 = 0;
    let inside80 = 0;
    let points = 0;
    for (let seed = 0; seed < 150; seed++) {
      const { values } = generateViews(seed);
      const train = values.subarray(0, 351);
      const actual = values.subarray(351);
      const { mean, lo80, hi80, lo95, hi95 } = told(train);
      const scale = mae(values.subarray(7), values.subarray(0, 358)) + 1e-9;
      own += mae(actual, mean) / scale;
      naive +=
        mae(
          actual,
          Float64Array.from({ length: 14 }, (_, k) => train[344 + (k % 7)]!),
        ) / scale;
      actual.forEach((value, k) => {
        points++;
        if (value >= lo95[k]! && value <= hi95[k]!) inside95++;
        if (value >= lo80[k]! && value <= hi80[k]!) inside80++;
      });
    }
    expect(own / naive).toBeLessThan(0.82);
    expect(inside95 / points).toBeGreaterThan(0.9);
    expect(inside80 / points).toBeGreaterThan(0.74);
    expect(inside80 / points).toBeLessThan(0.92);
  });

  it('is never worse than the naive one by its own backtest, and never below 0', () => {
    const value = fc.oneof(fc.integer({ min: 0, max: 1_000 }), fc.constant(0), fc.constant(Number.NaN));
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 8, maxLength: 80 }),
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom(1, 7),
        (list, h, period) => {
          const values = Float64Array.from(list);
          const result = forecast(values, { h, period, nonNegative: true });
          expect(Array.from(values)).toEqual(list);
          if ('withheld' in result) return;
          expect(result.backtest.mae).toBeLessThanOrEqual(result.backtest.mae_naive * (1 + 1e-12));
          expect(result.mean).toHaveLength(h);
          for (let k = 0; k < h; k++) {
            expect(result.lo95[k]).toBeGreaterThanOrEqual(0);
            expect(result.lo80[k]).toBeGreaterThanOrEqual(result.lo95[k]!);
            expect(result.hi80[k]).toBeLessThanOrEqual(result.hi95[k]!);
            expect(result.lo80[k]).toBeLessThanOrEqual(result.mean[k]!);
            expect(result.hi80[k]).toBeGreaterThanOrEqual(result.mean[k]!);
            expect(Number.isFinite(result.mean[k])).toBe(true);
            expect(Number.isFinite(result.hi95[k])).toBe(true);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('grows with the scale of the values', () => {
    const values = generateViews(11).values;
    const once = told(values);
    const scaled = told(values.map((value) => value * 1_024));
    scaled.mean.forEach((value, k) => expect(value / 1_024).toBeCloseTo(once.mean[k]!, 6));
  });

  it('answers for degenerate values', () => {
    const constant = told(new Float64Array(30).fill(5));
    expect(Array.from(constant.mean)).toEqual(new Array(14).fill(5));
    expect(constant.lo95[13]).toBeCloseTo(5, 6);
    expect(constant.backtest).toMatchObject({ mae: 0, mae_naive: 0, relative: null });
    expect(Array.from(told(new Float64Array(30)).mean)).toEqual(new Array(14).fill(0));
    const spike = new Float64Array(60);
    spike[20] = 1e9;
    expect(told(spike).mean[0]).toBeLessThan(1e9);
    expect(Number.isFinite(told(Float64Array.from({ length: 40 }, (_, i) => 1e8 + i)).mean[13])).toBe(true);
    const negative = told(
      Float64Array.from({ length: 60 }, (_, i) => -50 - (i % 7)),
      { h: 7, period: 7 },
    );
    expect(negative.mean[0]).toBeLessThan(-45);
  });

  it('is withheld below 8 points and refuses an empty horizon', () => {
    expect(forecast(new Float64Array(7), daily)).toEqual({ withheld: 'needs 1 more point' });
    expect(() => forecast(new Float64Array(9), { h: 0, period: 7 })).toThrow(RangeError);
    expect(() => forecast(new Float64Array(9), { h: 1, period: 0 })).toThrow(RangeError);
  });
});
