/**
 * Tests of whether groups differ: Welch's t and analysis of variance, the classical analysis of variance, and
 * Kruskal and Wallis's. Values are finite; a group of fewer than two makes no test of means.
 */
import { ranks } from './correlation.js';
import { logFSf, logChiSquaredSf, logStudentTwoSided, studentQuantile } from './distributions.js';

export interface GroupTest {
  /** t, F or H. */
  statistic: number;
  df: number[];
  /** ln p, two-sided for t. */
  ln_p: number;
}

export interface WelchT extends GroupTest {
  /** Mean of the first less mean of the second, with the interval at the confidence asked for. */
  difference: number;
  interval: [low: number, high: number];
}

export interface OneWay extends GroupTest {
  /** Share of the variance that lies between groups. */
  etaSquared: number;
}

interface Moments {
  n: number;
  /** Of the values less the common origin. */
  mean: number;
  /** Σ (x − mean)². */
  squares: number;
}

/** Counted from a value in their midst, so that an offset of 1e8 costs no digit of a difference. */
function momentsOf(groups: readonly Float64Array[]): Moments[] {
  const origin = groups.find((group) => group.length > 0)?.[0] ?? 0;
  return groups.map((group) => {
    let sum = 0;
    for (const value of group) sum += value - origin;
    const mean = sum / group.length;
    let squares = 0;
    let drift = 0;
    for (const value of group) {
      const deviation = value - origin - mean;
      squares += deviation * deviation;
      drift += deviation;
    }
    return {
      n: group.length,
      mean: mean + drift / group.length,
      squares: Math.max(0, squares - (drift * drift) / group.length),
    };
  });
}

/** Welch's t test (1947) with Satterthwaite's degrees of freedom; null without spread in either group. */
export function welchT(first: Float64Array, second: Float64Array, confidence = 0.95): WelchT | null {
  if (first.length < 2 || second.length < 2) return null;
  const [a, b] = momentsOf([first, second]) as [Moments, Moments];
  const shareA = a.squares / (a.n - 1) / a.n;
  const shareB = b.squares / (b.n - 1) / b.n;
  const error = Math.sqrt(shareA + shareB);
  if (!(error > 0)) return null;
  // As shares of their sum: the squares of tiny variances would underflow.
  const partA = shareA / (shareA + shareB);
  const partB = shareB / (shareA + shareB);
  const df = 1 / ((partA * partA) / (a.n - 1) + (partB * partB) / (b.n - 1));
  const difference = a.mean - b.mean;
  const statistic = difference / error;
  const reach = studentQuantile(0.5 + confidence / 2, df) * error;
  return {
    ...{ statistic, df: [df], ln_p: logStudentTwoSided(statistic, df) },
    ...{ difference, interval: [difference - reach, difference + reach] },
  };
}

/** One-way analysis of variance with one common variance (Fisher); null where no value differs within a group. */
export function anova(groups: readonly Float64Array[]): OneWay | null {
  if (groups.length < 2 || groups.some((group) => group.length === 0)) return null;
  const moments = momentsOf(groups);
  const n = moments.reduce((sum, group) => sum + group.n, 0);
  const centre = moments.reduce((sum, group) => sum + group.n * group.mean, 0) / n;
  const between = moments.reduce((sum, group) => sum + group.n * (group.mean - centre) ** 2, 0);
  const within = moments.reduce((sum, group) => sum + group.squares, 0);
  const df1 = groups.length - 1;
  const df2 = n - groups.length;
  if (!(within > 0) || df2 < 1) return null;
  const statistic = between / df1 / (within / df2);
  return {
    ...{ statistic, df: [df1, df2], ln_p: logFSf(statistic, df1, df2) },
    etaSquared: between / (between + within),
  };
}

/** Welch's analysis of variance (1951), each group with a variance of its own; null where one has none. */
export function welchAnova(groups: readonly Float64Array[]): GroupTest | null {
  if (groups.length < 2 || groups.some((group) => group.length < 2)) return null;
  const moments = momentsOf(groups);
  if (moments.some(({ squares }) => !(squares > 0))) return null;
  const weights = moments.map(({ n, squares }) => (n * (n - 1)) / squares);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map((weight) => weight / total);
  const centre = moments.reduce((sum, { mean }, i) => sum + shares[i]! * mean, 0);
  const k = groups.length;
  const between = moments.reduce((sum, { mean }, i) => sum + weights[i]! * (mean - centre) ** 2, 0) / (k - 1);
  const imbalance = moments.reduce((sum, { n }, i) => sum + (1 - shares[i]!) ** 2 / (n - 1), 0);
  const statistic = between / (1 + ((2 * (k - 2)) / (k * k - 1)) * imbalance);
  const df2 = (k * k - 1) / (3 * imbalance);
  return { statistic, df: [k - 1, df2], ln_p: logFSf(statistic, k - 1, df2) };
}

/** The groups' values as ranks among all of them, ties sharing their mean rank. */
export function rankGroups(groups: readonly Float64Array[]): Float64Array[] {
  const all = new Float64Array(groups.reduce((sum, group) => sum + group.length, 0));
  let start = 0;
  const starts = groups.map((group) => {
    all.set(group, start);
    return (start += group.length) - group.length;
  });
  const ranked = ranks(all);
  return groups.map((group, i) => ranked.subarray(starts[i], starts[i]! + group.length));
}

/**
 * Kruskal and Wallis's test (1952) of groups of joint ranks, as `rankGroups` gives them: H corrected for ties, p
 * by chi-squared; null where all values are the same. With two groups it is Mann and Whitney's test without the
 * correction for continuity.
 */
export function kruskalWallis(ranked: readonly Float64Array[]): GroupTest | null {
  if (ranked.length < 2 || ranked.some((group) => group.length === 0)) return null;
  const n = ranked.reduce((sum, group) => sum + group.length, 0);
  const centre = (n + 1) / 2;
  let between = 0;
  let squares = 0;
  for (const group of ranked) {
    let sum = 0;
    for (const rank of group) {
      sum += rank - centre;
      squares += (rank - centre) ** 2;
    }
    between += (sum * sum) / group.length;
  }
  if (!(squares > 0)) return null;
  const statistic = ((n - 1) * between) / squares;
  const df = ranked.length - 1;
  return { statistic, df: [df], ln_p: logChiSquaredSf(statistic, df) };
}
