/** Slopes with intervals: ordinary least squares and Theil–Sen. x is the index unless told. */
import { normalQuantile, normalSf, studentQuantile, studentTwoSided } from './distributions.js';
import { finiteOf, mean, medianInPlace, selectInPlace } from './summary.js';

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
  let residual = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    residual += (value - intercept - slope * i) ** 2;
    total += (value - centre) ** 2;
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
  let sxx = 0;
  let sxy = 0;
  let syy = 0;
  for (let i = 0; i < values.length; i++) {
    const dy = values[i]! - centreY;
    if (!Number.isFinite(dy)) continue;
    const dx = i - centreX;
    sxx += dx * dx;
    sxy += dx * dy;
    syy += dy * dy;
  }
  const slope = sxy / sxx;
  const residual = Math.max(0, syy - slope * sxy);
  const error = Math.sqrt(residual / (n - 2) / sxx);
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
  const x: number[] = [];
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i]!)) x.push(i);
  const n = x.length;
  if (n < 3) return null;
  const complete = n <= allPairsUpTo;
  const lag = complete ? 1 : Math.ceil(n / 2);
  const slopes = new Float64Array(complete ? (n * (n - 1)) / 2 : n - lag);
  let count = 0;
  for (let i = 0; i + lag < n; i++) {
    const last = complete ? n : i + lag + 1;
    for (let j = i + lag; j < last; j++) {
      slopes[count++] = (values[x[j]!]! - values[x[i]!]!) / (x[j]! - x[i]!);
    }
  }
  const slope = medianInPlace(slopes);
  const residuals = Float64Array.from(x, (at) => values[at]! - slope * at);
  const intercept = medianInPlace(residuals);
  const z = normalQuantile(0.5 + confidence / 2);
  const scoreVariance = complete ? kendallVariance(finiteOf(values)) : count;
  const reach = z * Math.sqrt(scoreVariance);
  const lower = Math.max(0, Math.round((count - reach) / 2) - 1);
  const upper = Math.min(count - 1, Math.round((count + reach) / 2));
  return {
    slope,
    intercept,
    interval: [selectInPlace(slopes, lower), selectInPlace(slopes, upper)],
    p: Number.NaN,
    r_squared: rSquared(values, slope, intercept),
    n,
  };
}

/** Variance of Kendall's score under no trend, corrected for ties. */
export function kendallVariance(values: Float64Array): number {
  const n = values.length;
  const sorted = values.toSorted();
  let ties = 0;
  for (let start = 0; start < n;) {
    let end = start + 1;
    while (end < n && sorted[end] === sorted[start]) end++;
    const t = end - start;
    ties += t * (t - 1) * (2 * t + 5);
    start = end;
  }
  return (n * (n - 1) * (2 * n + 5) - ties) / 18;
}

export interface MannKendall {
  /** Pairs that rise less pairs that fall. */
  score: number;
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
  let score = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) score += Math.sign(kept[j]! - kept[i]!);
  }
  const deviation = Math.sqrt(kendallVariance(kept) * inflation);
  const z = deviation > 0 ? (score - Math.sign(score)) / deviation : 0;
  return {
    score,
    tau: score / ((n * (n - 1)) / 2),
    p: 2 * normalSf(Math.abs(z)),
  };
}
