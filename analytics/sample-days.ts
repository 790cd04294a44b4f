/** Samples at irregular instants to one value a day of a zone. */
import { addDays, dayBounds, dayOf, daysBetween } from './calendar.js';
import { counterToIncrements, type DailySeries, type Increments } from './series.js';

export interface Samples {
  /** Instants in ms since 1970, ascending. */
  times: Float64Array;
  /** One an instant; NaN where the platform told none. */
  values: Float64Array;
}

/** A close is interpolated between samples no further apart than this: a day and a half. */
export const closeReachMs = 36 * 3_600_000;
const mostDays = 100_000;

/**
 * A cumulative counter read at irregular instants to what each day of the zone brought. The close of a day is the
 * straight line between the last sample before midnight and the first one after it, where they are at most
 * `reachMs` apart; a wider hole is a gap, not a guess. A fall from one sample to the next is no growth to
 * interpolate, so the day's close is then the sample before. The last day is left out unless a sample lies at or
 * beyond its end: it is not complete.
 * @throws RangeError for an unknown zone, and for samples that span more than 100,000 days.
 * @returns null where there is no value.
 */
export function counterSamplesToDays(
  samples: Samples,
  zone: string,
  reachMs = closeReachMs,
): (DailySeries & Pick<Increments, 'corrections'>) | null {
  const known =
    samples.values.length === 0
      ? []
      : [...samples.values.keys()].filter((i) => Number.isFinite(samples.values[i]!));
  const first = known[0];
  const last = known.at(-1);
  if (first === undefined || last === undefined) return null;
  const startDay = dayOf(new Date(samples.times[first]!), zone);
  const endDay = dayOf(new Date(samples.times[last]!), zone);
  const days = daysBetween(startDay, endDay) + 1;
  if (days > mostDays) throw new RangeError(`Samples span ${days} days`);
  // One close more than days: that of the day before the first one.
  const closes = new Float64Array(days + 1).fill(Number.NaN);
  let at = 0;
  for (let day = 0; day <= days; day++) {
    const midnight = dayBounds(addDays(startDay, day), zone).start.getTime();
    while (at < known.length && samples.times[known[at]!]! <= midnight) at++;
    closes[day] = closeAt(samples, known[at - 1], known[at], midnight, reachMs);
  }
  const { increments, corrections } = counterToIncrements(closes);
  const isOpen = !Number.isFinite(closes[days]!);
  return {
    startDay,
    values: increments.subarray(1, isOpen ? days : days + 1),
    corrections: corrections.map(({ index, amount }) => ({ index: index - 1, amount })),
  };
}

function closeAt(
  { times, values }: Samples,
  before: number | undefined,
  after: number | undefined,
  midnight: number,
  reachMs: number,
): number {
  if (before === undefined) return Number.NaN;
  if (times[before]! === midnight) return values[before]!;
  if (after === undefined || times[after]! - times[before]! > reachMs) return Number.NaN;
  const rise = values[after]! - values[before]!;
  if (rise < 0) return values[before]!;
  return values[before]! + (rise * (midnight - times[before]!)) / (times[after]! - times[before]!);
}
