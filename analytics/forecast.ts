/**
 * Forecasts by an ensemble: several methods, weighed by their errors over rolling origins, with intervals from
 * the ensemble's own errors there, and never worse than the seasonal naive method by that measure.
 */
import { backtest, chooseOrigins, meanAbsoluteError } from './forecast-backtest.js';
import { candidatesFor } from './forecast-candidates.js';
import { coverageOf, spreadOf, type Intervals } from './forecast-intervals.js';
import { errorGrowth, findLevelShifts, moveBefore } from './forecast-level-shift.js';
import { limitsOf } from './forecast-limits.js';
import { guessPeriod, longLagOf } from './forecast-period.js';
import { withoutSilences } from './forecast-silences.js';
import { combine, weigh } from './forecast-weights.js';
import { fillGaps } from './series.js';
import { countFinite } from './summary.js';

const forecastVersion = 5;

export interface ForecastOptions {
  /** Points to forecast, at least 1. */
  h: number;
  /** Points a season: 7 for days; 1 where none is told, and one of the calendar is looked for. */
  period: number;
  /** Counts: neither forecasts nor bounds fall below 0. */
  nonNegative?: boolean;
}

export interface ForecastParameters {
  h: number;
  /** The one told, or found where 1 was told; 1 where there is none. */
  period: number;
  /** A lag beyond the period that the methods tried; null where none fits into the series. */
  long_lag: number | null;
  /** Per cent of the intervals. */
  levels: readonly number[];
  non_negative: boolean;
  /** Lasting changes of level that were taken out before: points since then, and the factor (or difference) to today. */
  level_shifts?: ({ points: number; factor: number } | { points: number; difference: number })[];
  /** Where earlier releases lent their shape: the age in days at the first day forecast, and how many they were. */
  launch?: { age: number; releases: number };
}

export interface Backtest {
  /** Origins that were forecast from, each with what was known there. */
  origins: number;
  horizon: number;
  /** Mean absolute errors of the forecast and of the (seasonal) naive method over the same points, filled gaps left out. */
  mae: number;
  mae_naive: number;
  /** mae / mae_naive; at most 1. Null where the naive method made no error. */
  relative: number | null;
  /** Share of the points within the intervals that the other half of the origins tells; null below four origins. */
  coverage_80: number | null;
  coverage_95: number | null;
}

export interface ForecastResult extends Intervals {
  /** What carries the forecast: `ensemble` or the one method's name. */
  method: string;
  version: number;
  parameters: ForecastParameters;
  /** Finite points that were learnt from. */
  n: number;
  weights: Record<string, number>;
  mean: Float64Array;
  backtest: Backtest;
}

/** Fewest finite points for a forecast. */
const leastHistory = 8;
const levels = [80, 95] as const;

/**
 * Forecasts the `h` points after the last one. Gaps (NaN) are filled for the filters only and judge nothing; those
 * at the end are foretold like what follows. Short silences are filled too, but judge; what came before a lasting
 * change of level is moved to the level after it, so that the backtest is told at the level of today. Below 8 finite points the forecast is withheld.
 * @throws RangeError for h below 1 or a period below 1.
 */
export function forecast(
  values: Float64Array,
  options: ForecastOptions,
): ForecastResult | { withheld: string } {
  if (!(options.h >= 1) || !(options.period >= 1)) {
    throw new RangeError('A horizon and a period have at least one point');
  }
  const known = countFinite(values);
  const missing = leastHistory - known;
  if (missing > 0) return { withheld: `needs ${missing} more ${missing === 1 ? 'point' : 'points'}` };
  const from = values.findIndex(Number.isFinite);
  const to = values.findLastIndex(Number.isFinite) + 1;
  const silent = values.length - to;
  const told = values.subarray(from, to);
  const unit = unitOf(told);
  const result = forecastTold(
    told.map((value) => value / unit),
    { ...options, h: options.h + silent },
  );
  const scaled = (value: number): number =>
    Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value * unit));
  const ahead = (bound: Float64Array): Float64Array => bound.subarray(silent).map(scaled);
  const { level_shifts: shifts, ...parameters } = result.parameters;
  return {
    ...result,
    parameters: {
      ...parameters,
      h: options.h,
      ...(shifts && {
        level_shifts: shifts.map((shift) =>
          'difference' in shift ? { ...shift, difference: scaled(shift.difference) } : shift,
        ),
      }),
    },
    n: known,
    mean: ahead(result.mean),
    lo80: ahead(result.lo80),
    hi80: ahead(result.hi80),
    lo95: ahead(result.lo95),
    hi95: ahead(result.hi95),
    backtest: {
      ...result.backtest,
      mae: scaled(result.backtest.mae),
      mae_naive: scaled(result.backtest.mae_naive),
    },
  };
}

