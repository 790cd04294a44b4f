/** Seasonal patterns: how strongly a phase of the week (or of any period) goes with higher or lower values. */
import { chiSquaredSf } from './distributions.js';
import { ranks } from './correlation.js';
import { countFinite, mean, scaledMad, unitAbout, variance } from './summary.js';

export interface SeasonalPattern {
  period: number;
  /** Factors about 1 where `multiplicative`, differences about 0 otherwise; one a phase. */
  effects: Float64Array;
  multiplicative: boolean;
  /** Share of the detrended variance that the phases explain, corrected for their number; 0..1. */
  strength: number;
  /** Kruskal and Wallis's test that the phases do not differ. */
  p: number;
}

/**
 * Centred mean over one period, with half weights at the ends of an even one; NaN where more than half of
 * the window is missing or beyond the ends.
 */
function centredMean(values: Float64Array, period: number): Float64Array {
  const n = values.length;
  const reach = period >> 1;
  const edge = period % 2 === 0 ? 0.5 : 1;
  const result = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    let weights = 0;
    for (let at = Math.max(0, i - reach); at <= Math.min(n - 1, i + reach); at++) {
      const value = values[at]!;
      if (!Number.isFinite(value)) continue;
      const weight = at - i === reach || i - at === reach ? edge : 1;
      sum += weight * value;
      weights += weight;
    }
    result[i] = weights > period / 2 ? sum / weights : Number.NaN;
  }
  return result;
}

/**
 * The pattern of one period, by classical decomposition: ratios to (or differences from) the centred mean of a
 * period, averaged by phase and normalised. Multiplicative where every centred mean is positive and no value
 * negative. Phase 0 is the first value's, moved by `phase`: 0 for a series that starts on a Monday when the
 * effects shall begin with Monday, 2 for one that starts on a Wednesday.
 * @returns null below two full periods, and where a phase was never seen.
 */
export function seasonalPattern(values: Float64Array, period: number, phase = 0): SeasonalPattern | null {
  const phases = Int32Array.from(values, (_, i) => (i + phase) % period);
  return patternOfPhases(values, phases, period);
}

/** Mean length of a calendar month in days. */
export const daysAMonth = 30.436875;
export const longestMonth = 31;
/** Three months, below which nothing is said of the days of the month. */
export const fewestMonthDays = 3 * longestMonth;

/** Day of the month of every day from an ISO day on, 0 for the first. */
export function monthPhases(startDay: string, length: number): Int32Array {
  const start = Date.parse(`${startDay}T00:00:00Z`);
  return Int32Array.from({ length }, (_, i) => new Date(start + i * 86_400_000).getUTCDate() - 1);
}

/** The pattern of the days of the month, one effect for each of 31; null below three months. */
export function monthlyPattern(values: Float64Array, startDay: string): SeasonalPattern | null {
  if (values.length < fewestMonthDays) return null;
  return patternOfPhases(values, monthPhases(startDay, values.length), longestMonth);
}

function patternOfPhases(values: Float64Array, phaseOf: Int32Array, period: number): SeasonalPattern | null {
  const n = values.length;
  if (period < 2 || n < 2 * period) return null;
  const level = centredMean(values, period);
  let multiplicative = true;
  for (let i = 0; i < n; i++) if (values[i]! < 0 || level[i]! <= 0) multiplicative = false;
  const detrended = values.map((value, i) => (multiplicative ? value / level[i]! : value - level[i]!));
  // The ends of the centred mean lean on a part of a period, which carries the pattern itself: leave them out.
  const reach = period >> 1;
  detrended.fill(Number.NaN, 0, reach).fill(Number.NaN, n - reach);
  const groups: number[][] = Array.from({ length: period }, () => []);
  for (let i = reach; i < n - reach; i++) {
    if (Number.isFinite(detrended[i]!)) groups[phaseOf[i]!]!.push(detrended[i]!);
  }
  if (groups.some((group) => group.length === 0)) return null;
  const effects = Float64Array.from(groups, trimmedMean);
  const strength = explainedShare(detrended, phaseOf, effects);
  const p = phaseTest(detrended, phaseOf, period);
  const centre = mean(effects);
  for (let i = 0; i < period; i++) {
    effects[i] = multiplicative ? effects[i]! / centre : effects[i]! - centre;
  }
  return { period, effects, multiplicative, strength, p };
}

/**
 * The share of the variance that the phases explain, corrected for their number (ε² of Kelley). Residuals
 * beyond four scaled MADs count as four: an event is no lack of a pattern.
 */
function explainedShare(sample: Float64Array, phases: Int32Array, effects: Float64Array): number {
  const n = countFinite(sample);
  if (n <= effects.length) return 0;
  const unit = unitAbout(sample, 0);
  const residuals = sample.map((value, i) => (value - effects[phases[i]!]!) * unit);
  const limit = 4 * scaledMad(residuals, 0);
  let squares = 0;
  for (let i = 0; i < residuals.length; i++) {
    const clipped = Math.min(limit, Math.max(-limit, residuals[i]!));
    if (clipped === clipped) squares += clipped * clipped;
    residuals[i] = clipped + effects[phases[i]!]! * unit;
  }
  const total = variance(residuals);
  return total > 0 ? Math.max(0, 1 - squares / (n - effects.length) / total) : 0;
}

/** Mean without the extremes on either side where there are enough of them: one event is no pattern. */
function trimmedMean(group: readonly number[]): number {
  const sorted = Float64Array.from(group).sort();
  const cut = sorted.length >= 4 ? Math.max(1, Math.floor(sorted.length / 5)) : 0;
  return mean(sorted.subarray(cut, sorted.length - cut));
}

/** p of Kruskal and Wallis's test that the phases (0..period − 1, one a value) do not differ; NaN is a gap. */
export function phaseTest(sample: Float64Array, phases: ArrayLike<number>, period: number): number {
  const ranked = ranks(sample);
  const sums = new Float64Array(period);
  const counts = new Float64Array(period);
  const n = countFinite(sample);
  let total = 0;
  for (let i = 0; i < ranked.length; i++) {
    const centred = ranked[i]! - (n + 1) / 2;
    if (centred !== centred) continue;
    sums[phases[i]!] = sums[phases[i]!]! + centred;
    counts[phases[i]!] = counts[phases[i]!]! + 1;
    total += centred * centred;
  }
  if (!(total > 0)) return 1;
  let between = 0;
  for (let k = 0; k < period; k++) if (counts[k]! > 0) between += sums[k]! ** 2 / counts[k]!;
  return chiSquaredSf((between / total) * (n - 1), period - 1);
}

/**
 * The values without a pattern: divided by its factors or less its differences. Gaps stay gaps.
 * @param phases of every value, or the phase of the first one.
 */
export function deseasonalise(
  values: Float64Array,
  pattern: SeasonalPattern,
  phases: Int32Array | number = 0,
): Float64Array {
  return values.map((value, i) => {
    const phase = typeof phases === 'number' ? (i + phases) % pattern.period : phases[i]!;
    const effect = pattern.effects[phase]!;
    if (!pattern.multiplicative) return value - effect;
    // A phase that is never active has nothing to be divided by.
    return effect > 0 ? value / effect : Number.NaN;
  });
}
