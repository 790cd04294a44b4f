/**
 * Which segmentation describes a series best: its likelihood over noise that remembers (AR(1)), less what its
 * changes cost to tell.
 */
import type { SegmentModel } from './change-point-costs.js';

/** Noise is taken to be this persistent at the most, as a random walk: a coefficient of 1 has no likelihood. */
export const mostPersistent = 0.99;

/** Series less the levels or lines of its segments, by least squares. */
export function residualsOf(
  values: Float64Array,
  starts: readonly number[],
  model: SegmentModel,
): Float64Array {
  const n = values.length;
  const residuals = new Float64Array(n);
  for (let k = 0; k <= starts.length; k++) {
    const from = k === 0 ? 0 : starts[k - 1]!;
    const to = starts[k] ?? n;
    const { level, slope } = lineOf(values, from, to, model);
    const middle = (from + to - 1) / 2;
    for (let i = from; i < to; i++) residuals[i] = values[i]! - level - slope * (i - middle);
  }
  return residuals;
}

/** Sum of squares. */
export function squaresOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}

/** Mean of [from, to) and least-squares slope about it; the slope is 0 for levels. */
export function lineOf(
  values: Float64Array,
  from: number,
  to: number,
  model: SegmentModel,
): { level: number; slope: number } {
  const length = to - from;
  const origin = values[from]!;
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i]! - origin;
  const level = origin + sum / length;
  if (model === 'level' || length < 2) return { level, slope: 0 };
  const middle = (from + to - 1) / 2;
  let moment = 0;
  for (let i = from; i < to; i++) moment += (i - middle) * (values[i]! - level);
  return { level, slope: (12 * moment) / (length * (length * length - 1)) };
}

export interface NoiseFit {
  /** −2 log likelihood of AR(1) noise with its variance profiled out, but for constants. */
  deviance: number;
  /** Coefficient at lag 1, corrected for its bias in short series. */
  autocorrelation: number;
  /** Standard deviation of the noise itself. */
  deviation: number;
}

/** Squared innovations below this share of a standardised series' variance are rounding. */
const leastVariance = 1e-12;

/**
 * Residuals as AR(1) noise, by exact likelihood (the first value at its marginal variance). The coefficient is
 * kept in [0, `most`]; its bias −(1 + 3φ)/n (Kendall 1954) is put back.
 */
export function fitNoise(residuals: Float64Array, most: number): NoiseFit {
  const n = residuals.length;
  let squares = 0;
  let products = 0;
  for (let i = 0; i < n; i++) {
    squares += residuals[i]! ** 2;
    if (i > 0) products += residuals[i]! * residuals[i - 1]!;
  }
  const raw = squares > n * leastVariance ? products / squares : 0;
  const phi = Math.min(most, Math.max(0, raw + (1 + 3 * raw) / n));
  let innovations = n > 0 ? residuals[0]! ** 2 * (1 - phi * phi) : 0;
  for (let i = 1; i < n; i++) innovations += (residuals[i]! - phi * residuals[i - 1]!) ** 2;
  return {
    deviance: n * Math.log(Math.max(innovations / n, leastVariance)) - Math.log(1 - phi * phi),
    autocorrelation: phi,
    deviation: Math.sqrt(squares / n),
  };
}

/** Parameters that a change adds: its place, which counts twice as it is searched for, and a level or a line. */
export function parametersOfChange(model: SegmentModel, dimensions: number): number {
  return 2 + dimensions * (model === 'line' ? 2 : 1);
}

export interface Criteria {
  /** Where noise persists no more than is told as noise. */
  told: number;
  /** Where it may be as persistent as a random walk. */
  overWalk: number;
}

/** −2 log likelihood plus log n a parameter (Schwarz 1978; the place as in Zhang & Siegmund 2007); less is better. */
export function criteriaOf(
  dimensions: readonly Float64Array[],
  starts: readonly number[],
  model: SegmentModel,
  mostAutocorrelation: number,
): Criteria {
  const base = model === 'line' ? dimensions.length : 0;
  const parameters = base + starts.length * parametersOfChange(model, dimensions.length);
  const told = parameters * Math.log(dimensions[0]!.length);
  const criteria = { told, overWalk: told };
  for (const values of dimensions) {
    const residuals = residualsOf(values, starts, model);
    const walking = fitNoise(residuals, mostPersistent);
    criteria.overWalk += walking.deviance;
    criteria.told +=
      walking.autocorrelation <= mostAutocorrelation
        ? walking.deviance
        : fitNoise(residuals, mostAutocorrelation).deviance;
  }
  return criteria;
}
