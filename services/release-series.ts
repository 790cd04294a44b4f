/** A release's figures over time as a chart and a program read them, with what happened meanwhile. */
import type { Pool } from 'pg';
import { dayBounds, daysBetween } from '../analytics/calendar.js';
import type { Platform } from '../contracts/vocabulary.js';
import {
  describeMetric,
  type MetricDescription,
  readReleaseDays,
  readReleaseInstants,
  readToldDays,
} from '../store/release-series.js';
import { BadInputError } from './bad-input.js';
import type { ResultCache } from './result-cache.js';
import type { SeriesInterval } from './series-buckets.js';
import { daily, hourly, summed, totalOf, type SeriesPoint } from './series-points.js';
import { thinned } from './thin-points.js';

export interface SeriesQuery {
  release_id: number;
  metric: string;
  /** None given means every platform. */
  platforms?: readonly Platform[] | undefined;
  /** Half-open range of ISO days; of instants they are the days of `zone`. */
  from: string;
  to: string;
  interval?: SeriesInterval | undefined;
  /** IANA zone that hours are told in; days stay those of the platform's own report. */
  zone?: string | undefined;
}

export interface PlatformSeries {
  platform: Platform;
  points: SeriesPoint[];
  /** Sum of what was told, or the last value where values do not add up; null where nothing was. */
  total: number | null;
}

/** What is to be known of a metric to tell it over time. */
export type MetricSense = Pick<MetricDescription, 'kind' | 'unit' | 'addsUp'>;

export interface ReleaseSeries {
  release_id: number;
  metric: string;
  kind: 'counter' | 'increment' | 'gauge' | 'ratio' | 'unknown';
  unit: string | null;
  adds_up: 'sum' | 'last' | 'mean';
  from: string;
  to: string;
  interval: SeriesInterval;
  zone: string;
  series: PlatformSeries[];
  /** The same over all platforms; empty where values do not add up. */
  all_platforms: SeriesPoint[];
}

/** Tells metrics as kept since the last change: nearly every series is of the same few. */
export function rememberedMetrics(
  pool: Pool,
  cache: Pick<ResultCache, 'remember'>,
): (metric: string) => Promise<MetricSense | null> {
  return (metric) => cache.remember(`metric ${metric}`, () => describeMetric(pool, metric));
}

/** More points than a chart has columns; beyond, the lowest and highest of each stretch are kept. */
export const mostPoints = 1_000;
const longestDays = 20_000;

/**
 * A release that does not exist has no series. `describe` tells a metric where that is known already.
 * @throws BadInputError for a range that is none, or an interval that the range is too long for; StoreError
 */
export async function readReleaseSeries(
  pool: Pool,
  query: SeriesQuery,
  describe: (metric: string) => Promise<MetricSense | null> = (name) => describeMetric(pool, name),
): Promise<ReleaseSeries> {
  const { release_id: releaseId, metric, from, to, interval = 'day', zone = 'UTC' } = query;
  const length = daysBetween(from, to);
  if (length <= 0)
    throw new BadInputError(`The range from ${from} to ${to} holds no day: “to” is exclusive.`);
  if (length > longestDays)
    throw new BadInputError(`The range holds ${length} days; ${longestDays} at most.`);
  if (interval === 'hour' && length > 31)
    throw new BadInputError(`By the hour a range holds 31 days at most, not ${length}.`);
  const selection = { releaseId, metric, platforms: query.platforms ?? null };
  const [described, days] = await Promise.all([
    describe(metric),
    interval === 'hour' ? [] : readReleaseDays(pool, selection, { from, to }),
  ]);
  const told =
    interval === 'hour' || days.length > 0 ? [] : await readToldDays(pool, selection, { from, to });
  const addsUp = described?.addsUp ?? (told.length > 0 ? 'last' : 'sum');
  const byPlatform =
    interval === 'hour'
      ? hourly(
          await readReleaseInstants(pool, selection, {
            start: dayBounds(from, zone).start,
            end: dayBounds(to, zone).start,
          }),
          zone,
        )
      : daily(days.length > 0 ? days : told, { from, to, interval, addsUp });
  const series = [...byPlatform].map(([platform, points]) => ({
    platform,
    points: thinned(points, mostPoints),
    total: totalOf(points, addsUp),
  }));
  return {
    release_id: releaseId,
    metric,
    kind: described?.kind ?? 'unknown',
    unit: described?.unit ?? null,
    adds_up: addsUp,
    from,
    to,
    interval,
    zone,
    series,
    all_platforms: addsUp === 'sum' ? thinned(summed([...byPlatform.values()]), mostPoints) : [],
  };
}
