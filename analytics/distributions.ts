/**
 * The distributions that tests of significance need: normal, Student's t, F and chi-squared. Survival
 * functions come from log space, so that a tail of 1e-300 is as exact as one of 0.05.
 */
import { logIncompleteBeta, logUpperGamma } from './special-functions.js';

/** ln P(Z > z) of the standard normal distribution, through the incomplete gamma function of z²/2. */
export function logNormalSf(z: number): number {
  if (z >= 0) return logUpperGamma(0.5, (z * z) / 2) - Math.LN2;
  return Math.log1p(-Math.exp(logNormalSf(-z)));
}

/** P(Z > z). */
export function normalSf(z: number): number {
  return Math.exp(logNormalSf(z));
}

/** P(Z ≤ z). */
export function normalCdf(z: number): number {
  return normalSf(-z);
}

/**
 * z with P(Z ≤ z) = p; −∞ at 0 and ∞ at 1, NaN outside. Abramowitz & Stegun 26.2.23 as a start, then
 * Newton's method on the logarithm of the tail.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0) return Number.NEGATIVE_INFINITY;
  if (p === 1) return Number.POSITIVE_INFINITY;
  if (p === 0.5) return 0;
  const tail = Math.min(p, 1 - p);
  const t = Math.sqrt(-2 * Math.log(tail));
  let z =
    t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (let step = 0; step < 4; step++) {
    const logSf = logNormalSf(z);
    const hazard = Math.exp(-(z * z) / 2 - logSf) / Math.sqrt(2 * Math.PI);
    z += (logSf - Math.log(tail)) / hazard;
  }
  return p < 0.5 ? -z : z;
}

/** ln P(|T| > |t|) of Student's t with `df` > 0 degrees of freedom (not necessarily whole). */
export function logStudentTwoSided(t: number, df: number): number {
  if (Number.isNaN(t) || !(df > 0)) return Number.NaN;
  if (!Number.isFinite(t)) return Number.NEGATIVE_INFINITY;
  const square = t * t;
  if (square === 0) return 0;
  return logIncompleteBeta(df / 2, 0.5, df / (df + square), square / (df + square));
}

/** P(|T| > |t|): the two-sided p of a t test. */
export function studentTwoSided(t: number, df: number): number {
  return Math.exp(logStudentTwoSided(t, df));
}

/** P(T > t). */
function studentSf(t: number, df: number): number {
  const half = 0.5 * studentTwoSided(t, df);
  return t >= 0 ? half : 1 - half;
}

/** P(T ≤ t). */
export function studentCdf(t: number, df: number): number {
  return studentSf(-t, df);
}

/** t with P(T ≤ t) = p; −∞ at 0 and ∞ at 1, NaN outside. By bisection on the logarithm of the tail. */
export function studentQuantile(p: number, df: number): number {
  if (!(p >= 0 && p <= 1) || !(df > 0)) return Number.NaN;
  if (p === 0.5) return 0;
  if (p === 0) return Number.NEGATIVE_INFINITY;
  if (p === 1) return Number.POSITIVE_INFINITY;
  const lnTail = Math.log(2 * Math.min(p, 1 - p));
  let low = 0;
  let high = 1;
  while (logStudentTwoSided(high, df) > lnTail) {
    low = high;
    high *= 2;
  }
  for (let step = 0; step < 200 && high - low > high * 1e-15; step++) {
    const middle = (low + high) / 2;
    if (logStudentTwoSided(middle, df) > lnTail) low = middle;
    else high = middle;
  }
  const t = (low + high) / 2;
  return p < 0.5 ? -t : t;
}

/** ln P(F > f) with `df1` and `df2` degrees of freedom (not necessarily whole). */
export function logFSf(f: number, df1: number, df2: number): number {
  if (Number.isNaN(f)) return Number.NaN;
  if (f <= 0) return 0;
  if (f === Number.POSITIVE_INFINITY) return Number.NEGATIVE_INFINITY;
  const scaled = df1 * f;
  return logIncompleteBeta(df2 / 2, df1 / 2, df2 / (df2 + scaled), scaled / (df2 + scaled));
}

/** P(F > f). */
export function fSf(f: number, df1: number, df2: number): number {
  return Math.exp(logFSf(f, df1, df2));
}

/** ln P(X² > x) with `df` degrees of freedom. */
export function logChiSquaredSf(x: number, df: number): number {
  return logUpperGamma(df / 2, x / 2);
}

/** P(X² > x). */
export function chiSquaredSf(x: number, df: number): number {
  return Math.exp(logChiSquaredSf(x, df));
}
