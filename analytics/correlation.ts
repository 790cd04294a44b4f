/** Pearson's and Spearman's correlation with p, interval and n, and the words for them. */
import type { TrendStrength } from '../contracts/vocabulary.js';
import { logIncompleteBeta } from './special-functions.js';
import { normalQuantile } from './distributions.js';
import { mostPermutedRanks, permutationP } from './rank-permutation.js';
import { mean } from './summary.js';

export interface Correlation {
  /** −1..1. */
  r: number;
  /** Pairs in which both values are finite. */
  n: number;
  /** r √(n−2) / √(1−r²); infinite where |r| is 1. */
  t: number;
  /** Two-sided: Student's t with n − 2 degrees of freedom, or the permutations of few ranks. */
  p: number;
  /** ln p, exact where p underflows; −∞ where |r| is 1. */
  ln_p: number;
  /** Fisher's interval at the confidence asked for (0.95). */
  ci: [low: number, high: number];
}

/** The pairs of which both values are finite; arrays of equal length. */
function pairs(x: Float64Array, y: Float64Array): [Float64Array, Float64Array] {
  if (x.length !== y.length) throw new RangeError('Correlated series differ in length');
  if (x.every(Number.isFinite) && y.every(Number.isFinite)) return [x, y];
  const kept: number[] = [];
  for (let i = 0; i < x.length; i++) {
    if (Number.isFinite(x[i]!) && Number.isFinite(y[i]!)) kept.push(i);
  }
  return [Float64Array.from(kept, (i) => x[i]!), Float64Array.from(kept, (i) => y[i]!)];
}

/** Centred and scaled to length one; null where the values are constant to the last digits that they carry. */
function unitVector(values: Float64Array): Float64Array | null {
  const centre = mean(values);
  let largest = 0;
  let magnitude = 0;
  for (const value of values) {
    largest = Math.max(largest, Math.abs(value - centre));
    magnitude = Math.max(magnitude, Math.abs(value));
  }
  if (largest <= magnitude * 4 * Number.EPSILON) return null;
  const unit = values.map((value) => (value - centre) / largest);
  let drift = 0;
  for (const value of unit) drift += value;
  drift /= unit.length;
  let squares = 0;
  for (let i = 0; i < unit.length; i++) {
    unit[i] = unit[i]! - drift;
    squares += unit[i]! * unit[i]!;
  }
  const length = Math.sqrt(squares);
  for (let i = 0; i < unit.length; i++) unit[i] = unit[i]! / length;
  return unit;
}

/** Interval of Fisher's z; `spread` is the variance of z times n − 3. [−1, 1] up to three pairs. */
export function fisherInterval(r: number, n: number, confidence = 0.95, spread = 1): [number, number] {
  if (n <= 3) return [-1, 1];
  if (Math.abs(r) === 1) return [r, r];
  const z = 0.5 * (Math.log1p(r) - Math.log1p(-r));
  const reach = normalQuantile(0.5 + confidence / 2) * Math.sqrt(spread / (n - 3));
  return [Math.tanh(z - reach), Math.tanh(z + reach)];
}

function correlate(
  x: Float64Array,
  y: Float64Array,
  confidence: number,
  spreadOf: (r: number) => number,
): Correlation | null {
  const n = x.length;
  if (n < 3) return null;
  const u = unitVector(x);
  const v = unitVector(y);
  if (u === null || v === null) return null;
  // With unit vectors 1 − r = |u − v|²/2 and 1 + r = |u + v|²/2: both ends keep their digits.
  let apart = 0;
  let together = 0;
  for (let i = 0; i < n; i++) {
    const difference = u[i]! - v[i]!;
    const sum = u[i]! + v[i]!;
    apart += difference * difference;
    together += sum * sum;
  }
  const total = apart + together;
  const below = (2 * apart) / total;
  const above = (2 * together) / total;
  const r = apart < together ? 1 - below : above - 1;
  const unexplained = below * above;
  const t = unexplained > 0 ? r * Math.sqrt((n - 2) / unexplained) : Math.sign(r) * Number.POSITIVE_INFINITY;
  const ln_p = logIncompleteBeta((n - 2) / 2, 0.5, unexplained, r * r);
  return { r, n, t, p: Math.exp(ln_p), ln_p, ci: fisherInterval(r, n, confidence, spreadOf(r)) };
}

