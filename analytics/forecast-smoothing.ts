/** Exponential smoothing of a series without season: filters, their parameters, and the Theta method. */

/** Where a filter stands after the last point. */
export interface SmoothingState {
  level: number;
  trend: number;
}

export interface DampedParameters {
  alpha: number;
  beta: number;
  phi: number;
}

/** Start of a filter: the mean of the first few points, so that one odd point does not set it. */
function firstLevel(y: Float64Array, length: number): number {
  const count = Math.min(length, 4);
  let sum = 0;
  for (let i = 0; i < count; i++) sum += y[i]!;
  return sum / count;
}

/** Simple exponential smoothing over y[0..length). */
export function smooth(y: Float64Array, length: number, alpha: number): number {
  let level = firstLevel(y, length);
  for (let i = 0; i < length; i++) level += alpha * (y[i]! - level);
  return level;
}

function simpleError(y: Float64Array, alpha: number): number {
  let level = firstLevel(y, y.length);
  let sum = 0;
  for (let i = 0; i < y.length; i++) {
    const error = y[i]! - level;
    if (i > 1) sum += Math.abs(error);
    level += alpha * error;
  }
  return sum;
}

/** The α of least absolute one-step error, on a grid with one refinement. */
export function bestAlpha(y: Float64Array): number {
  let best = 0.1;
  let least = Number.POSITIVE_INFINITY;
  const consider = (alpha: number): void => {
    const error = simpleError(y, alpha);
    if (error < least) {
      least = error;
      best = alpha;
    }
  };
  for (const alpha of [0.02, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 0.99]) consider(alpha);
  const centre = best;
  for (const factor of [0.7, 0.85, 1.15, 1.3]) consider(Math.min(0.99, centre * factor));
  return best;
}

/** Holt's linear trend, damped by φ, over y[0..length). */
export function smoothDamped(y: Float64Array, length: number, parameters: DampedParameters): SmoothingState {
  const { alpha, beta, phi } = parameters;
  let level = firstLevel(y, length);
  let trend = 0;
  for (let i = 0; i < length; i++) {
    const drift = phi * trend;
    const error = y[i]! - level - drift;
    level += drift + alpha * error;
    trend = drift + alpha * beta * error;
  }
  return { level, trend };
}

function dampedError(y: Float64Array, alpha: number, beta: number, phi: number): number {
  let level = firstLevel(y, y.length);
  let trend = 0;
  let sum = 0;
  for (let i = 0; i < y.length; i++) {
    const drift = phi * trend;
    const error = y[i]! - level - drift;
    if (i > 1) sum += Math.abs(error);
    level += drift + alpha * error;
    trend = drift + alpha * beta * error;
  }
  return sum;
}

/** Parameters of least absolute one-step error, on a grid. */
export function bestDamped(y: Float64Array): DampedParameters {
  let best = { alpha: 0.1, beta: 0.05, phi: 0.9 };
  let least = Number.POSITIVE_INFINITY;
  for (const phi of [0.85, 0.93, 0.98]) {
    for (const alpha of [0.05, 0.15, 0.3, 0.5, 0.75, 0.95]) {
      for (const beta of [0.02, 0.1, 0.3]) {
        const error = dampedError(y, alpha, beta, phi);
        if (error < least) {
          least = error;
          best = { alpha, beta, phi };
        }
      }
    }
  }
  return best;
}

/** Slope of least squares over y[0..length) against the index. */
function slopeOf(y: Float64Array, length: number): number {
  const centre = (length - 1) / 2;
  let products = 0;
  let squares = 0;
  for (let i = 0; i < length; i++) {
    products += (i - centre) * y[i]!;
    squares += (i - centre) * (i - centre);
  }
  return squares > 0 ? products / squares : 0;
}

/**
 * Assimakopoulos & Nikolopoulos's Theta method as Hyndman & Billah (2003) have it: simple smoothing with half
 * the slope of the straight line as drift.
 */
export function forecastTheta(y: Float64Array, length: number, alpha: number, out: Float64Array): void {
  const level = smooth(y, length, alpha);
  const drift = slopeOf(y, length) / 2;
  const start = (1 - (1 - alpha) ** length) / alpha;
  for (let k = 0; k < out.length; k++) out[k] = level + drift * (k + start);
}

/** Level plus a trend that dies away by φ a step. */
export function forecastDamped(state: SmoothingState, phi: number, out: Float64Array): void {
  let reach = 0;
  let factor = 1;
  for (let k = 0; k < out.length; k++) {
    factor *= phi;
    reach += factor;
    out[k] = state.level + state.trend * reach;
  }
}
