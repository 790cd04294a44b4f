import { describe, expect, it } from 'vitest';
import { fitAutoregression } from '../../../analytics/forecast-autoregression.js';
import { backtest, chooseOrigins, meanAbsoluteError } from '../../../analytics/forecast-backtest.js';
import { coverageOf, spreadOf } from '../../../analytics/forecast-intervals.js';
import { guessPeriod, longLagOf } from '../../../analytics/forecast-period.js';
import { fitRobust, smoothingFamily } from '../../../analytics/forecast-robust-smoothing.js';
import {
  forecastDamped,
  forecastTheta,
  smooth,
  smoothDamped,
} from '../../../analytics/forecast-smoothing.js';
import { combine, weigh } from '../../../analytics/forecast-weights.js';
import { expectClose, readGolden } from './golden.js';
import { gaussian, seeded } from './random.js';

interface Golden {
  y: number[];
  h: number;
  autoregressions: {
    lags: number[];
    difference: number;
    ridge: number;
    memory: number;
    forecast: number[];
  }[];
  ses: { alpha: number; level: number };
  theta: { alpha: number; forecast: number[] };
  damped: { alpha: number; beta: number; phi: number; forecast: number[] };
}

const golden = readGolden('forecast-parts') as Golden;
const y = Float64Array.from(golden.y);
const n = y.length;

function expectAll(actual: Float64Array, expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, k) => expectClose(value, expected[k]!));
}

describe('the parts of the forecast against NumPy and statsmodels', () => {
  it.each(golden.autoregressions)(
    'regresses on lags $lags of changes over $difference',
    ({ forecast, ...fit }) => {
      expectAll(fitAutoregression(y, fit, [], golden.h).get(n)!, forecast);
    },
  );

  it('smooths, with a damped trend, and by Theta', () => {
    expectClose(smooth(y, n, golden.ses.alpha), golden.ses.level);
    const out = new Float64Array(golden.h);
    forecastTheta(y, n, golden.theta.alpha, out);
    expectAll(out, golden.theta.forecast);
    forecastDamped(smoothDamped(y, n, golden.damped), golden.damped.phi, out);
    expectAll(out, golden.damped.forecast);
  });
});

describe('fitAutoregression', () => {
  it('knows nothing of what comes after an origin', () => {
    const fit = { lags: [1, 7], difference: 0, memory: 1e9, ridge: 0.3 };
    const changed = y.map((value, i) => (i < 80 ? value : 10 * value));
    const options = [80, 60];
    // The values' common mean is taken off first, which a constant in the regression makes up for.
    fitAutoregression(y, fit, options, 5)
      .get(80)!
      .forEach((value, k) =>
        expectClose(value, fitAutoregression(changed, fit, options, 5).get(80)![k]!, 1e-6),
      );
  });

  it('lets no explosive root run away', () => {
    const values = Float64Array.from({ length: 60 }, (_, i) => 1.2 ** i);
    const out = fitAutoregression(values, { lags: [1], difference: 0, memory: 1e9, ridge: 0 }, [], 1_000).get(
      60,
    )!;
    expect(Math.max(...out)).toBeLessThan(2 * values[59]!);
  });

  it('answers for constant values', () => {
    const fit = { lags: [1, 2], difference: 0, memory: 1e9, ridge: 0.3 };
    expect(Array.from(fitAutoregression(new Float64Array(30).fill(4), fit, [], 3).get(30)!)).toEqual([
      4, 4, 4,
    ]);
  });
});

