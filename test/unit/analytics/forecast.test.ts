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
        fc.constantFrom(1, 4, 7, 12, 24, 52),
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

  it('grows with the scale of the values, and moves with a level that may be negative', () => {
    const values = generateViews(11).values;
    const once = told(values);
    const scaled = told(values.map((value) => value * 1_024));
    scaled.mean.forEach((value, k) => expect(value / 1_024).toBeCloseTo(once.mean[k]!, 6));
    const normal = gaussian(seeded(2));
    const around = Float64Array.from(
      { length: 120 },
      (_, i) => 5 * Math.sin((2 * Math.PI * i) / 7) + normal(),
    );
    const signed = { h: 14, period: 7 };
    const low = told(
      around.map((value) => value - 1e4),
      signed,
    );
    told(
      around.map((value) => value - 3e4),
      signed,
    ).mean.forEach((value, k) => expect(value + 2e4).toBeCloseTo(low.mean[k]!, 4));
  });

  it('is judged by told values alone: what fills a gap is no actual', () => {
    const normal = gaussian(seeded(6));
    const values = Float64Array.from({ length: 140 }, (_, i) => 100 + 20 * (i % 7) + 5 * normal());
    const whole = told(values, { h: 7, period: 7 });
    // Filled from the weeks before and after, these days would look as if they had been foretold best of all.
    const gappy = told(
      values.map((value, i) => (i > 90 && i % 4 === 0 ? Number.NaN : value)),
      { h: 7, period: 7 },
    );
    expect(gappy.n).toBe(140 - 12);
    expect(gappy.backtest.mae / whole.backtest.mae).toBeGreaterThan(0.85);
    const silent = values.map((value, i) => (i > 80 ? Number.NaN : value));
    expect(forecast(silent, { h: 7, period: 7 })).toHaveProperty('mean');
  });

  it('keeps its bounds near a series that is almost always 0', () => {
    for (const values of [
      [0, 0, 0, 0, 0, 0, 1, 0],
      [0, 0, 0, 0, 0, 0, 0, 1],
      [...new Array<number>(60).fill(0), 3, 0, 0],
    ]) {
      const result = told(Float64Array.from(values), { h: 2, period: 1, nonNegative: true });
      expect(Math.max(...result.hi95)).toBeLessThan(10 * Math.max(...values));
    }
  });

  it('tells its method, version, parameters, points and the coverage of its own intervals', () => {
    const { values } = generateViews(5);
    const result = told(values);
    expect(result).toMatchObject({
      version: 5,
      n: 365,
      parameters: { h: 14, period: 7, long_lag: null, levels: [80, 95], non_negative: true },
    });
    const { coverage_80, coverage_95 } = result.backtest;
    expect(coverage_80).toBeGreaterThan(0.55);
    expect(coverage_95).toBeGreaterThan(0.8);
    expect(coverage_95).toBeGreaterThanOrEqual(coverage_80!);
  });

  it.each([1, 4, 7, 12, 24, 52])('covers what it says at a period of %i, told or not', (period) => {
    let inside80 = 0;
    let inside95 = 0;
    let own = 0;
    let naive = 0;
    const length = Math.max(90, 6 * period);
    const h = 12;
    const series = 60;
    for (let seed = 0; seed < series; seed++) {
      const normal = gaussian(seeded(seed));
      const season = Array.from({ length: period }, () => (period > 1 ? 0.2 * normal() : 0));
      let memory = 0;
      const all = Float64Array.from({ length: length + h }, (_, i) => {
        memory = 0.7 * memory + 0.08 * normal();
        return Math.exp(6 + 0.002 * i + season[i % period]! + memory);
      });
      const actual = all.subarray(length);
      const train = all.subarray(0, length);
      const asked = seed % 2 === 0 ? period : 1;
      const result = told(train, { h, period: asked, nonNegative: true });
      own += mae(actual, result.mean);
      naive += mae(
        actual,
        actual.map((_, k) => train[length - period + (k % period)]!),
      );
      actual.forEach((value, k) => {
        if (value >= result.lo80[k]! && value <= result.hi80[k]!) inside80 += 1 / h / series;
        if (value >= result.lo95[k]! && value <= result.hi95[k]!) inside95 += 1 / h / series;
      });
    }
    expect(own / naive).toBeLessThan(1);
    expect(inside80).toBeGreaterThan(0.7);
    expect(inside80).toBeLessThan(0.92);
    expect(inside95).toBeGreaterThan(0.89);
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
    const huge = told(Float64Array.from({ length: 50 }, (_, i) => (i % 9 === 0 ? 0 : 1e200 * (1 + (i % 7)))));
    expect(huge.hi95.every(Number.isFinite)).toBe(true);
    const explosive = told(
      Float64Array.from({ length: 60 }, (_, i) => Math.exp(i)),
      { h: 60, period: 7 },
    );
    expect(explosive.hi95.every(Number.isFinite)).toBe(true);
    const woken = told(Float64Array.from({ length: 60 }, (_, i) => (i < 40 ? 0 : 100 + (i % 5))));
    expect(woken.mean[0]).toBeGreaterThan(60);
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
