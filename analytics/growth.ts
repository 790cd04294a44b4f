/** Growth from the first days of a period to its last, with an interval. */
import { studentQuantile } from './distributions.js';
import { countFinite, mean, variance } from './summary.js';

export interface Growth {
  /** Mean of the last days over that of the first, less 1: 0.25 is a quarter more. */
  growth: number;
  /** 95 %; null where the days tell no spread. */
  interval: [low: number, high: number] | null;
}

const longestWindow = 7;

/**
 * Growth of the mean of the last (at most seven) days over that of the first as many, where the first mean is
 * positive and the last not negative; null otherwise. The interval is the delta method's on the logarithm of the
 * ratio: the relative variances of the two means, pooled, with the AR(1) memory φ of the days allowed for both in
 * the variance of a mean and in what a short window shows of the spread, and Student's t on their freedom.
 */
export function growthOf(levels: Float64Array, phi: number): Growth | null {
  const window = Math.min(longestWindow, levels.length >> 1);
  const first = levels.subarray(0, window);
  const last = levels.subarray(levels.length - window);
  const before = mean(first);
  const after = mean(last);
  if (!(before > 0) || !(after >= 0)) return null;
  const growth = after / before - 1;
  const counts = [countFinite(first), countFinite(last)];
  const freedom = counts[0]! + counts[1]! - 2;
  const squares = relative(first, before) * (counts[0]! - 1) + relative(last, after) * (counts[1]! - 1);
  if (!(freedom >= 1) || !Number.isFinite(squares)) return { growth, interval: null };
  const inflations = counts.map((count) => meanInflation(count, phi));
  // What a window of m days shows of the variance is short of it by the variance of its own mean.
  const shown = (counts[0]! - inflations[0]! + counts[1]! - inflations[1]!) / freedom;
  const spread = squares / freedom / Math.max(shown, 0.05);
  const error = Math.sqrt(spread * (inflations[0]! / counts[0]! + inflations[1]! / counts[1]!));
  const factor = Math.exp(studentQuantile(0.975, freedom) * error);
  return { growth, interval: [(1 + growth) / factor - 1, (1 + growth) * factor - 1] };
}

function relative(values: Float64Array, level: number): number {
  return variance(values.map((value) => value / level));
}

/** Variance of the mean of m values of AR(1) noise over that of m independent ones. */
function meanInflation(m: number, phi: number): number {
  let sum = 0;
  for (let lag = 1; lag < m; lag++) sum += (1 - lag / m) * phi ** lag;
  return 1 + 2 * sum;
}
