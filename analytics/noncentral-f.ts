/** The noncentral F distribution, and the intervals of explained variance that are read from it. */
import { logGamma, logIncompleteBeta } from './special-functions.js';

const negligible = 1e-17;

/**
 * P(F ≤ f) of the noncentral F distribution with noncentrality `lambda` ≥ 0: central beta distributions weighted
 * by Poisson's (Johnson, Kotz & Balakrishnan 1995, 30.2). Absolute error below 1e-13.
 */
export function noncentralFCdf(f: number, df1: number, df2: number, lambda: number): number {
  if (!(f > 0)) return Number.isNaN(f) ? Number.NaN : 0;
  const x = (df1 * f) / (df1 * f + df2);
  const y = df2 / (df1 * f + df2);
  const b = df2 / 2;
  const half = lambda / 2;
  const middle = Math.floor(half);
  const a = df1 / 2 + middle;
  const poisson = half === 0 ? 1 : Math.exp(middle * Math.log(half) - half - logGamma(middle + 1));
  const beta = Math.exp(logIncompleteBeta(a, b, x, y));
  // x^a y^b / (a B(a, b)): what I_x loses from a to a + 1.
  const step = Math.exp(a * Math.log(x) + b * Math.log(y) + logGamma(a + b) - logGamma(a + 1) - logGamma(b));
  let total = poisson * beta;
  let weight = poisson;
  let value = beta;
  let loss = step;
  for (let j = middle; weight * value > negligible; j++) {
    value = Math.max(0, value - loss);
    weight *= half / (j + 1);
    total += weight * value;
    const at = df1 / 2 + j;
    loss *= (x * (at + b)) / (at + 1);
  }
  weight = poisson;
  value = beta;
  loss = step;
  for (let j = middle; j > 0 && weight > negligible; j--) {
    const at = df1 / 2 + j;
    loss *= at / (x * (at - 1 + b));
    value = Math.min(1, value + loss);
    weight *= j / half;
    total += weight * value;
  }
  return Math.min(1, total);
}

/** The noncentrality at which `f` is the quantile `p`; 0 where even none puts it above. */
function noncentralityAt(f: number, df1: number, df2: number, p: number): number {
  if (noncentralFCdf(f, df1, df2, 0) <= p) return 0;
  let low = 0;
  let high = Math.max(1, df1 * f);
  while (noncentralFCdf(f, df1, df2, high) > p) {
    low = high;
    high *= 2;
  }
  for (let step = 0; step < 100 && high - low > high * 1e-13; step++) {
    const middle = (low + high) / 2;
    if (noncentralFCdf(f, df1, df2, middle) > p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * Interval of the share of variance that an F test's model explains: the noncentralities at which the F found
 * would be the outer quantiles, as λ / (λ + n) (Steiger 2004).
 * @param n contents in the test
 */
export function explainedVarianceInterval(
  f: number,
  df1: number,
  df2: number,
  n: number,
  confidence = 0.95,
): [low: number, high: number] {
  if (f === Number.POSITIVE_INFINITY) return [1, 1];
  const [low, high] = [(1 + confidence) / 2, (1 - confidence) / 2].map((p) =>
    noncentralityAt(f, df1, df2, p),
  ) as [number, number];
  return [low / (low + n), high / (high + n)];
}