/**
 * Pearson's product-moment correlation over the pairs in which both values are finite. Null below three
 * pairs and where either side is constant. p is exact in the far tails and at large offsets.
 */
export function pearson(x: Float64Array, y: Float64Array, confidence = 0.95): Correlation | null {
  const [a, b] = pairs(x, y);
  return correlate(a, b, confidence, () => 1);
}

const rankSpread = (r: number): number => 1 + (r * r) / 2;

/** The interval of a rank correlation of n pairs, as Spearman's below. */
export function spearmanInterval(r: number, n: number, confidence = 0.95): [low: number, high: number] {
  return fisherInterval(r, n, confidence, rankSpread(r));
}

/**
 * Spearman's rank correlation, ties sharing their mean rank. Up to 8 pairs p is the share of all orders with
 * as large a |r|, ties included; beyond it is Student's t, which at 9 pairs tells 0.050 for that share's 0.050
 * and 0.0025 for its 0.0031. The interval is Fisher's with the variance of Bonett & Wright (2000),
 * (1 + r²/2) / (n − 3).
 */
export function spearman(x: Float64Array, y: Float64Array, confidence = 0.95): Correlation | null {
  const [a, b] = pairs(x, y);
  const rankX = ranks(a);
  const rankY = ranks(b);
  const found = correlate(rankX, rankY, confidence, rankSpread);
  if (found === null || found.n > mostPermutedRanks) return found;
  const p = permutationP(rankX, rankY);
  return { ...found, p, ln_p: Math.log(p) };
}

/** Ranks from 1, ties sharing their mean rank; gaps stay gaps. */
export function ranks(values: Float64Array): Float64Array {
  // Sorting numbers and finding each again takes a third of the time of sorting positions by their values.
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const shared = new Float64Array(sorted.length);
  for (let start = 0; start < sorted.length;) {
    let end = start + 1;
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    shared[start] = (start + 1 + end) / 2;
    start = end;
  }
  const result = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    result[i] = Number.isNaN(value) ? Number.NaN : shared[low]!;
  }
  return result;
}

/**
 * Benjamini & Hochberg's (1995) adjusted p-values: the false-discovery rate at which each would be accepted.
 * NaN stays NaN and counts for nothing.
 */
export function adjustPValues(p: readonly number[]): number[] {
  const order = p
    .map((_, i) => i)
    .filter((i) => !Number.isNaN(p[i]!))
    .sort((i, j) => p[j]! - p[i]!);
  const adjusted = p.map(() => Number.NaN);
  let least = 1;
  order.forEach((index, position) => {
    least = Math.min(least, (p[index]! * order.length) / (order.length - position));
    adjusted[index] = least;
  });
  return adjusted;
}

/** Weak below 0.3, moderate below 0.6, strong from there on (of |r|). */
export function correlationStrength(r: number): TrendStrength {
  const size = Math.abs(r);
  return size < 0.3 ? 'weak' : size < 0.6 ? 'moderate' : 'strong';
}

export function correlationDirection(r: number): 'positive' | 'negative' {
  return r < 0 ? 'negative' : 'positive';
}

/**
 * A name from a table as words: `duration_seconds` → «duration», `views_day_28` → «views at day 28»,
 * `format=short` → «format “short”».
 */
export function spoken(name: string): string {
  const [column, ...level] = name.split('=');
  const words = (column ?? name)
    .replace(/_day_(\d+)$/, ' at day $1')
    .replace(/_seconds$/, '')
    .replaceAll('_', ' ');
  return level.length === 0 ? words : `${words} “${level.join('=')}”`;
}

/** `= 0.034`, `< 0.001`. */
export function formatP(p: number): string {
  return p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`;
}
