/**
 * Sudden lasting changes of level before a forecast: found, and taken out by moving what came before to the level
 * of today, so that no method takes the jump for a trend (interventions: Box & Tiao 1975).
 */
import { median, medianInPlace, quantile, scaledMad } from './summary.js';

export interface LevelShift {
  /** Index of the first point on the new level. */
  at: number;
  /** What the points before are multiplied by, or moved by where the values are no amounts. */
  size: number;
  multiplicative: boolean;
  /** Standard error of the size, of its logarithm where it is a factor. */
  error: number;
}

/** As many odd points in a row may be a spike or a drop as well. */
const longestEvent = 3;

/** Levels are medians over a season, or over what is between these. */
const shortestWindow = 5;
const longestWindow = 24;

/**
 * A shift is so many times the change of level that one place in ten of the series exceeds: 4.9 standard deviations
 * of normal noise, and out of reach of a random walk, whose other changes are as large.
 */
const outstanding = 3;

/** Shifts taken out one after another. */
const mostShifts = 3;

/** Standard errors that a shift is large. */
const leastErrors = 5;

/** Places looked at for one shift. */
const mostPlaces = 4;

/** This share of the points on either side lies on that side of the middle between the levels. */
const leastApart = 0.85;

/** A change that has gone back by more than the rest of this was an event. */
const leastKept = 0.7;

/** Moves the points before the shift to the level after it, in place. */
export function moveBefore(values: Float64Array, { at, size, multiplicative }: LevelShift): void {
  for (let i = 0; i < at; i++) values[i] = multiplicative ? values[i]! * size : values[i]! + size;
}

/**
 * How much larger errors are after the shifts than the moved ones before them: those of counts fall with the root of
 * the level alone, others in proportion to it; as what they are is unknown, the middle of the two. Never below 1.
 * @param from the first point that an error is known of, up to n.
 */
export function errorGrowth(shifts: readonly LevelShift[], from: number, n: number): number {
  return shifts.reduce((growth, { at, size, multiplicative }) => {
    const moved = Math.min(1, Math.max(0, (at - from) / (n - from)));
    return multiplicative && size < 1 ? growth * (1 + moved * (size ** -0.25 - 1)) : growth;
  }, 1);
}

/**
 * The lasting changes of level that stand out from all others of the series, in the order in which they are to be
 * taken out; none within the last three points, nor in the first half: what changed long ago has been learnt since
 * (with the first half the OWA of NN5 rises from .684 to .690).
 * @param y without gaps.
 * @param period points a season; 1 where there is none.
 */
export function findLevelShifts(y: Float64Array, period: number): LevelShift[] {
  const n = y.length;
  const window = Math.min(longestWindow, Math.max(shortestWindow, period));
  if (n < 6 * window) return [];
  const multiplicative = y.every((value) => value >= 0);
  const z = withoutSeason(multiplicative ? logarithms(y) : y.slice(), period);
  const shifts: LevelShift[] = [];
  while (shifts.length < mostShifts) {
    const place = placeOfShift(z, window);
    if (place === null) break;
    const { at, after } = place;
    // What fell silent may speak again, and silence cannot be scaled to anything.
    if (multiplicative && !(middleOf(y, at - window, at) > 0 && middleOf(y, at, at + after) > 0)) break;
    const change = middleOf(z, at, at + after) - middleOf(z, at - window, at);
    const noise = z.subarray(at - window, at + after).map((value, i) => value - (i < window ? 0 : change));
    // A median varies π/2 times as much as a mean.
    const error = scaledMad(noise) * Math.sqrt((Math.PI / 2) * (1 / window + 1 / after));
    if (Math.abs(change) < leastErrors * error) break;
    shifts.push({ at, size: multiplicative ? Math.exp(change) : change, multiplicative, error });
    moveBefore(z, { at, size: change, multiplicative: false, error });
  }
  return shifts;
}

function middleOf(values: Float64Array, from: number, to: number): number {
  return median(values.subarray(from, to));
}

/** Logarithms; of half the smallest amount where there is none. */
function logarithms(y: Float64Array): Float64Array {
  let least = Number.POSITIVE_INFINITY;
  for (const value of y) if (value > 0) least = Math.min(least, value);
  return Number.isFinite(least) ? y.map((value) => Math.log(Math.max(value, least / 2))) : y.slice();
}

/** Less the median difference of each phase from the mean of the season about it, which a shift hardly moves. */
function withoutSeason(z: Float64Array, period: number): Float64Array {
  const n = z.length;
  if (period < 2 || n < 4 * period) return z;
  const reach = period >> 1;
  const edge = period % 2 === 0 ? 0.5 : 1;
  const differences = new Float64Array(n);
  let sum = 0;
  for (let i = 0; i <= 2 * reach; i++) sum += z[i]!;
  for (let i = reach; i + reach < n; i++) {
    differences[i] = z[i]! - (sum - (1 - edge) * (z[i - reach]! + z[i + reach]!)) / period;
    if (i + reach + 1 < n) sum += z[i + reach + 1]! - z[i - reach]!;
  }
  const work = new Float64Array(Math.ceil(n / period));
  const effects = Float64Array.from({ length: period }, (_, phase) => {
    let count = 0;
    for (let i = phase; i + reach < n; i += period) if (i >= reach) work[count++] = differences[i]!;
    return medianInPlace(work, count);
  });
  return z.map((value, i) => value - effects[i % period]!);
}

