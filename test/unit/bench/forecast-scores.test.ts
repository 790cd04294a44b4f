import { describe, expect, it } from 'vitest';
import { naive2, scoreForecasts, type ForecastAnswer } from '../../../bench/scoring/forecast-scores.js';

const series = (...values: number[]): Float64Array => Float64Array.from(values);

function answer(mean: number[], reach95: number, reach80: number): ForecastAnswer {
  const around = (reach: number): Float64Array => Float64Array.from(mean, (value) => value + reach);
  return {
    mean: series(...mean),
    ...{ lo95: around(-reach95), hi95: around(reach95) },
    ...{ lo80: around(-reach80), hi80: around(reach80) },
  };
}

describe('forecast scores', () => {
  it('are the competition’s, worked by hand', () => {
    // Steps of 2 on average in the history; Naive2 says 10 and 10.
    const one = { train: series(4, 6, 8, 10), test: series(12, 8), period: 1 };
    const scores = scoreForecasts([one], [answer([11, 11], 2, 0.5)]);
    const smape = (200 * (1 / 23 + 3 / 19)) / 2;
    const naiveSmape = (200 * (2 / 22 + 2 / 18)) / 2;
    expect(scores.smape).toBeCloseTo(smape, 12);
    expect(scores.mase).toBeCloseTo(2 / 2, 12);
    expect(scores.owa).toBeCloseTo((smape / naiveSmape + 1 / 1) / 2, 12);
    // Widths of 4; 8 lies one below 9, at forty times the distance.
    expect(scores.msis).toBeCloseTo((4 + 40 / 2) / 2, 12);
    expect(scores.cov95).toBe(50);
    expect(scores.cov80).toBe(0);
  });

  it('take a failure for Naive2, without intervals', () => {
    const one = { train: series(4, 6, 8, 10), test: series(12, 8), period: 1 };
    expect(scoreForecasts([one], [null])).toMatchObject({ failed: 1, owa: 1, msis: null, cov95: null });
  });

  it('leave a constant history out of MASE', () => {
    const flat = { train: series(5, 5, 5, 5), test: series(5, 6), period: 1 };
    const moving = { train: series(4, 6, 8, 10), test: series(10, 10), period: 1 };
    const answers = [answer([5, 5], 1, 1), answer([12, 12], 3, 3)];
    expect(scoreForecasts([flat, moving], answers).mase).toBe(1);
  });
});

describe('Naive2', () => {
  it('repeats the last value, on the season’s multiplicative pattern where one is found', () => {
    const pattern = [1, 2, 3];
    const train = Float64Array.from({ length: 24 }, (_, i) => 10 * pattern[i % 3]!);
    const forecast = naive2(train, 3, 4);
    [10, 20, 30, 10].forEach((value, k) => expect(forecast[k]).toBeCloseTo(value, 10));
    expect(Array.from(naive2(train, 1, 2))).toEqual([30, 30]);
    expect(Array.from(naive2(train.slice(0, 8), 3, 2))).toEqual([20, 20]);
  });
});
