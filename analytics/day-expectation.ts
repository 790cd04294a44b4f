/** A day's value against what was expected of it: its score, and the range in which a score stays below a threshold. */
import { countAtResidual, countResidual } from './count-residual.js';
import { countingVariance, meanCount, type Expectation } from './robust-smoothing.js';

/** Spread of values that are no counts, in shares of their size: only so that nothing is divided by 0. */
export const leastShare = 1e-6;

export interface DayScale {
  /** Whether the smoothing's scale is log1p of counts; otherwise the values' own. */
  isCount: boolean;
}

/** The value that the expectation means. */
export function expectedValue({ at }: Expectation, { isCount }: DayScale): number {
  return isCount ? meanCount(at) : at;
}

/** @returns a standard normal number where the day is ordinary. */
export function dayScore(value: number, expectation: Expectation, scale: DayScale): number {
  const { at, variance, widening } = expectation;
  if (scale.isCount) {
    const expected = meanCount(at);
    return countResidual(value, expected, dispersionOf(variance, widening, expected));
  }
  const error = value - at;
  const spread = Math.sqrt(variance * widening);
  return error === 0 ? 0 : error / Math.max(spread, leastShare * Math.abs(value), Number.MIN_VALUE);
}

export function dayRange(
  threshold: number,
  expectation: Expectation,
  scale: DayScale,
): { lower: number; upper: number } {
  const { at, variance, widening } = expectation;
  if (scale.isCount) {
    const expected = meanCount(at);
    const dispersion = dispersionOf(variance, widening, expected);
    return {
      lower: countAtResidual(-threshold, expected, dispersion),
      upper: countAtResidual(threshold, expected, dispersion),
    };
  }
  const reach = threshold * Math.sqrt(variance * widening);
  return { lower: at - reach, upper: at + reach };
}

/** The state's uncertainty widens the counting's part of the variance too. */
function dispersionOf(variance: number, widening: number, expected: number): number {
  return variance * widening + (widening - 1) * countingVariance(expected);
}
