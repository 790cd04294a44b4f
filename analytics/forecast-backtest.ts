/** Rolling origins: how each method, and their combination, would have done before. */
import type { Candidate } from './forecast-candidates.js';
import type { BacktestErrors } from './forecast-intervals.js';

export interface Trial {
  origins: number[];
  horizon: number;
  /** actual[o * horizon + k]. */
  actual: Float64Array;
  /** predicted[c][o * horizon + k]. */
  predicted: Float64Array[];
  /** Mean absolute error of each candidate. */
  errors: number[];
}

const mostOrigins = 24;

/**
 * Forecasts from up to 24 origins, evenly spaced over the last two thirds of the series, each knowing what lies
 * before it; shorter horizons where the series is too short for two of the one asked for.
 */
export function backtest(y: Float64Array, candidates: readonly Candidate[], h: number): Trial {
  const n = y.length;
  const need = Math.max(...candidates.map((candidate) => candidate.minHistory));
  const room = n - Math.min(need, n - 2);
  const horizon = Math.max(1, Math.min(h, Math.floor(room / 2)));
  const last = n - horizon;
  const first = Math.max(Math.min(need, last), Math.min(last, Math.floor(n / 3)));
  const count = Math.min(mostOrigins, last - first + 1);
  const step = count > 1 ? Math.max(1, Math.floor((last - first) / (count - 1))) : 1;
  const origins = Array.from({ length: count }, (_, o) => last - o * step);
  const actual = new Float64Array(count * horizon);
  origins.forEach((origin, o) => actual.set(y.subarray(origin, origin + horizon), o * horizon));
  const predicted = candidates.map(() => new Float64Array(count * horizon));
  for (let o = 0; o < count; o++) {
    candidates.forEach((candidate, c) => {
      candidate.forecast(origins[o]!, predicted[c]!.subarray(o * horizon, (o + 1) * horizon));
    });
  }
  const errors = predicted.map((values) => meanAbsolute(values.map((value, i) => actual[i]! - value)));
  return { origins, horizon, actual, predicted, errors };
}

/** Mean of the absolute values. */
export function meanAbsolute(errors: Float64Array): number {
  let sum = 0;
  for (const error of errors) sum += Math.abs(error);
  return sum / errors.length;
}

/** A method worse than the best by more than this says nothing new. */
const cutoff = 1.5;
const sharpness = 3;

/** Weights by inverse error; the naive method alone where the combination would be worse than it. */
export function weigh(trial: Trial): number[] {
  const least = Math.min(...trial.errors);
  if (!(least > 0)) return trial.errors.map((_, c) => (c === trial.errors.indexOf(least) ? 1 : 0));
  const raw = trial.errors.map((error) => (error <= cutoff * least ? (least / error) ** sharpness : 0));
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  const weights = raw.map((weight) => weight / total);
  const alone = trial.errors.map((_, c) => (c === 0 ? 1 : 0));
  return meanAbsolute(combine(trial, weights).errors) <= trial.errors[0]! ? weights : alone;
}

type Combined = Pick<BacktestErrors, 'errors' | 'predictions' | 'horizon' | 'windows'>;

/** The combination's predictions and errors over the trial. */
export function combine(trial: Trial, weights: readonly number[]): Combined {
  const predictions = new Float64Array(trial.actual.length);
  trial.predicted.forEach((values, c) => {
    for (let i = 0; i < values.length; i++) predictions[i] = predictions[i]! + weights[c]! * values[i]!;
  });
  return {
    errors: trial.actual.map((value, i) => value - predictions[i]!),
    predictions,
    horizon: trial.horizon,
    windows: (trial.origins[0]! - trial.origins.at(-1)!) / trial.horizon + 1,
  };
}
