/** Slopes with intervals: ordinary least squares and Theil–Sen. x is the index unless told. */
import { normalQuantile, normalSf, studentQuantile, studentTwoSided } from './distributions.js';
import { kendallScore } from './kendall.js';
import { pairSlopes } from './pair-slopes.js';
import { finiteOf, mean, medianInPlace, selectInPlace, unitAbout } from './summary.js';

export interface LinearFit {
  slope: number;
  intercept: number;
  /** Interval of the slope at the confidence asked for (0.95). */
  interval: [low: number, high: number];
  /** Two-sided p of the slope; NaN where the method gives none. */
  p: number;
  /** Share of the variance that the line explains; NaN for constant values. */
  r_squared: number;
  n: number;
}

/** 1 − residual / total sum of squares about the line; NaN where the values are constant. */
export function rSquared(values: Float64Array, slope: number, intercept: number): number {
  const centre = mean(values);
  const unit = unitAbout(values, centre);
  let residual = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    residual += ((value - intercept - slope * i) * unit) ** 2;
    total += ((value - centre) * unit) ** 2;
  }
  return total > 0 ? 1 - residual / total : Number.NaN;
}

/**
 * Ordinary least squares of the values over their index; gaps are left out. Null below three finite values.
 * The interval takes the residuals as independent.
 */
export function leastSquares(values: Float64Array, confidence = 0.95): LinearFit | null {
  let n = 0;
  let sumX = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]!)) continue;
    n++;
    sumX += i;
  }
  if (n < 3) return null;
  const centreX = sumX / n;
  const centreY = mean(values);
  const unit = unitAbout(values, centreY);
  let sxx = 0;
  let sxy = 0;
  let syy = 0;
  for (let i = 0; i < values.length; i++) {
    const dy = (values[i]! - centreY) * unit;
    if (!Number.isFinite(dy)) continue;
    const dx = i - centreX;
    sxx += dx * dx;
    sxy += dx * dy;
    syy += dy * dy;
  }
  const slope = sxy / sxx / unit;
  const residual = Math.max(0, syy - (sxy / sxx) * sxy);
  const error = Math.sqrt(residual / (n - 2) / sxx) / unit;
  const reach = studentQuantile(0.5 + confidence / 2, n - 2) * error;
  return {
    slope,
    intercept: centreY - slope * centreX,
    interval: [slope - reach, slope + reach],
    p: error > 0 ? studentTwoSided(slope / error, n - 2) : slope === 0 ? 1 : 0,
    r_squared: syy > 0 ? 1 - residual / syy : Number.NaN,
    n,
  };
}

/** Beyond this many points the slopes of all pairs cost too much, and pairs half the length apart stand for them. */
const allPairsUpTo = 600;

/**
 * Theil–Sen: the median slope over pairs of points, which 29 % of outliers cannot carry off; the intercept is
 * the median residual. The interval is Sen's (1968), by the variance of Kendall's score; beyond 600 points the
 * pairs are those half the series apart (Theil's incomplete method) and the interval is the sign test's.
 * Gaps are left out. Null below three finite values.
 */
export function theilSen(values: Float64Array, confidence = 0.95): LinearFit | null {
  const y = finiteOf(values);
  const n = y.length;
  if (n < 3) return null;
  const x = new Float64Array(n);
  for (let i = 0, k = 0; i < values.length; i++) if (Number.isFinite(values[i]!)) x[k++] = i;
  const isComplete = n <= allPairsUpTo;
  const count = isComplete ? (n * (n - 1)) / 2 : n >> 1;
  const reach =
    normalQuantile(0.5 + confidence / 2) * Math.sqrt(isComplete ? kendallScore(y).variance : count);
  const lower = Math.max(0, Math.round((count - reach) / 2) - 1);
  const upper = Math.min(count - 1, Math.round((count + reach) / 2));
  const ranks = [lower, (count - 1) >> 1, count >> 1, upper];
  const [low, below, above, high] = (isComplete ? pairSlopes(x, y, ranks) : halfwaySlopes(x, y, ranks)) as [
    number,
    number,
    number,
    number,
  ];
  const slope = below + (above - below) / 2;
  const residuals = x.map((at, k) => y[k]! - slope * at);
  const intercept = medianInPlace(residuals);
  return {
    slope,
    intercept,
    interval: [low, high],
    p: Number.NaN,
    r_squared: rSquared(values, slope, intercept),
    n,
  };
}

/** The slopes of the given ranks among those of the pairs half the points apart. */
function halfwaySlopes(x: Float64Array, y: Float64Array, ranks: readonly number[]): number[] {
  const lag = Math.ceil(x.length / 2);
  const slopes = new Float64Array(x.length - lag);
  for (let i = 0; i < slopes.length; i++) slopes[i] = (y[i + lag]! - y[i]!) / (x[i + lag]! - x[i]!);
  return ranks.map((rank) => selectInPlace(slopes, rank));
}

export interface MannKendall {
  /** Pairs that rise less pairs that fall. */
  score: number;
  /** Of the score under no trend, corrected for ties. */
  variance: number;
  /** Kendall's tau-a. */
  tau: number;
  /** Two-sided, after the variance was widened for autocorrelation. */
  p: number;
}

/**
 * Mann and Kendall's test for a monotone trend. `inflation` multiplies the score's variance (≥ 1 for positive
 * autocorrelation). Gaps are left out; null below three finite values.
 */
export function mannKendall(values: Float64Array, inflation = 1): MannKendall | null {
  const kept = finiteOf(values);
  const n = kept.length;
  if (n < 3) return null;
  const { score, variance } = kendallScore(kept);
  const deviation = Math.sqrt(variance * inflation);
  const z = deviation > 0 ? (score - Math.sign(score)) / deviation : 0;
  return {
    score,
    variance,
    tau: score / ((n * (n - 1)) / 2),
    p: 2 * normalSf(Math.abs(z)),
  };
}
