/**
 * Intervals from a forecast's own errors over rolling origins: empirical, on the scale on which the errors are
 * alike, growing with the horizon.
 */
import { meanAbsoluteError } from './forecast-backtest.js';
import { sortedQuantile } from './summary.js';

export interface BacktestErrors {
  /** actual[o * horizon + k], NaN where there is none; predictions alike, never NaN. */
  actual: Float64Array;
  predictions: Float64Array;
  horizon: number;
  /** How many horizons fit side by side between the first origin and the end. */
  windows: number;
}

export interface IntervalOptions {
  /** No bound falls below it. */
  floor: number;
  /** The values are amounts, so that errors may grow with them. */
  isAmount: boolean;
  /** Errors to come are so many times those of the backtest; 1 unless told. */
  growth?: number;
}

export interface Intervals {
  lo80: Float64Array;
  hi80: Float64Array;
  lo95: Float64Array;
  hi95: Float64Array;
}

/** From point forecasts to their intervals. */
export type Spread = (mean: Float64Array) => Intervals;

export interface OwnCoverage {
  coverage_80: number;
  coverage_95: number;
}

type Sizing = (value: number) => number;

/** How errors grow with the forecast: not at all, with its root (counts), in proportion. */
const powers = [0, 0.5, 1];

/** Below this share of the typical forecast, or of the mean absolute error, errors grow no smaller. */
const leastShare = 0.1;

/**
 * Errors are brought to one scale, divided by their typical size at their step and pooled; their quantiles,
 * put back on size and scale, are the bounds about any forecast. Half of the weight lies on the quantiles of the absolute errors: the
 * tails of a few hundred errors are told better by both sides together.
 * @param h steps of the forecasts to come.
 */
export function spreadOf(backtest: BacktestErrors, options: IntervalOptions, h: number): Spread {
  const { actual, predictions, horizon } = backtest;
  const scale = options.isAmount ? errorScale(backtest) : (): number => 1;
  const scaled = predictions.map((value, i) => (actual[i]! - value) / scale(value));
  const sizes = sizesByStep(scaled, horizon, h);
  const pooled = scaled
    .map((error, i) => error / sizes[i % horizon]!)
    .filter((error) => Number.isFinite(error))
    .sort();
  if (pooled.length === 0) pooled.fill(0);
  const absolute = pooled.map(Math.abs).sort();
  const { growth = 1 } = options;
  const { near, far } = widening(backtest.windows);
  const centre = sortedQuantile(pooled, 0.5) / 2;
  const offset = (level: number, upper: boolean, factor: number): number => {
    const own = sortedQuantile(pooled, upper ? (1 + level) / 2 : (1 - level) / 2);
    const both = sortedQuantile(absolute, level);
    const off = centre + ((own + (upper ? both : -both)) / 2 - centre) * factor;
    // A run of errors to one side shifts the interval, but never past the forecast itself.
    return growth * (upper ? Math.max(0, off) : Math.min(0, off));
  };
  const offsets = {
    lo80: offset(0.8, false, near),
    hi80: offset(0.8, true, near),
    lo95: offset(0.95, false, far),
    hi95: offset(0.95, true, far),
  };
  return (mean) => {
    const bound = (off: number): Float64Array =>
      mean.map((value, k) => Math.max(options.floor, value + off * sizes[k]! * scale(value)));
    return {
      lo80: bound(offsets.lo80),
      hi80: bound(offsets.hi80),
      lo95: bound(offsets.lo95),
      hi95: bound(offsets.hi95),
    };
  };
}

/**
 * The power of the forecast to which errors are most nearly of one size: the likelihood of Laplace's
 * distribution, with a little held against leaving the root.
 */
