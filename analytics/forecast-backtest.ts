/** Rolling origins: how each method, and their combination, would have done before. */
import type { Candidate } from './forecast-candidates.js';

export interface Origins {
  /** Latest first; each is how many points are known there. */
  at: number[];
  horizon: number;
}

export interface Trial extends Origins {
  /** actual[o * horizon + k]; NaN where there is none. */
  actual: Float64Array;
  /** predicted[c][o * horizon + k]; NaN where the origin knows too little for the method. */
  predicted: Float64Array[];
}

const mostOrigins = 24;

/** Horizons side by side that the origins reach back: what a method did long ago says little of it. */
const mostWindows = 20;

/**
 * Up to 24 origins, evenly spaced over the last 20 horizons and at most two thirds of n points, each knowing at
 * least `least` of them; shorter horizons where there is no room for two of the one asked for.
 */
export function chooseOrigins(n: number, least: number, h: number): Origins {
  const need = Math.min(least, n - 2);
  const horizon = Math.max(1, Math.min(h, Math.floor((n - need) / 2)));
  const last = n - horizon;
  const first = Math.min(last, Math.max(need, Math.floor(n / 3), n - mostWindows * horizon));
  const count = Math.min(mostOrigins, last - first + 1);
  const step = count > 1 ? Math.max(1, Math.floor((last - first) / (count - 1))) : 1;
  return { at: Array.from({ length: count }, (_, o) => last - o * step), horizon };
}

/**
 * Forecasts from every origin by every method.
 * @param values NaN where a value was not told; such a point is judged by nobody.
 */
export function backtest(values: Float64Array, candidates: readonly Candidate[], origins: Origins): Trial {
  const { at, horizon } = origins;
  const actual = new Float64Array(at.length * horizon);
  at.forEach((origin, o) => actual.set(values.subarray(origin, origin + horizon), o * horizon));
  const predicted = candidates.map(() => new Float64Array(actual.length).fill(Number.NaN));
  // Origin by origin, since methods share the work of one.
  at.forEach((origin, o) => {
    candidates.forEach((candidate, c) => {
      if (origin < candidate.minHistory) return;
      candidate.forecast(origin, predicted[c]!.subarray(o * horizon, (o + 1) * horizon));
    });
  });
  return { at, horizon, actual, predicted };
}

/** Mean of the absolute differences where both are told; NaN where there is no such point. */
export function meanAbsoluteError(actual: Float64Array, predicted: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < actual.length; i++) {
    const error = Math.abs(actual[i]! - predicted[i]!);
    if (!Number.isFinite(error)) continue;
    sum += error;
    count++;
  }
  return count > 0 ? sum / count : Number.NaN;
}
