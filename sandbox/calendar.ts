import { DateTime } from 'luxon';

export const msPerDay = 86_400_000;
const pacificZone = 'America/Los_Angeles';

/** Days since 1970-01-01 of an ISO day. */
export function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / msPerDay;
}

/** ISO day of a number of days since 1970-01-01. */
export function dayText(number: number): string {
  return new Date(number * msPerDay).toISOString().slice(0, 10);
}

/** True for an ISO day that exists: `2026-02-30` does not. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && DateTime.fromISO(text, { zone: 'utc' }).isValid;
}

/** Monday is 0. */
export function weekdayOf(number: number): number {
  // 1970-01-01 was a Thursday.
  return (((number + 3) % 7) + 7) % 7;
}

/** ISO day in Los Angeles, by which YouTube counts both its reports' days and its quota. */
export function pacificDay(moment: Date): string {
  return DateTime.fromJSDate(moment, { zone: pacificZone }).toISODate() ?? '';
}

const pacificStarts = new Map<number, number>();

/** Unix milliseconds of a day's midnight in Los Angeles; days there last 23, 24 or 25 hours. */
export function pacificStart(number: number): number {
  let start = pacificStarts.get(number);
  if (start === undefined) {
    start = DateTime.fromISO(dayText(number), { zone: pacificZone }).toMillis();
    pacificStarts.set(number, start);
  }
  return start;
}
