/** What a release's series is set beside: an earlier period, or what is typical at the same age. */
import type { Pool } from 'pg';
import { addDays, addMonths, daysBetween } from '../analytics/calendar.js';
import type { Platform } from '../contracts/vocabulary.js';
import { showRelease } from '../store/releases.js';
import { readTypicalDays } from '../store/typical-release.js';
import { readReleaseSeries, type MetricSense, type ReleaseSeries } from './release-series.js';
import type { SeriesPoint } from './series-points.js';

export const seriesComparisons = ['previous', 'year', 'typical'] as const;
export type SeriesComparison = (typeof seriesComparisons)[number];
/** `weekday` puts Mondays beside Mondays, `date` the same dates beside each other. */
export const alignments = ['weekday', 'date'] as const;
export type Alignment = (typeof alignments)[number];

/** A series on the days, weeks or months of the one that it is compared with. */
export interface ComparedSeries {
  platform: Platform;
  points: SeriesPoint[];
  /** How many releases a typical course was taken from, 0 for too few of them; null for a period. */
  releases: number | null;
}

export interface Comparing {
  compare: SeriesComparison;
  align: Alignment;
  /** What the series was asked for; where it holds none of them, they are compared all the same. */
  platforms?: readonly Platform[] | undefined;
}

/** Fewer releases have no typical course. */
const fewestPeers = 5;
const daysOfYear = 364;

/**
 * By the hour there is no comparison, and a typical course is told by the day alone; both are empty.
 * @throws StoreError `notFound` for the release
 */
export async function readComparedSeries(
  pool: Pool,
  series: ReleaseSeries,
  { compare, align, platforms: asked }: Comparing,
): Promise<ComparedSeries[]> {
  const { release_id, metric, interval, zone } = series;
  if (interval === 'hour') return [];
  if (compare === 'typical') return interval === 'day' ? typicalCourses(pool, series) : [];
  const earlier = earlierRange(series, interval, compare, align);
  const told = series.series.map(({ platform }) => platform);
  const former = await readReleaseSeries(
    pool,
    {
      ...{ release_id, metric, interval, zone, from: earlier.from, to: earlier.to },
      platforms: told.length === 0 ? asked : told,
    },
    () => Promise.resolve(senseOf(series)),
  );
  return former.series.map(({ platform, points }) => ({
    platform,
    releases: null,
    points: points.map((point) => ({ ...point, t: earlier.forward(point.t) })),
  }));
}

function senseOf({ kind, unit, adds_up: addsUp }: ReleaseSeries): MetricSense | null {
  return kind === 'unknown' ? null : { kind, unit: unit ?? '', addsUp };
}

interface EarlierRange {
  /** Half-open range of ISO days. */
  from: string;
  to: string;
  /** From the start of one of its days, weeks or months to that of the one it stands beside. */
  forward: (day: string) => string;
}

/**
 * Weeks are compared with whole weeks and months with whole months, however days are lined up: neither has a
 * part of another beside it.
 */
function earlierRange(
  { from, to }: { from: string; to: string },
  interval: 'day' | 'week' | 'month',
  compare: 'previous' | 'year',
  align: Alignment,
): EarlierRange {
  if (interval === 'month') {
    let months = 12;
    if (compare === 'previous') for (months = 1; addMonths(from, months) < to;) months += 1;
    const back = addMonths(from, -months);
    const end = addMonths(to, -months);
    return {
      from: back,
      // The 30th and the 31st of a month may both have fallen on the last day of a shorter one.
      to: end > back ? end : addDays(back, 1),
      forward: (day) => addMonths(day, months),
    };
  }
  const earlier = comparedDays({ from, to }, compare, interval === 'week' ? 'weekday' : align);
  const days = daysBetween(earlier.from, from);
  return { ...earlier, forward: (day) => addDays(day, days) };
}

/** The half-open range of days that a range is compared with, day by day. */
export function comparedDays(
  { from, to }: { from: string; to: string },
  compare: 'previous' | 'year',
  align: Alignment,
): { from: string; to: string } {
  const days = daysBetween(from, to);
  const back =
    compare === 'previous'
      ? // Whole weeks, so that weekends stand under weekends.
        align === 'weekday'
        ? Math.ceil(days / 7) * 7
        : days
      : align === 'weekday'
        ? daysOfYear
        : daysBetween(addMonths(from, -12), from);
  return { from: addDays(from, -back), to: addDays(to, -back) };
}

/** The median day by day of age over the artist's other releases of the format, a query a platform. */
async function typicalCourses(pool: Pool, series: ReleaseSeries): Promise<ComparedSeries[]> {
  const release = await showRelease(pool, series.release_id);
  const courses = await Promise.all(
    series.series.map(async ({ platform }): Promise<ComparedSeries | null> => {
      const content = release.contents.find((one) => one.platform === platform);
      const published = content?.publishedAt?.toISOString().slice(0, 10) ?? release.releasedOn;
      if (published === null) return null;
      const days = await readTypicalDays(pool, {
        releaseId: series.release_id,
        platform,
        metric: series.metric,
        fromAge: Math.max(0, daysBetween(published, series.from)),
        toAge: daysBetween(published, series.to),
        fewest: fewestPeers,
      });
      return {
        platform,
        releases: days.length === 0 ? 0 : Math.max(...days.map(({ releases }) => releases)),
        points: days.map(({ age, median }) => ({
          ...{ t: addDays(published, age), value: median, close: null, complete: true },
        })),
      };
    }),
  );
  return courses.filter((course) => course !== null);
}