interface Place {
  at: number;
  /** Points after it that its level is told by. */
  after: number;
}

/** Where the level changes by more than anywhere else, and once and for all; null where it does not. */
function placeOfShift(z: Float64Array, window: number): Place | null {
  const n = z.length;
  const changes = changesOver(z, window, window);
  const limit = outstanding * quantile(changes, 0.9);
  if (!(limit > 0)) return null;
  const late = lateShift(z, window, limit);
  if (late !== null) return late;
  for (let tries = 0; tries < mostPlaces; tries++) {
    let best = 0;
    for (let i = 1; i < changes.length; i++) if (changes[i]! > changes[best]!) best = i;
    if (!(changes[best]! > limit)) return null;
    const at = sharpened(z, best + window, window, window);
    if (at >= n / 2 && at + window <= n && isStep(z, at, window, window)) return { at, after: window };
    changes.fill(0, Math.max(0, best - window), best + window + 1);
  }
  return null;
}

/** changes[i]: by how much the median of `after` points from i + before on differs from that of `before` points from i on. */
function changesOver(z: Float64Array, before: number, after: number): Float64Array {
  const early = runningMedians(z, before);
  const late = after === before ? early : runningMedians(z, after);
  return Float64Array.from({ length: z.length - before - after + 1 }, (_, i) =>
    Math.abs(late[i + before]! - early[i]!),
  );
}

/** The median of each `width` points in a row, kept in order as they come and go, which takes half the time of selecting each anew. */
function runningMedians(z: Float64Array, width: number): Float64Array {
  const medians = new Float64Array(z.length - width + 1);
  const sorted = new Float64Array(width);
  const half = width >> 1;
  for (let i = 0; i < z.length; i++) {
    const value = z[i]!;
    // The place that the leaving point held moves to where the coming one belongs.
    let place = Math.min(i, width - 1);
    if (i >= width) place = sorted.indexOf(z[i - width]!);
    const last = Math.min(i, width - 1);
    while (place < last && sorted[place + 1]! < value) {
      sorted[place] = sorted[place + 1]!;
      place++;
    }
    while (place > 0 && sorted[place - 1]! > value) {
      sorted[place] = sorted[place - 1]!;
      place--;
    }
    sorted[place] = value;
    if (i >= width - 1) {
      const upper = sorted[half]!;
      medians[i - width + 1] = width % 2 === 1 ? upper : sorted[half - 1]! + (upper - sorted[half - 1]!) / 2;
    }
  }
  return medians;
}

/** A shift that has not been seen for a whole window, against changes over as few points as it was seen for. */
function lateShift(z: Float64Array, window: number, limit: number): Place | null {
  const n = z.length;
  let best = 0;
  let most = limit;
  for (let at = n - window + 1; at < n - longestEvent; at++) {
    const change = Math.abs(middleOf(z, at, n) - middleOf(z, at - window, at));
    if (change <= most) continue;
    most = change;
    best = at;
  }
  if (best === 0) return null;
  const at = sharpened(z, best, window, n - best);
  const after = n - at;
  if (after <= longestEvent || after > window) return null;
  const change = Math.abs(middleOf(z, at, n) - middleOf(z, at - window, at));
  if (change <= outstanding * quantile(changesOver(z, window, after), 0.9)) return null;
  return isStep(z, at, window, after) ? { at, after } : null;
}

/** The place moved to where points near the one level and points near the other meet. */
function sharpened(z: Float64Array, at: number, before: number, after: number): number {
  const low = middleOf(z, at - before, at);
  const change = middleOf(z, at, at + after) - low;
  const isNew = (i: number): boolean => (z[i]! - low) / change > 0.5;
  let moved = at;
  while (moved > before && moved > at - longestEvent && isNew(moved - 1)) moved--;
  while (moved + 1 < z.length && moved < at + longestEvent && !isNew(moved)) moved++;
  return moved;
}

/** Both sides keep apart, and the change neither built up before nor wore off after. */
function isStep(z: Float64Array, at: number, before: number, after: number): boolean {
  const low = middleOf(z, at - before, at);
  const change = middleOf(z, at, at + after) - low;
  const progress = z.subarray(at - before, at + after).map((value) => (value - low) / change);
  let apart = 0;
  progress.forEach((value, i) => (apart += Number(value > 0.5 === i >= before)));
  const half = after >> 1;
  const late = median(progress.subarray(before + after - half));
  const early = median(progress.subarray(0, before >> 1));
  return apart >= leastApart * progress.length && late >= leastKept && Math.abs(early) <= 1 - leastKept;
}
