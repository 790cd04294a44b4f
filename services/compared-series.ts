/** What a release's series is set beside: an earlier period, or what is typical at the same age. */
import type { Pool } from 'pg';
import { addDays, daysBetween } from '../analytics/calendar.js';
import type { Platform } from '../contracts/vocabulary.js';
import { showRelease } from '../store/releases.js';
import { readTypicalDays } from '../store/typical-release.js';
import { readReleaseSeries, type ReleaseSeries, type SeriesPoint } from './release-series.js';

export const seriesComparisons = ['previous', 'year', 'typical'] as const;
export type SeriesComparison = (typeof seriesComparisons)[number];
/** `weekday` puts Mondays beside Mondays, `date` the same dates beside each other. */
export const alignments = ['weekday', 'date'] as const;
export type Alignment = (typeof alignments)[number];

/** A series on the days of the one that it is compared with. */
export interface ComparedSeries {
  platform: Platform;
  points: SeriesPoint[];
  /** How many releases a typical course was taken from; null for a period. */
  releases: number | null;
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
  { compare, align }: { compare: SeriesComparison; align: Alignment },
): Promise<ComparedSeries[]> {
  const { release_id, metric, interval, zone, from, to } = series;
  if (interval === 'hour') return [];
  if (compare === 'typical') return interval === 'day' ? typicalCourses(pool, series) : [];
  const earlier = comparedDays({ from, to }, compare, align);
  const platforms = series.series.map(({ platform }) => platform);
  const former = await readReleaseSeries(pool, {
    ...{ release_id, metric, interval, zone, ...earlier },
    platforms: platforms.length === 0 ? undefined : platforms,
  });
  const days = daysBetween(earlier.from, from);
  return former.series.map(({ platform, points }) => ({
    platform,
    releases: null,
    points: points.map((point) => ({ ...point, t: addDays(point.t, days) })),
  }));
}

/** The half-open range of days that a range is compared with. */
export function comparedDays(
  { from, to }: { from: string; to: string },
  compare: 'previous' | 'year',
  align: Alignment,
): { from: string; to: string } {
  const days = daysBetween(from, to);
  const shifted = (back: number): { from: string; to: string } => ({
    from: addDays(from, -back),
    to: addDays(to, -back),
  });
  if (compare === 'previous') return shifted(align === 'weekday' ? Math.ceil(days / 7) * 7 : days);
  if (align === 'weekday') return shifted(daysOfYear);
  const start = yearBefore(from);
  return { from: start, to: addDays(start, days) };
}

function yearBefore(day: string): string {
  const same = `${String(Number(day.slice(0, 4)) - 1).padStart(4, '0')}${day.slice(4)}`;
  return same.endsWith('02-29') ? `${same.slice(0, 4)}-02-28` : same;
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
