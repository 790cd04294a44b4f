/** What the forecasts are measured beside: the seasonal naive method and plain Holt–Winters. */
import type { ForecastAnswer } from '../scoring/forecast-scores.js';

const z80 = 1.2815515655446004;
const z95 = 1.959963984540054;

/** Normal intervals from a standard deviation a step. */
function withIntervals(mean: Float64Array, deviation: (step: number) => number): ForecastAnswer {
  const bound = (z: number): Float64Array => mean.map((value, k) => value + z * deviation(k + 1));
  return { mean, lo80: bound(-z80), hi80: bound(z80), lo95: bound(-z95), hi95: bound(z95) };
}

/** The value one period ago; errors grow with the root of the periods ahead. */
export function seasonalNaive(values: Float64Array, period: number, h: number): ForecastAnswer {
  const n = values.length;
  const lag = n > period ? period : 1;
  let squares = 0;
  for (let i = lag; i < n; i++) squares += (values[i]! - values[i - lag]!) ** 2;
  const sigma = Math.sqrt(squares / Math.max(1, n - lag));
  const mean = Float64Array.from({ length: h }, (_, k) => values[n - lag + (k % lag)]!);
  return withIntervals(mean, (step) => sigma * Math.sqrt(Math.ceil(step / lag)));
}

interface Smoothing {
  alpha: number;
  beta: number;
  gamma: number;
}

interface Fit extends Smoothing {
  squares: number;
  level: number;
  trend: number;
  season: Float64Array;
}

/**
 * Additive Holt–Winters (Winters 1960), its three parameters by the least squared one-step error over a grid,
 * its intervals by the state-space form's variance (Hyndman et al. 2008, class 1). Without a season below two
 * periods of history.
 */
export function holtWinters(values: Float64Array, period: number, h: number): ForecastAnswer {
  const m = period > 1 && values.length >= 2 * period + 2 ? period : 1;
  let best: Fit | null = null;
  for (const alpha of [0.05, 0.1, 0.2, 0.4, 0.7]) {
    for (const beta of [0, 0.01, 0.05, 0.2]) {
      for (const gamma of m > 1 ? [0.02, 0.1, 0.3] : [0]) {
        const fit = smooth(values, m, { alpha, beta, gamma });
        if (best === null || fit.squares < best.squares) best = fit;
      }
    }
  }
  const { level, trend, season, alpha, beta, gamma, squares } = best!;
  const sigma = Math.sqrt(squares / Math.max(1, values.length - m));
  const mean = Float64Array.from(
    { length: h },
    (_, k) => level + (k + 1) * trend + season[(values.length + k) % m]!,
  );
  const deviations = new Float64Array(h + 1);
  for (let step = 1, sum = 1; step <= h; step++) {
    deviations[step] = sigma * Math.sqrt(sum);
    const weight = alpha * (1 + beta * step) + (step % m === 0 && m > 1 ? gamma * (1 - alpha) : 0);
    sum += weight * weight;
  }
  return withIntervals(mean, (step) => deviations[step]!);
}

function smooth(values: Float64Array, m: number, parameters: Smoothing): Fit {
  const { alpha, beta, gamma } = parameters;
  const season = new Float64Array(m);
  let level = values.subarray(0, m).reduce((sum, value) => sum + value, 0) / m;
  let trend = 0;
  if (m > 1) {
    for (let i = 0; i < m; i++) {
      season[i] = values[i]! - level;
      trend += (values[m + i]! - values[i]!) / (m * m);
    }
  }
  let squares = 0;
  for (let i = m; i < values.length; i++) {
    const phase = i % m;
    const value = values[i]!;
    squares += (value - level - trend - season[phase]!) ** 2;
    const before = level;
    level = alpha * (value - season[phase]!) + (1 - alpha) * (level + trend);
    trend = beta * (level - before) + (1 - beta) * trend;
    if (m > 1) season[phase] = gamma * (value - level) + (1 - gamma) * season[phase]!;
  }
  return { ...parameters, squares, level, trend, season };
}
