/** What each day of a period brought, and the weeks and months that the days make. */
import { addDays } from '../analytics/calendar.js';
import { bucketStart, type SeriesInterval } from './series-buckets.js';

export interface DayValue {
  day: string;
  value: number | null;
  complete: boolean;
}

/** The days up to the last one that is told whole: what follows would look like a fall. All, where none is whole. */
export function wholeDays(days: readonly DayValue[]): readonly DayValue[] {
  const last = days.findLastIndex(({ complete }) => complete);
  return last === -1 ? days : days.slice(0, last + 1);
}

/** Days folded into weeks or months by adding up; one that the range cuts is not complete. */
export function foldedDays(days: readonly DayValue[], interval: SeriesInterval): DayValue[] {
  if (interval === 'hour' || interval === 'day' || days.length === 0) return [...days];
  const first = days[0]!.day;
  const last = days.at(-1)!.day;
  const folded = new Map<string, DayValue>();
  for (const { day, value, complete } of days) {
    const start = bucketStart(day, interval);
    const known = folded.get(start);
    folded.set(start, {
      day: start,
      value: value === null ? (known?.value ?? null) : (known?.value ?? 0) + value,
      complete:
        (known?.complete ?? start >= first) && complete && bucketStart(addDays(last, 1), interval) > start,
    });
  }
  return [...folded.values()];
}
