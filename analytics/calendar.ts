/**
 * Days and zones. A day is an ISO day (`2026-01-05`); a range of days is half-open. Day arithmetic needs no
 * zone; only the passage between instants and days does.
 */
import { IANAZone, Info, type Zone } from 'luxon';

const msPerMinute = 60_000;
const msPerHour = 3_600_000;
const msPerDay = 86_400_000;
/** Twenty years of days in one zone; past that the cache starts again. */
const cachedDays = 7_500;

/** Whether a name is that of an IANA zone, in any case of letters. */
export function isZone(name: string): boolean {
  return IANAZone.isValidZone(name);
}

interface ZoneCache {
  zone: Zone;
  /** UTC day number → offset in ms, or NaN where the offset changes within that UTC day. */
  offsets: Map<number, number>;
}
const zones = new Map<string, ZoneCache>();

function zoneCache(name: string): ZoneCache {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const zone = Info.normalizeZone(name);
  if (!zone.isValid) throw new RangeError(`Unknown time zone: ${name}`);
  const cache = { zone, offsets: new Map<number, number>() };
  zones.set(name, cache);
  return cache;
}

function rawOffset(cache: ZoneCache, ms: number): number {
  return Math.round(cache.zone.offset(ms) * msPerMinute);
}

/** The zone's offset from UTC at an instant, in ms; positive east of Greenwich. */
function offsetAt(cache: ZoneCache, ms: number): number {
  const utcDay = Math.floor(ms / msPerDay);
  let offset = cache.offsets.get(utcDay);
  if (offset === undefined) {
    // Asking Intl costs microseconds; a UTC day with the same offset at both ends has it throughout.
    const first = rawOffset(cache, utcDay * msPerDay);
    offset = first === rawOffset(cache, (utcDay + 1) * msPerDay) ? first : Number.NaN;
    if (cache.offsets.size >= cachedDays) cache.offsets.clear();
    cache.offsets.set(utcDay, offset);
  }
  return Number.isNaN(offset) ? rawOffset(cache, ms) : offset;
}

function localDayNumber(cache: ZoneCache, ms: number): number {
  return Math.floor((ms + offsetAt(cache, ms)) / msPerDay);
}

function dayNumber(day: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  // Date.parse rolls 30 February over into March in some engines: compare with what comes back.
  if (Number.isNaN(ms) || formatDay(ms / msPerDay) !== day) {
    throw new RangeError(`Not an ISO day: ${day}`);
  }
  return ms / msPerDay;
}

function formatDay(number: number): string {
  return new Date(number * msPerDay).toISOString().slice(0, 10);
}

/**
 * The ISO day on which an instant falls in a zone.
 * @throws RangeError for an invalid date or an unknown zone.
 */
export function dayOf(instant: Date, zone: string): string {
  const ms = instant.getTime();
  if (Number.isNaN(ms)) throw new RangeError('Not a valid instant');
  return formatDay(localDayNumber(zoneCache(zone), ms));
}

/** The hour of the day (0..23) that a clock in the zone shows at an instant. */
export function hourOf(instant: Date, zone: string): number {
  const ms = instant.getTime();
  if (Number.isNaN(ms)) throw new RangeError('Not a valid instant');
  const local = ms + offsetAt(zoneCache(zone), ms);
  return Math.floor((((local % msPerDay) + msPerDay) % msPerDay) / msPerHour);
}

/** The instant at which the clock hour of a zone began; in Kolkata hours begin at half past those of UTC. */
export function hourStart(instant: Date, zone: string): Date {
  const ms = instant.getTime();
  if (Number.isNaN(ms)) throw new RangeError('Not a valid instant');
  const offset = offsetAt(zoneCache(zone), ms);
  return new Date(Math.floor((ms + offset) / msPerHour) * msPerHour - offset);
}

/**
 * The half-open range of instants that make up a day in a zone: 23 or 25 hours long where clocks change, and
 * empty for a day that a zone left out (Apia has no 2011-12-30).
 */
export function dayBounds(day: string, zone: string): { start: Date; end: Date } {
  const cache = zoneCache(zone);
  const number = dayNumber(day);
  return { start: startOfDay(cache, number), end: startOfDay(cache, number + 1) };
}

/** The first instant whose local day is `number` or later; local days never run backwards, clocks do. */
function startOfDay(cache: ZoneCache, number: number): Date {
  const midnight = number * msPerDay;
  let before = midnight - msPerDay;
  let after = midnight + msPerDay;
  const offset = offsetAt(cache, before);
  if (offset === offsetAt(cache, midnight) && offset === offsetAt(cache, after)) {
    return new Date(midnight - offset);
  }
  // A change nearby: midnight may be missing or come twice, so look for the day's first instant itself.
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (localDayNumber(cache, middle) >= number) after = middle;
    else before = middle;
  }
  return new Date(after);
}

/** The day `n` days later, earlier where `n` is negative. */
export function addDays(day: string, n: number): string {
  return formatDay(dayNumber(day) + n);
}

/** The same day of the month `n` months later; the month's last one where it has none of that number. */
export function addMonths(day: string, n: number): string {
  const first = new Date(dayNumber(day) * msPerDay);
  const year = first.getUTCFullYear();
  const month = first.getUTCMonth() + n;
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return formatDay(Date.UTC(year, month, Math.min(first.getUTCDate(), last)) / msPerDay);
}

/** Days from `a` to `b`; negative where `b` is earlier. */
export function daysBetween(a: string, b: string): number {
  return dayNumber(b) - dayNumber(a);
}

/** Every day of the half-open range; empty where `to` is not after `from`. */
export function eachDay(from: string, to: string): string[] {
  const first = dayNumber(from);
  const count = Math.max(0, dayNumber(to) - first);
  return Array.from({ length: count }, (_, index) => formatDay(first + index));
}

/** ISO weekday of a day: 1 is Monday, 7 is Sunday. */
export function weekdayOf(day: string): number {
  // 1970-01-01 was a Thursday.
  return ((((dayNumber(day) + 3) % 7) + 7) % 7) + 1;
}