describe('fitRobust', () => {
  const normal = gaussian(seeded(4));
  const level = Float64Array.from(
    { length: 200 },
    (_, i) => 100 + 10 * Math.sin((2 * Math.PI * i) / 7) + normal(),
  );

  it('is hardly moved by a spike, and takes it out of the cleaned series', () => {
    const spiked = level.slice();
    spiked[198] = 1_000;
    const family = smoothingFamily(false, 7);
    const clean = fitRobust(level, 7, family, [], 7).forecasts.get(200)!;
    const { forecasts, cleaned } = fitRobust(spiked, 7, family, [], 7);
    forecasts.get(200)!.forEach((value, k) => expect(Math.abs(value - clean[k]!)).toBeLessThan(3));
    expect(Math.abs(cleaned[198]! - level[198]!)).toBeLessThan(10);
    const fragile = fitRobust(spiked, 7, { ...family, clip: 1e9 }, [], 7).forecasts.get(200)!;
    expect(Math.max(...fragile.map((value, k) => Math.abs(value - clean[k]!)))).toBeGreaterThan(10);
  });

  it('follows a new level after three days, also from a standstill', () => {
    const shifted = level.map((value, i) => (i < 190 ? value : value + 300));
    const { forecasts } = fitRobust(shifted, 7, smoothingFamily(false, 7), [], 1);
    expect(forecasts.get(200)![0]).toBeGreaterThan(300);
    const woken = Float64Array.from({ length: 60 }, (_, i) => (i < 40 ? 0 : 50 + (i % 3)));
    expect(fitRobust(woken, 1, smoothingFamily(false, 1), [], 1).forecasts.get(60)![0]).toBeGreaterThan(40);
  });
});

describe('the rolling origins', () => {
  it('are the latest, evenly spaced, and know what they need', () => {
    expect(chooseOrigins(1_000, 15, 10)).toMatchObject({ horizon: 10 });
    const { at } = chooseOrigins(1_000, 15, 10);
    expect(at[0]).toBe(990);
    expect(at).toHaveLength(24);
    expect(at.at(-1)).toBeGreaterThanOrEqual(1_000 - 20 * 10);
    expect(chooseOrigins(20, 15, 14)).toEqual({ at: [18, 17, 16, 15], horizon: 2 });
    expect(chooseOrigins(8, 8, 30)).toEqual({ at: [7, 6], horizon: 1 });
  });

  it('judge nobody by a gap', () => {
    const values = Float64Array.of(1, 2, Number.NaN, 4);
    const candidate = {
      name: 'two',
      minHistory: 2,
      forecast: (_: number, out: Float64Array): void => void out.fill(2),
    };
    const trial = backtest(values, [candidate], { at: [2, 1], horizon: 2 });
    expect(Array.from(trial.actual)).toEqual([Number.NaN, 4, 2, Number.NaN]);
    // Origin 1 knows too little for the method.
    expect(Array.from(trial.predicted[0]!)).toEqual([2, 2, Number.NaN, Number.NaN]);
    expect(meanAbsoluteError(trial.actual, trial.predicted[0]!)).toBe(2);
  });
});

describe('the weights', () => {
  const trialOf = (...predicted: number[][]): Parameters<typeof weigh>[0] => ({
    at: [2, 1],
    horizon: 2,
    actual: Float64Array.of(10, 10, 10, 10),
    predicted: predicted.map((values) => Float64Array.from(values)),
  });

  it('fall with the error, and leave out what is twice as bad as the best', () => {
    const weights = weigh(trialOf([12, 12, 8, 8], [11, 11, 11, 11], [13, 13, 13, 13]));
    expect(weights[1]).toBeCloseTo(16 * weights[0]!, 12);
    expect(weights[2]).toBe(0);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
  });

  it('pass over what measures only, unless it stands alone', () => {
    const weights = weigh(trialOf([11, 11, 11, 11], [10.5, 10.5, 10.5, 10.5], [9.5, 9.5, 9.5, 9.5]), 1);
    expect(weights).toEqual([0, 0.5, 0.5]);
    expect(weigh(trialOf([11, 11, 11, 11], [12, 12, 12, 12]), 1)).toEqual([1, 0]);
    expect(weigh(trialOf([10, 10, 10, 10], [10, 10, 10, 10]), 1)).toEqual([0, 1]);
  });

  it('leave the naive method alone where the combination would have been worse', () => {
    expect(weigh(trialOf([12, 12, 12, 12], [13, 13, 13, 13]))).toEqual([1, 0]);
  });

  it('compare a method that was silent at some origins over the others', () => {
    const silent = Number.NaN;
    const trial = trialOf([13, 13, 18, 18], [13, 13, 18, 18], [11, 11, silent, silent]);
    const weights = weigh(trial);
    expect(weights[2]).toBeGreaterThan(0.9);
    expect(combine(trial, weights)[2]).toBe(18);
    expect(weigh(trialOf([12, 12, 8, 8], [silent, silent, silent, silent]))).toEqual([1, 0]);
  });

  it('stay on the one method without an error', () => {
    expect(weigh(trialOf([12, 12, 8, 8], [10, 10, 10, 10]))).toEqual([0, 1]);
  });
});

