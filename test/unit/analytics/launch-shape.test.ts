import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forecast, type ForecastResult } from '../../../analytics/forecast.js';
import type { LaunchSeries } from '../../../analytics/launch-curve.js';
import { forecastYoung } from '../../../analytics/launch-shape.js';
import { gaussian, seeded } from './random.js';

const h = 30;

/** Releases of one artist: launch decay × the audience's week × noise with memory, at levels that differ, as counts. */
function generateReleases(seed: number, count: number, days = 150): LaunchSeries[] {
  const uniform = seeded(seed);
  const normal = gaussian(uniform);
  const decay = 0.5 + 0.7 * uniform();
  const tail = 0.01 + 0.03 * uniform();
  const base = Math.exp(4 + 4 * uniform());
  const noise = 0.05 + 0.15 * uniform();
  const week = Array.from({ length: 7 }, () => Math.exp(0.2 * normal()));
  return Array.from({ length: count }, () => {
    const exponent = decay * Math.exp(0.12 * normal());
    const level = base * Math.exp(0.6 * normal());
    const weekday = Math.floor(7 * uniform());
    let state = 0;
    const values = Float64Array.from({ length: days }, (_, age) => {
      state = 0.4 * state + Math.sqrt(1 - 0.4 ** 2) * normal();
      const shape = (1 + age) ** -exponent + tail;
      const expected = level * shape * week[(weekday + age) % 7]! * Math.exp(noise * state);
      return Math.max(0, Math.round(expected + Math.sqrt(expected) * normal()));
    });
    return { values, ageAtStart: 0, weekday };
  });
}

function told(result: ForecastResult | { withheld: string }): ForecastResult {
  if ('withheld' in result) throw new Error(result.withheld);
  return result;
}

/** A young release at an age, what it did next, and what the artist had published before. */
function youngAt(age: number, seed: number, earlier: number): [LaunchSeries, Float64Array, LaunchSeries[]] {
  const releases = generateReleases(seed, earlier + 1);
  const { values, ...rest } = releases.pop()!;
  return [{ ...rest, values: values.slice(0, age) }, values.slice(age, age + h), releases];
}

function sumOfErrors(actual: Float64Array, predicted: Float64Array): number {
  return actual.reduce((sum, value, k) => sum + Math.abs(value - predicted[k]!), 0);
}