/** The power of two next below the largest absolute value: dividing by it is exact, and squares stay doubles. */
function unitOf(values: Float64Array): number {
  let most = 0;
  for (const value of values) if (Math.abs(value) > most) most = Math.abs(value);
  return most > 0 && most < Number.POSITIVE_INFINITY ? 2 ** Math.floor(Math.log2(most)) : 1;
}

/** The same for a series that begins and ends with a value, the largest of them about 1; they are written to. */
function forecastTold(values: Float64Array, options: ForecastOptions): ForecastResult {
  const { h } = options;
  const period = options.period > 1 ? options.period : guessPeriod(fillGaps(values, 1));
  const y = fillGaps(withoutSilences(values, period), period);
  const shifts = findLevelShifts(y, period);
  for (const shift of shifts) {
    moveBefore(y, shift);
    moveBefore(values, shift);
  }
  const n = y.length;
  const origins = chooseOrigins(n, n >= 4 * period ? 2 * period + 1 : period + 1, h);
  const longLag = longLagOf(period, n);
  const candidates = candidatesFor({ y, period, longLag, origins: origins.at, h });
  const trial = backtest(values, candidates, origins);
  const weights = weigh(
    trial,
    candidates.findIndex((candidate) => !candidate.measuresOnly),
  );
  const nonNegative = options.nonNegative ?? false;
  const floor = nonNegative ? 0 : Number.NEGATIVE_INFINITY;
  const mean = new Float64Array(h);
  const out = new Float64Array(h);
  candidates.forEach((candidate, c) => {
    if (weights[c]! === 0) return;
    candidate.forecast(n, out);
    for (let k = 0; k < h; k++) mean[k] = mean[k]! + weights[c]! * out[k]!;
  });
  const { low, high } = limitsOf(y, period, h);
  for (let k = 0; k < h; k++) mean[k] = Math.max(floor, low[k]!, Math.min(high[k]!, mean[k]!));
  const predictions = combine(trial, weights);
  const errors = {
    actual: trial.actual,
    predictions,
    horizon: trial.horizon,
    windows: (trial.at[0]! - trial.at.at(-1)!) / trial.horizon + 1,
  };
  const intervalOptions = { floor, isAmount: y.every((value) => value >= 0) };
  const kept = weights.flatMap((weight, c) => (weight > 0 ? [[candidates[c]!.name, weight] as const] : []));
  const maeNaive = meanAbsoluteError(trial.actual, trial.predicted[0]!);
  const mae = meanAbsoluteError(trial.actual, predictions);
  const coverage = coverageOf(errors, intervalOptions);
  return {
    method: kept.length === 1 ? kept[0]![0] : 'ensemble',
    version: forecastVersion,
    parameters: {
      ...{ h, period, long_lag: longLag, levels, non_negative: nonNegative },
      ...(shifts.length > 0 && {
        level_shifts: shifts.map(({ at, size, multiplicative }) => ({
          points: n - at,
          ...(multiplicative ? { factor: size } : { difference: size }),
        })),
      }),
    },
    n: countFinite(values),
    weights: Object.fromEntries(kept),
    mean,
    ...spreadOf(errors, { ...intervalOptions, growth: errorGrowth(shifts, trial.at.at(-1)!, n) }, h)(mean),
    backtest: {
      origins: trial.at.length,
      horizon: trial.horizon,
      mae,
      mae_naive: maeNaive,
      relative: maeNaive > 0 ? mae / maeNaive : null,
      coverage_80: coverage?.coverage_80 ?? null,
      coverage_95: coverage?.coverage_95 ?? null,
    },
  };
}
