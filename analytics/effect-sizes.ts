/** How much groups differ, apart from how surely. */
import { normalQuantile } from './distributions.js';
import { logGamma } from './special-functions.js';
import { mean, variance } from './summary.js';

/**
 * Hedges's g: the difference of means in pooled standard deviations, freed of its bias by the exact factor
 * (Hedges 1981); the interval by the variance of Hedges & Olkin (1985),
 * (n₁ + n₂) / (n₁ n₂) + g² / 2(n₁ + n₂). Null where neither group varies.
 */
export function hedgesG(
  first: Float64Array,
  second: Float64Array,
  confidence = 0.95,
): { value: number; interval: [low: number, high: number] } | null {
  const [a, b] = [first.length, second.length];
  const df = a + b - 2;
  if (a < 2 || b < 2) return null;
  const origin = first[0]!;
  const shifted = [first, second].map((group) => group.map((value) => value - origin));
  const pooled = ((a - 1) * variance(shifted[0]!) + (b - 1) * variance(shifted[1]!)) / df;
  if (!(pooled > 0)) return null;
  const unbiased = Math.exp(logGamma(df / 2) - logGamma((df - 1) / 2)) / Math.sqrt(df / 2);
  const value = (unbiased * (mean(shifted[0]!) - mean(shifted[1]!))) / Math.sqrt(pooled);
  const error = Math.sqrt((a + b) / (a * b) + (value * value) / (2 * (a + b)));
  const reach = normalQuantile(0.5 + confidence / 2) * error;
  return { value, interval: [value - reach, value + reach] };
}

/** P(first > second) − P(first < second) over all pairs (Cureton 1956), −1..1, of groups of joint ranks. */
export function rankBiserial(first: Float64Array, second: Float64Array): number {
  return (2 * (mean(first) - mean(second))) / (first.length + second.length);
}

/** ω²: the share of variance explained, less what chance explains (Hays 1963); 0 at the least. */
export function omegaSquared(f: number, df1: number, n: number): number {
  const gain = df1 * (f - 1);
  return f === Number.POSITIVE_INFINITY ? 1 : Math.max(0, gain / (gain + n));
}

/** ε² of Kruskal and Wallis's H, H / (n − 1): the share of the ranks' variance between groups. */
export function epsilonSquared(h: number, n: number): number {
  return h / (n - 1);
}