describe('forecastYoung', () => {
  it('foretells releases of ten days far better than their own days do, and its intervals cover', () => {
    let byShape = 0;
    let byOwn = 0;
    let inside80 = 0;
    let inside95 = 0;
    const series = 100;
    for (let seed = 0; seed < series; seed++) {
      const [young, actual, earlier] = youngAt(10, seed, 6);
      const scale = young.values.slice(1).reduce((sum, v, i) => sum + Math.abs(v - young.values[i]!), 1) / 9;
      const shaped = told(forecastYoung(young, earlier, { h }));
      const plain = told(forecast(young.values, { h, period: 7, nonNegative: true }));
      byShape += sumOfErrors(actual, shaped.mean) / scale / h / series;
      byOwn += sumOfErrors(actual, plain.mean) / scale / h / series;
      actual.forEach((value, k) => {
        if (value >= shaped.lo80[k]! && value <= shaped.hi80[k]!) inside80 += 1 / h / series;
        if (value >= shaped.lo95[k]! && value <= shaped.hi95[k]!) inside95 += 1 / h / series;
      });
    }
    expect(byShape / byOwn).toBeLessThan(0.45);
    expect(Math.abs(inside80 - 0.8)).toBeLessThan(0.06);
    expect(Math.abs(inside95 - 0.95)).toBeLessThan(0.04);
  });

  it('leans on the own days more as the release ages, and tells its backtest', () => {
    const shareAt = (age: number): number => {
      let share = 0;
      for (let seed = 0; seed < 20; seed++) {
        const [young, , earlier] = youngAt(age, seed, 6);
        const result = told(forecastYoung(young, earlier, { h }));
        expect(result).toMatchObject({
          method: 'launch_shape',
          n: age,
          parameters: { h, launch: { age, releases: 6 } },
        });
        expect(result.backtest).toMatchObject({ origins: 6, horizon: h });
        expect(result.backtest.relative).toBeLessThanOrEqual(1);
        share += result.weights['launch-shape']! / 20;
      }
      return share;
    };
    const [early, late] = [shareAt(12), shareAt(55)];
    expect(early).toBeGreaterThan(0.95);
    expect(late).toBeLessThan(early - 0.15);
  });

  it('takes a release for what it is against its artist, and its weekday with it', () => {
    const releases = generateReleases(3, 7);
    const { values, weekday } = releases.pop()!;
    const young = { values: values.slice(0, 12), ageAtStart: 0, weekday };
    const once = told(forecastYoung(young, releases, { h }));
    const hundredfold = told(
      forecastYoung({ ...young, values: young.values.map((value) => 100 * value) }, releases, { h }),
    );
    hundredfold.mean.forEach((value, k) => expect(value / once.mean[k]! / 100).toBeCloseTo(1, 0));
    const shifted = releases.map((release) => ({ ...release, weekday: (release.weekday + 3) % 7 }));
    const turned = told(forecastYoung({ ...young, weekday: (weekday + 3) % 7 }, shifted, { h }));
    turned.mean.forEach((value, k) => expect(value).toBeCloseTo(once.mean[k]!, 9));
  });

  it('is the same whatever comes before the publication, and with releases that were never told', () => {
    const [young, , earlier] = youngAt(10, 8, 5);
    const once = told(forecastYoung(young, earlier, { h }));
    const padded = {
      values: Float64Array.of(900, 900, ...young.values),
      ageAtStart: -2,
      weekday: (young.weekday + 5) % 7,
    };
    const silent = { values: new Float64Array(100).fill(Number.NaN), ageAtStart: 0, weekday: 0 };
    const again = told(forecastYoung({ ...padded, values: padded.values }, [silent, ...earlier], { h }));
    again.mean.forEach((value, k) => expect(value / once.mean[k]!).toBeCloseTo(1, 1));
  });

  it('says what it lacks', () => {
    const [young, , earlier] = youngAt(10, 1, 5);
    expect(forecastYoung(young, earlier.slice(0, 2), { h })).toEqual({
      withheld: 'needs 1 more earlier release seen past the age of 10 days',
    });
    const short = earlier.map((release) => ({ ...release, values: release.values.slice(0, 12) }));
    expect(forecastYoung(young, short, { h })).toEqual({
      withheld: 'needs 3 more earlier releases seen past the age of 10 days',
    });
    const nothing = { ...young, values: new Float64Array(4).fill(Number.NaN) };
    expect(forecastYoung(nothing, earlier, { h })).toEqual({ withheld: 'needs 1 more day' });
    expect(() => forecastYoung(young, earlier, { h: 0 })).toThrow(RangeError);
    const uniform = seeded(2);
    const random = Array.from({ length: 4 }, () => ({
      values: Float64Array.from({ length: 60 }, (_, age) => (age < 20 ? 1 : Math.exp(12 * uniform()))),
      ageAtStart: 0,
      weekday: 0,
    }));
    const flat = { values: Float64Array.from({ length: 20 }, () => 1), ageAtStart: 0, weekday: 0 };
    const result = forecastYoung(flat, random, { h: 7 });
    if ('withheld' in result) expect(result.withheld).toMatch(/worse than the last week/);
    else expect(result.backtest.relative).toBeLessThanOrEqual(1);
  });

  it('holds whatever the days: nested, finite, never below 0, never worse than the last week by its backtest', () => {
    const value = fc.oneof(fc.integer({ min: 0, max: 100_000 }), fc.constant(0), fc.constant(Number.NaN));
    const days = fc.array(value, { minLength: 40, maxLength: 70 }).map((list) => Float64Array.from(list));
    const release = fc.record({
      values: days,
      ageAtStart: fc.integer({ min: -3, max: 10 }),
      weekday: fc.integer({ min: 0, max: 6 }),
    });
    let answered = 0;
    fc.assert(
      fc.property(
        release.map((young) => ({ ...young, values: young.values.slice(-15) })),
        fc.array(release, { minLength: 4, maxLength: 8 }),
        (young, earlier) => {
          const result = forecastYoung(young, earlier, { h: 9 });
          if ('withheld' in result) return;
          answered++;
          const { mean, lo80, hi80, lo95, hi95, backtest } = result;
          if (backtest.relative !== null) expect(backtest.relative).toBeLessThanOrEqual(1);
          for (let k = 0; k < 9; k++) {
            expect(lo95[k]).toBeGreaterThanOrEqual(0);
            expect(lo95[k]).toBeLessThanOrEqual(lo80[k]!);
            expect(lo80[k]).toBeLessThanOrEqual(mean[k]!);
            expect(mean[k]).toBeLessThanOrEqual(hi80[k]!);
            expect(hi80[k]).toBeLessThanOrEqual(hi95[k]!);
            expect(Number.isFinite(hi95[k])).toBe(true);
          }
        },
      ),
      { numRuns: 300, seed: 1 },
    );
    expect(answered).toBeGreaterThan(50);
  });
});
