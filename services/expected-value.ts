/** The band in which a value about to be entered is expected. */
import { addDays, dayOf } from '../analytics/calendar.js';
import { median, scaledMad } from '../analytics/summary.js';
import {
  finalDaysOf,
  forecastOf,
  instantsOf,
  type KnownInstant,
  type MetricTraits,
} from '../store/entry-context.js';
import type { Queryable } from '../store/queryable.js';

export interface ExpectedBand {
  low: number;
  high: number;
  /** The forecast's 95 % interval of the day, or the spread of the last 28 days. */
  basis: 'forecast' | 'recent_days';
  /** Values that the spread is of; null for a forecast. */
  points: number | null;
}

export interface EntrySubject {
  content: { id: number; content_id: string };
  metric: string;
  /** Null for a metric that was never described. */
  kind: MetricTraits['kind'] | null;
  at: Date;
}

const recentDays = 28;
const leastPoints = 7;
/** Of a normal spread's values 1 in 2,000 lies further out. */
const deviations = 3.5;
/** A series that hardly moves would call every other value odd. */
const leastSpreadShare = 0.05;
const dayMs = 86_400_000;

/**
 * A counter's band is its last value and, for each day since, what a day is expected to add; any other value's
 * is that of a day. Null where there is neither a forecast nor a week of values.
 * @param previous the last value before the instant
 * @throws StoreError
 */
export async function expectedBand(
  db: Queryable,
  subject: EntrySubject,
  previous: KnownInstant | null,
): Promise<ExpectedBand | null> {
  const daily = await dailyBand(db, subject);
  if (daily === null || subject.kind !== 'counter') return daily;
  if (previous === null) return null;
  const days = Math.max(1, (subject.at.getTime() - previous.recorded_at.getTime()) / dayMs);
  return {
    ...daily,
    low: previous.metric_value + Math.max(0, daily.low) * Math.floor(days),
    high: previous.metric_value + Math.max(0, daily.high) * days,
  };
}

async function dailyBand(db: Queryable, { content, metric, at }: EntrySubject): Promise<ExpectedBand | null> {
  const day = dayOf(at, 'UTC');
  const forecast = await forecastOf(db, content.id, metric, day);
  if (forecast !== null)
    return { low: forecast.lower_95, high: forecast.upper_95, basis: 'forecast', points: null };
  const days = await finalDaysOf(db, content.id, metric, addDays(day, -recentDays), day);
  const values = days.length > 0 ? days : await recentInstants(db, content.content_id, metric, at);
  if (values.length < leastPoints) return null;
  const series = Float64Array.from(values);
  const centre = median(series);
  const spread = Math.max(scaledMad(series, centre), Math.abs(centre) * leastSpreadShare);
  return {
    low: centre - deviations * spread,
    high: centre + deviations * spread,
    basis: 'recent_days',
    points: values.length,
  };
}

/** Metrics without days of their own: gauges that people tell. */
async function recentInstants(
  db: Queryable,
  contentKey: string,
  metric: string,
  at: Date,
): Promise<number[]> {
  const from = new Date(at.getTime() - recentDays * dayMs);
  return (await instantsOf(db, contentKey, metric, from, at)).map(({ metric_value }) => metric_value);
}
