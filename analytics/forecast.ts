/**
 * Forecasts by an ensemble: several methods, weighed by their errors over rolling origins, with intervals from
 * the ensemble's own errors there, and never worse than the seasonal naive method by that measure.
 */
import { candidatesFor, naive, yearAgo, smoothed, type Candidate } from './forecast-candidates.js';
import { backtest, combine, meanAbsolute, weigh } from './forecast-backtest.js';
import { intervalsFrom } from './forecast-intervals.js';
import { fillGaps } from './series.js';
import { autocorrelation, countFinite } from './summary.js';

const forecastVersion = 1;

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
const leastHistory = 8;

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
  candidates.push(...longerLags(y, period, isPositive, h));
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

/**
 * Methods for lags beyond the period at which the series repeats itself: a year of weeks or days, a week of
 * hours. Smoothing needs to see the lag twice, a shape on today's level once.
 */
function longerLags(y: Float64Array, period: number, isPositive: boolean, h: number): Candidate[] {
  const lag = { 1: 52, 7: 364, 24: 168 }[period];
  if (lag === undefined || !(autocorrelation(y, lag) > 0.1)) return [];
  const candidates: Candidate[] = [];
  if (y.length >= 2 * lag + 52) candidates.push(smoothed(y, lag, isPositive, false), naive(y, lag));
  if (period === 7 && y.length >= lag + 5 * period + 4 * h) candidates.push(yearAgo(y, lag, period));
  return candidates;
}
