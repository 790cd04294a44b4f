/**
 * Series preparation: what comes out of the tables becomes equidistant days with gaps as NaN, fit to be
 * analysed. Nothing here changes its input.
 */
import { addDays, daysBetween } from './calendar.js';
import { countFinite, median } from './summary.js';

export interface DailySeries {
  /** ISO day of `values[0]`. */
  startDay: string;
  /** One a day, NaN where there is none. */
  values: Float64Array;
}

export interface Increments {
  /** values[i] is close i less close i − 1; the first is NaN, and so is each after a gap. */
  increments: Float64Array;
  /** Where the counter fell: the platform took something back, which is no event of the content's. */
  corrections: { index: number; amount: number }[];
}

/**
 * A counter's closes to increments. A fall is a correction: its increment is NaN and its amount (negative) is
 * set apart. A gap stays a gap, and so does the increment after it, since it would hold several days.
 */
export function counterToIncrements(closes: Float64Array): Increments {
  const increments = new Float64Array(closes.length).fill(Number.NaN);
  const corrections: Increments['corrections'] = [];
  for (let i = 1; i < closes.length; i++) {
    const increment = closes[i]! - closes[i - 1]!;
    if (increment < 0) corrections.push({ index: i, amount: increment });
    else increments[i] = increment;
  }
  return { increments, corrections };
}

export interface PreparationOptions {
  /** The first day that is not complete yet; it and what follows are left out. */
  completeBefore?: string;
  /** Days on which the metric's definition changed beyond comparison: the series starts again at the latest. */
  definitionBreaks?: readonly string[];
  /**
   * Days on which the definition changed so that the two sides go together but for a factor: the part before is
   * scaled by the ratio of the medians of 14 days on either side. Where either side has fewer than 7 values or a
   * median that is not positive, the series starts again there as at any other break.
   */
  comparableBreaks?: readonly string[];
  /** Keep at most this many of the last days. */
  lastDays?: number;
}

/** Days on either side that a bridge is measured over, and how many of them have to be known. */
const bridgeDays = 14;
const bridgeKnown = 7;

/**
 * The part of a series that may be analysed as one: complete days only, nothing from before the latest break
 * of the definition that cannot be bridged, no gaps at either end.
 * @returns null where nothing is left.
 */
export function prepareSeries(series: DailySeries, options: PreparationOptions = {}): DailySeries | null {
  const { startDay } = series;
  let { values } = series;
  let from = 0;
  let to = values.length;
  if (options.completeBefore !== undefined) {
    to = Math.min(to, daysBetween(startDay, options.completeBefore));
  }
  for (const day of options.definitionBreaks ?? []) {
    const at = daysBetween(startDay, day);
    if (at < to) from = Math.max(from, at);
  }
  // The latest first, so that everything ends up in terms of today's definition.
  for (const day of (options.comparableBreaks ?? []).toSorted().reverse()) {
    const at = daysBetween(startDay, day);
    if (at <= from || at >= to) continue;
    const factor = bridgeFactor(values.subarray(from, to), at - from);
    if (factor === null) from = at;
    else values = values.map((value, i) => (i < at ? value * factor : value));
  }
  if (options.lastDays !== undefined) from = Math.max(from, to - options.lastDays);
  while (from < to && !Number.isFinite(values[from]!)) from++;
  while (to > from && !Number.isFinite(values[to - 1]!)) to--;
  return to > from ? { startDay: addDays(startDay, from), values: values.slice(from, to) } : null;
}

function bridgeFactor(values: Float64Array, at: number): number | null {
  const before = values.subarray(Math.max(0, at - bridgeDays), at);
  const after = values.subarray(at, at + bridgeDays);
  if (countFinite(before) < bridgeKnown || countFinite(after) < bridgeKnown) return null;
  const levels = { before: median(before), after: median(after) };
  return levels.before > 0 && levels.after > 0 ? levels.after / levels.before : null;
}

/**
 * Fills gaps for methods that need every point: the mean of the nearest same phase of the period before and
 * after, and a straight line between the neighbours where there is none. All-gap input comes back as zeros.
 */
export function fillGaps(values: Float64Array, period = 1): Float64Array {
  const filled = values.slice();
  const n = values.length;
  if (period > 1) {
    for (let i = 0; i < n; i++) {
      if (Number.isFinite(values[i]!)) continue;
      let before = i - period;
      while (before >= 0 && !Number.isFinite(values[before]!)) before -= period;
      let after = i + period;
      while (after < n && !Number.isFinite(values[after]!)) after += period;
      if (before >= 0 && after < n) filled[i] = (values[before]! + values[after]!) / 2;
      else if (before >= 0) filled[i] = values[before]!;
      else if (after < n) filled[i] = values[after]!;
    }
  }
  fillLinearly(filled);
  return filled;
}

function fillLinearly(values: Float64Array): void {
  let last = -1;
  for (let i = 0; i <= values.length; i++) {
    const isValue = i < values.length && Number.isFinite(values[i]!);
    if (!isValue && i < values.length) continue;
    for (let gap = last + 1; gap < i; gap++) {
      const left = last >= 0 ? values[last]! : undefined;
      const right = i < values.length ? values[i]! : undefined;
      if (left !== undefined && right !== undefined) {
        values[gap] = left + ((right - left) * (gap - last)) / (i - last);
      } else values[gap] = left ?? right ?? 0;
    }
    last = i;
  }
}
