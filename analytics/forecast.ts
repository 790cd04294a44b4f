/**
 * Forecasts by an ensemble: several methods, weighed by their errors over rolling origins, with intervals from
 * the ensemble's own errors there, and never worse than the seasonal naive method by that measure.
 */
import { candidatesFor, naive, smoothed, type Candidate } from './forecast-candidates.js';
import { intervalsFrom } from './forecast-intervals.js';
import { fillGaps } from './series.js';
import { autocorrelation, countFinite } from './summary.js';

export const forecastVersion = 1;

export interface ForecastOptions {
  /** Points to forecast, at least 1. */
  h: number;
  /** Points a season: 7 for days; 1 where none is told. */
  period: number;
  /** Counts: neither forecasts nor bounds fall below 0. */
  nonNegative?: boolean;
}

export interface Backtest {
  /** Origins that were forecast from, each with what was known there. */
  origins: number;
  horizon: number;
  /** Mean absolute errors of the forecast and of the (seasonal) naive method over the same points. */
  mae: number;
  mae_naive: number;
  /** mae / mae_naive; at most 1. Null where the naive method made no error. */
  relative: number | null;
}

export interface ForecastResult {
  /** What carries the forecast: `ensemble` or the naive method's name. */
  method: string;
  version: number;
  weights: Record<string, number>;
  mean: Float64Array;
  lo80: Float64Array;
  hi80: Float64Array;
  lo95: Float64Array;
  hi95: Float64Array;
  backtest: Backtest;
}

/** Fewest finite points for a forecast. */
export const leastHistory = 8;

/**
 * Forecasts the `h` points after the last one. Gaps are filled for the filters only. Below 8 finite points the
 * forecast is withheld.
 * @throws RangeError for h below 1 or a period below 1.
 */
export function forecast(
  values: Float64Array,
  options: ForecastOptions,
): ForecastResult | { withheld: string } {
  const { h, period } = options;
  if (!(h >= 1) || !(period >= 1)) throw new RangeError('A horizon and a period have at least one point');
  const known = countFinite(values);
  const missing = leastHistory - known;
  if (missing > 0) return { withheld: `needs ${missing} more ${missing === 1 ? 'point' : 'points'}` };
  const y = fillGaps(values, period);
  const isPositive = y.every((value) => value > 0);
  const candidates = candidatesFor(y, period);
  for (const lag of longerLags(y, period)) {
    candidates.push(smoothed(y, lag, isPositive), naive(y, lag));
  }
  const trial = backtest(y, candidates, h);
  const weights = weigh(trial);
  const mean = new Float64Array(h);
  const out = new Float64Array(h);
  candidates.forEach((candidate, c) => {
    if (weights[c]! === 0) return;
    candidate.forecast(y.length, out);
    for (let k = 0; k < h; k++) mean[k] = mean[k]! + weights[c]! * out[k]!;
  });
  const combined = combine(trial, weights);
  const floor = (options.nonNegative ?? false) ? 0 : Number.NEGATIVE_INFINITY;
  for (let k = 0; k < h; k++) mean[k] = Math.max(floor, mean[k]!);
  const kept = weights.flatMap((weight, c) => (weight > 0 ? [[candidates[c]!.name, weight] as const] : []));
  const maeNaive = trial.errors[0]!;
  const mae = meanAbsolute(combined.errors);
  return {
    method: kept.length === 1 ? kept[0]![0] : 'ensemble',
    version: forecastVersion,
    weights: Object.fromEntries(kept),
    mean,
    ...intervalsFrom({ ...combined, mean, floor, isPositive }),
    backtest: {
      origins: trial.origins.length,
      horizon: trial.horizon,
      mae,
      mae_naive: maeNaive,
      relative: maeNaive > 0 ? mae / maeNaive : null,
    },
  };
}

/** Lags beyond the period at which the series repeats itself: a year of weeks, a week of hours, and the like. */
function longerLags(y: Float64Array, period: number): number[] {
  const tried = period === 1 ? [52] : period === 24 ? [168] : period === 7 ? [364] : [];
  return tried.filter((lag) => y.length >= 2 * lag + 52 && autocorrelation(y, lag) > 0.1);
}

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

function backtest(y: Float64Array, candidates: readonly Candidate[], h: number): Trial {
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

function meanAbsolute(errors: Float64Array): number {
  let sum = 0;
  for (const error of errors) sum += Math.abs(error);
  return sum / errors.length;
}

/** A method worse than the best by more than this says nothing new. */
const cutoff = 1.5;
const sharpness = 3;

/** Weights by inverse error; the naive method alone where the combination would be worse than it. */
function weigh(trial: Trial): number[] {
  const least = Math.min(...trial.errors);
  if (!(least > 0))
    return trial.errors.map((error, c) => (c === trial.errors.indexOf(least) && error === least ? 1 : 0));
  const raw = trial.errors.map((error) => (error <= cutoff * least ? (least / error) ** sharpness : 0));
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  const weights = raw.map((weight) => weight / total);
  const alone = trial.errors.map((_, c) => (c === 0 ? 1 : 0));
  return meanAbsolute(combine(trial, weights).errors) <= trial.errors[0]! ? weights : alone;
}

function combine(
  trial: Trial,
  weights: readonly number[],
): { errors: Float64Array; predictions: Float64Array; horizon: number } {
  const predictions = new Float64Array(trial.actual.length);
  trial.predicted.forEach((values, c) => {
    for (let i = 0; i < values.length; i++) predictions[i] = predictions[i]! + weights[c]! * values[i]!;
  });
  return {
    errors: trial.actual.map((value, i) => value - predictions[i]!),
    predictions,
    horizon: trial.horizon,
  };
}