function errorScale({ actual, predictions, windows }: BacktestErrors): Sizing {
  const typical = sortedQuantile(predictions.map(Math.abs).sort(), 0.5);
  // A forecast far below its own errors, 0 above all, says nothing of their size: likelihood would run away with it.
  const error = meanAbsoluteError(actual, predictions);
  const least = Math.max(leastShare * Math.max(typical, error), Number.MIN_VALUE);
  let best: Sizing = () => 1;
  let lowest = Number.POSITIVE_INFINITY;
  for (const power of powers) {
    const scale: Sizing = (value) => Math.max(value, least) ** power;
    let sizes = 0;
    let logs = 0;
    let count = 0;
    for (let i = 0; i < actual.length; i++) {
      if (!Number.isFinite(actual[i]!)) continue;
      const size = scale(predictions[i]!);
      sizes += Math.abs(actual[i]! - predictions[i]!) / size;
      logs += Math.log(size);
      count++;
    }
    const cost = Math.log(sizes / count) + logs / count + Math.abs(power - 0.5) / (2 * windows);
    if (cost < lowest) {
      lowest = cost;
      best = scale;
    }
  }
  return best;
}

/**
 * The methods and their weights were chosen on the same errors, which flatters them the more, the fewer windows
 * lie side by side; with many windows the errors are rather too large, since the earlier origins knew less than the end does.
 */
function widening(windows: number): { near: number; far: number } {
  const near = Math.min(1.2, 0.96 + (1.6 / windows) ** 2.5);
  return { near, far: Math.min(1.5, 1 + (2 / windows) ** 2.5) };
}

/** Mean absolute error by step as a line in the root of the step, for smoothness; never 0. */
function sizesByStep(scaled: Float64Array, horizon: number, h: number): Float64Array {
  let sx = 0;
  let sy = 0;
  let sxx = 0;
  let sxy = 0;
  let steps = 0;
  for (let k = 0; k < horizon; k++) {
    let sum = 0;
    let count = 0;
    for (let i = k; i < scaled.length; i += horizon) {
      if (!Number.isFinite(scaled[i]!)) continue;
      sum += Math.abs(scaled[i]!);
      count++;
    }
    if (count === 0) continue;
    const x = Math.sqrt(k + 1);
    const size = sum / count;
    steps++;
    sx += x;
    sy += size;
    sxx += x * x;
    sxy += x * size;
  }
  const determinant = steps * sxx - sx * sx;
  const slope = steps > 2 && determinant > 0 ? Math.max(0, (steps * sxy - sx * sy) / determinant) : 0;
  const average = steps > 0 ? sy / steps : 0;
  const level = steps > 0 ? average - (slope * sx) / steps : 0;
  const least = Math.max(Number.MIN_VALUE, average * 0.1);
  return Float64Array.from({ length: h }, (_, k) => Math.max(least, level + slope * Math.sqrt(k + 1)));
}

/** Fewest origins whose halves can judge each other. */
const leastOrigins = 4;

/**
 * How often the values lay within intervals told by the errors of the other origins: every second origin is judged
 * by the rest. Null below four origins.
 */
export function coverageOf(backtest: BacktestErrors, options: IntervalOptions): OwnCoverage | null {
  const { actual, predictions, horizon, windows } = backtest;
  const origins = actual.length / horizon;
  if (origins < leastOrigins) return null;
  let inside80 = 0;
  let inside95 = 0;
  let count = 0;
  for (const parity of [0, 1]) {
    const part = (values: Float64Array, wanted: number): Float64Array =>
      values.filter((_, i) => Math.floor(i / horizon) % 2 === wanted);
    const others = {
      actual: part(actual, 1 - parity),
      predictions: part(predictions, 1 - parity),
      horizon,
      windows,
    };
    const spread = spreadOf(others, options, horizon);
    for (let o = parity; o < origins; o += 2) {
      const from = o * horizon;
      const bounds = spread(predictions.subarray(from, from + horizon));
      for (let k = 0; k < horizon; k++) {
        const value = actual[from + k]!;
        if (!Number.isFinite(value)) continue;
        count++;
        if (value >= bounds.lo80[k]! && value <= bounds.hi80[k]!) inside80++;
        if (value >= bounds.lo95[k]! && value <= bounds.hi95[k]!) inside95++;
      }
    }
  }
  return count > 0 ? { coverage_80: inside80 / count, coverage_95: inside95 / count } : null;
}
