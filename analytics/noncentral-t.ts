/** Student's t about a mean that is not zero: what the power of a t test follows. */
import { logGamma, logIncompleteBeta } from './special-functions.js';

/** Poisson weights further from the largest than this many of their spreads are below 1e-22 of the sum. */
const spreads = 10;
const fewestTerms = 60;

/**
 * P(|T| > t), t ≥ 0, of the noncentral t distribution with `df` > 0 degrees of freedom and noncentrality
 * `shift`: the power of a two-sided test whose critical value is t. T² is noncentral F, so the tail is a Poisson
 * mixture of upper incomplete beta functions (Johnson, Kotz & Balakrishnan, vol. 2, 1995, 30.10): positive terms
 * alone, summed about the largest, so that neither a far tail nor a large shift loses digits.
 */
export function noncentralTTwoSided(t: number, df: number, shift: number): number {
  if (!(t >= 0) || !(df > 0) || Number.isNaN(shift)) return Number.NaN;
  if (!Number.isFinite(t)) return 0;
  const square = t * t;
  const x = square / (df + square);
  const y = df / (df + square);
  const half = (shift * shift) / 2;
  if (half === 0) return Math.exp(logIncompleteBeta(df / 2, 0.5, y, x));
  const reach = spreads * Math.sqrt(half) + fewestTerms;
  const logHalf = Math.log(half);
  let sum = 0;
  for (let j = Math.max(0, Math.floor(half - reach)); j <= half + reach; j++) {
    sum += Math.exp(j * logHalf - half - logGamma(j + 1) + logIncompleteBeta(df / 2, j + 0.5, y, x));
  }
  return Math.min(1, sum);
}