describe('the intervals', () => {
  it('find the scale on which errors are alike', () => {
    const normal = gaussian(seeded(9));
    const predictions = Float64Array.from({ length: 480 }, (_, i) => (i % 2 === 0 ? 1_000 : 10_000));
    const width = (actual: Float64Array): number => {
      const errors = { actual, predictions, horizon: 20, windows: 24 };
      const { lo95, hi95 } = spreadOf(
        errors,
        { floor: 0, isAmount: true },
        2,
      )(Float64Array.of(1_000, 10_000));
      return (hi95[1]! - lo95[1]!) / (hi95[0]! - lo95[0]!);
    };
    expect(width(predictions.map((value) => value * (1 + 0.1 * normal())))).toBeCloseTo(10, 6);
    expect(width(predictions.map((value) => value + Math.sqrt(value) * normal()))).toBeCloseTo(
      Math.sqrt(10),
      6,
    );
    expect(width(predictions.map((value) => value + 10 * normal()))).toBeCloseTo(1, 1);
  });

  it('cover what they say, by the halves of the origins, and tell nothing below four', () => {
    const normal = gaussian(seeded(10));
    const predictions = new Float64Array(24 * 14).fill(50);
    const errors = {
      actual: predictions.map((value) => value + normal()),
      predictions,
      horizon: 14,
      windows: 24,
    };
    const options = { floor: 0, isAmount: true };
    const { coverage_80, coverage_95 } = coverageOf(errors, options)!;
    expect(Math.abs(coverage_80 - 0.8)).toBeLessThan(0.06);
    expect(Math.abs(coverage_95 - 0.95)).toBeLessThan(0.04);
    const few = { ...errors, actual: errors.actual.slice(0, 42), predictions: predictions.slice(0, 42) };
    expect(coverageOf(few, options)).toBeNull();
  });
});

describe('guessPeriod', () => {
  it('finds a season of the calendar through a trend, and none in noise or a walk', () => {
    const normal = gaussian(seeded(5));
    let found = 0;
    for (const period of [4, 7, 12, 24]) {
      const values = Float64Array.from(
        { length: 20 * period },
        (_, i) => 3 * i + 10 * (i % period) + normal(),
      );
      expect(guessPeriod(values)).toBe(period);
    }
    for (let series = 0; series < 200; series++) {
      let walk = 0;
      const noise = Float64Array.from({ length: 300 }, normal);
      const walking = noise.map((step) => (walk += step));
      found += Number(guessPeriod(noise) !== 1) + Number(guessPeriod(walking) !== 1);
    }
    expect(found).toBeLessThanOrEqual(4);
    expect(guessPeriod(new Float64Array(50).fill(3))).toBe(1);
  });

  it('looks for a year in weeks and days and for a week in hours, where the series is long enough', () => {
    expect([longLagOf(1, 200), longLagOf(7, 400), longLagOf(7, 500), longLagOf(24, 700)]).toEqual([
      52,
      null,
      364,
      168,
    ]);
    expect(longLagOf(12, 10_000)).toBeNull();
  });
});
