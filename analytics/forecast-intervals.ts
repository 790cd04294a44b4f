/** Intervals from a forecast's own errors over rolling origins: empirical, growing with the horizon. */
import { sortedQuantile } from './summary.js';

export interface BacktestErrors {
  /** errors[o * horizon + k], predictions alike. */
  errors: Float64Array;
  predictions: Float64Array;
  horizon: number;
  /** How many horizons fit side by side between the first origin and the end. */
  windows: number;
  mean: Float64Array;
  /** No bound falls below it. */
  floor: number;
  isPositive: boolean;
}

export interface Intervals {
  lo80: Float64Array;
  hi80: Float64Array;
  lo95: Float64Array;
  hi95: Float64Array;
}

/**
 * Errors are divided by their typical size at their step, pooled, and their quantiles put back on the size at
 * each step. For positive series they are relative to the forecast.
 */
export function intervalsFrom(backtest: BacktestErrors): Intervals {
  const { errors, predictions, horizon, windows, mean, floor, isPositive } = backtest;
  const typical = (size: number): number => (isPositive ? Math.max(size, 1e-9) : 1);
  const relative = errors.map((error, i) => error / typical(predictions[i]!));
  const sizes = sizesByStep(relative, horizon, mean.length);
  const pooled = relative.map((error, i) => error / sizes[i % horizon]!).sort();
  const centre = sortedQuantile(pooled, 0.5);
  const bound = (q: number): Float64Array => {
    const off = centre + (sortedQuantile(pooled, q) - centre) * widening(windows, q);
    // A run of errors to one side shifts the interval, but never past the forecast itself.
    const factor = q < 0.5 ? Math.min(0, off) : Math.max(0, off);
    return mean.map((value, k) => Math.max(floor, value + factor * sizes[k]! * typical(value)));
  };
  return { lo80: bound(0.1), hi80: bound(0.9), lo95: bound(0.025), hi95: bound(0.975) };
}

/**
 * The weights were chosen on the same errors, which flatters them, and windows that overlap repeat each other:
 * one over the number of windows side by side, as a t quantile would widen; less for the nearer quantiles.
 */
function widening(windows: number, q: number): number {
  const far = Math.min(q, 1 - q) < 0.05;
  return 1 + (far ? 1 : 0.6) / Math.max(1, windows);
}

/** Mean absolute error by step as a line in the root of the step, for smoothness; never 0. */
function sizesByStep(relative: Float64Array, horizon: number, h: number): Float64Array {
  const sums = new Float64Array(horizon);
  for (let i = 0; i < relative.length; i++) sums[i % horizon] = sums[i % horizon]! + Math.abs(relative[i]!);
  const origins = relative.length / horizon;
  let sx = 0;
  let sy = 0;
  let sxx = 0;
  let sxy = 0;
  for (let k = 0; k < horizon; k++) {
    const x = Math.sqrt(k + 1);
    const size = sums[k]! / origins;
    sx += x;
    sy += size;
    sxx += x * x;
    sxy += x * size;
  }
  const determinant = horizon * sxx - sx * sx;
  const slope = horizon > 2 && determinant > 0 ? Math.max(0, (horizon * sxy - sx * sy) / determinant) : 0;
  const level = (sy - slope * sx) / horizon;
  const least = Math.max(1e-12, (sy / horizon) * 0.1);
  return Float64Array.from({ length: h }, (_, k) => Math.max(least, level + slope * Math.sqrt(k + 1)));
}
