/** From rows as they are stored to the points of a series: hours, days, weeks and months, gaps included. */
import { addDays, eachDay, hourStart } from '../analytics/calendar.js';
import type { Platform } from '../contracts/vocabulary.js';
import type { ReleaseDay } from '../store/release-series.js';
import { bucketStart, type SeriesInterval } from './series-buckets.js';

export interface SeriesPoint {
  /** ISO day, or an RFC 3339 instant by the hour. */
  t: string;
  /** What was gained, or of gauges and ratios the value itself; null is a gap. */
  value: number | null;
  /** Of counters, the total at the point's end; null where not told. */
  close: number | null;
  /** False while the platform may still change it, or while its time is not over. */
  complete: boolean;
}

/** The half-open range of ISO days, and how its days are put together. */
interface Folding {
  from: string;
  to: string;
  interval: SeriesInterval;
  addsUp: 'sum' | 'last' | 'mean';
}

interface Bucket {
  sum: number;
  last: number | null;
  told: number;
  closes: Map<number, number>;
  complete: boolean;
}

/** Every bucket of the platform's own reach, gaps included: from its first day told to its last. */
export function daily(rows: readonly ReleaseDay[], folding: Folding): Map<Platform, SeriesPoint[]> {
  const result = new Map<Platform, SeriesPoint[]>();
  for (const [platform, own] of groupBy(rows, ({ platform }) => platform as Platform)) {
    const buckets = new Map<string, Bucket>();
    let first = own[0]!.day;
    let last = first;
    for (const row of own) {
      if (row.day < first) first = row.day;
      if (row.day > last) last = row.day;
      const key = bucketStart(row.day, folding.interval);
      const bucket = buckets.get(key) ?? {
        sum: 0,
        last: null,
        told: 0,
        closes: new Map<number, number>(),
        complete: true,
      };
      buckets.set(key, bucket);
      if (row.value !== null) {
        bucket.sum += row.value;
        bucket.last = row.value;
        bucket.told += 1;
      }
      if (row.close !== null) bucket.closes.set(row.contentId, row.close);
      bucket.complete &&= row.final;
    }
    const points = bucketsOf(first, last, folding.interval).map((bucket) =>
      pointOf(bucket, buckets.get(bucket.day), folding),
    );
    result.set(platform, points);
  }
  return result;
}

interface BucketDays {
  /** Its first day, and that of the one after it. */
  day: string;
  next: string;
}

function bucketsOf(first: string, last: string, interval: SeriesInterval): BucketDays[] {
  // Most series are by the day, and stepping from day to day by its name takes four times as long.
  if (interval === 'day' || interval === 'hour') {
    const days = eachDay(first, addDays(last, 2));
    return days.slice(0, -1).map((day, index) => ({ day, next: days[index + 1]! }));
  }
  const found: BucketDays[] = [];
  for (let day = bucketStart(first, interval); day <= last;) {
    const next = nextBucket(day, interval);
    found.push({ day, next });
    day = next;
  }
  return found;
}

function pointOf(
  { day, next }: BucketDays,
  bucket: Bucket | undefined,
  { from, to, addsUp }: Folding,
): SeriesPoint {
  if (bucket === undefined) return { t: day, value: null, close: null, complete: false };
  const value =
    bucket.told === 0
      ? null
      : addsUp === 'sum'
        ? bucket.sum
        : addsUp === 'last'
          ? bucket.last
          : bucket.sum / bucket.told;
  // A week or month that the range cuts is not told whole.
  const whole = day >= from && next <= to;
  return {
    t: day,
    value,
    close:
      bucket.closes.size === 0 ? null : [...bucket.closes.values()].reduce((sum, close) => sum + close, 0),
    complete: bucket.complete && whole,
  };
}

/** Totals as told at instants, by the zone's hours: the last one of each hour counts. */
export function hourly(
  rows: readonly { contentId: number; platform: string; at: Date; value: number }[],
  zone: string,
): Map<Platform, SeriesPoint[]> {
  const result = new Map<Platform, SeriesPoint[]>();
  for (const [platform, own] of groupBy(rows, (row) => row.platform as Platform)) {
    const hours = new Map<string, Map<number, number>>();
    for (const { contentId, at, value } of own) {
      const hour = hourStart(at, zone).toISOString();
      const told = hours.get(hour) ?? new Map<number, number>();
      hours.set(hour, told.set(contentId, value));
    }
    const points = [...hours]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([t, told]) => {
        const close = [...told.values()].reduce((sum, value) => sum + value, 0);
        return { t, value: close, close, complete: true };
      });
    result.set(platform, points);
  }
  return result;
}

/** Over all platforms, point by point. */
export function summed(series: readonly (readonly SeriesPoint[])[]): SeriesPoint[] {
  if (series.length === 1) return series[0]!.map((point) => ({ ...point }));
  const byTime = new Map<string, SeriesPoint>();
  for (const points of series)
    for (const { t, value, close, complete } of points) {
      const known = byTime.get(t);
      byTime.set(
        t,
        known === undefined
          ? { t, value, close, complete }
          : {
              t,
              value: added(known.value, value),
              close: added(known.close, close),
              complete: known.complete && complete,
            },
      );
    }
  return [...byTime.values()].sort((a, b) => (a.t < b.t ? -1 : 1));
}

function added(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null ? a : a + b;
}

/** Of what was told, the sum, the last or the mean; null where nothing was. */
export function totalOf(points: readonly SeriesPoint[], addsUp: 'sum' | 'last' | 'mean'): number | null {
  const told = points.flatMap(({ value }) => (value === null ? [] : [value]));
  if (told.length === 0) return null;
  if (addsUp === 'last') return told.at(-1)!;
  const sum = told.reduce((total, value) => total + value, 0);
  return addsUp === 'sum' ? sum : sum / told.length;
}

function nextBucket(day: string, interval: 'week' | 'month'): string {
  return interval === 'week' ? addDays(day, 7) : bucketStart(addDays(day, 32), 'month');
}

function groupBy<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}
