/** Everything that the page of a release shows, and its downloads hold: read once, from the same figures. */
import { addDays, daysBetween } from '../../analytics/calendar.js';
import type { Platform } from '../../contracts/vocabulary.js';
import { readReleaseEvents, type ReleaseEvents } from '../../services/release-events.js';
import { readReleaseSeries, type ReleaseSeries, type SeriesPoint } from '../../services/release-series.js';
import { readReleaseReach, type ReleaseReach } from '../../store/release-series.js';
import { showRelease, type Release, type ReleaseContent } from '../../store/releases.js';
import { readTypicalDays } from '../../store/typical-release.js';
import type { ScopedServices } from '../dependencies.js';
import { comparedDays, readFilter, type FilterQuery, type ReadFilter } from './filter.js';

export const views = ['daily', 'cumulative'] as const;
export type View = (typeof views)[number];

/** A series to compare with, on the days of the one that is shown. */
export interface ComparedSeries {
  platform: Platform;
  points: SeriesPoint[];
  /** How many releases a typical course was taken from; null for a period. */
  releases: number | null;
}

export interface ReleaseView {
  release: Release & { contents: ReleaseContent[] };
  reach: ReleaseReach;
  read: ReadFilter;
  metric: string;
  view: View;
  series: ReleaseSeries;
  compared: ComparedSeries[];
  happened: ReleaseEvents;
}

/** Fewer releases have no typical course. */
const fewestPeers = 5;

/** @throws StoreError `notFound` */
export async function readReleaseView(
  { pool }: ScopedServices,
  now: Date,
  releaseId: number,
  query: FilterQuery,
): Promise<ReleaseView> {
  const [release, reach] = await Promise.all([
    showRelease(pool, releaseId),
    readReleaseReach(pool, releaseId),
  ]);
  const read = readFilter(query, { now, firstDay: reach.firstDay, defaultRange: '90d' });
  const { filter } = read;
  const told = typeof query['metric'] === 'string' ? query['metric'] : '';
  const metric = told !== '' ? told : (reach.metrics[0] ?? 'views');
  const view = query['view'] === 'cumulative' ? 'cumulative' : 'daily';
  const platforms = filter.platform === null ? undefined : [filter.platform];
  const { interval, zone } = filter;
  const asked = { release_id: releaseId, metric, platforms, interval, zone };
  const compared = comparedDays(filter);
  const contentIds = release.contents.map(({ id }) => id);
  const selection = { releaseId, metric, platforms: platforms ?? null, contentIds };
  const [series, former, happened] = await Promise.all([
    readReleaseSeries(pool, { ...asked, from: filter.from, to: filter.to }),
    compared === null || interval === 'hour' ? null : readReleaseSeries(pool, { ...asked, ...compared }),
    readReleaseEvents(pool, selection, filter),
  ]);
  const comparison =
    former === null
      ? filter.compare === 'typical' && interval === 'day'
        ? await typicalCourses({ pool }, release, series)
        : []
      : shiftedSeries(former, series);
  return { release, reach, read, metric, view, series, compared: comparison, happened };
}

function shiftedSeries(former: ReleaseSeries, shown: ReleaseSeries): ComparedSeries[] {
  const days = daysBetween(former.from, shown.from);
  return former.series.map(({ platform, points }) => ({
    platform,
    releases: null,
    points: points.map((point) => ({ ...point, t: addDays(point.t, days) })),
  }));
}

async function typicalCourses(
  { pool }: Pick<ScopedServices, 'pool'>,
  release: ReleaseView['release'],
  series: ReleaseSeries,
): Promise<ComparedSeries[]> {
  const courses: ComparedSeries[] = [];
  for (const { platform } of series.series) {
    const content = release.contents.find((one) => one.platform === platform);
    const published = content?.publishedAt?.toISOString().slice(0, 10) ?? release.releasedOn;
    if (published === null) continue;
    const fromAge = Math.max(0, daysBetween(published, series.from));
    const toAge = daysBetween(published, series.to);
    const days = await readTypicalDays(pool, {
      releaseId: release.id,
      platform,
      metric: series.metric,
      fromAge,
      toAge,
      fewest: fewestPeers,
    });
    if (days.length === 0) continue;
    courses.push({
      platform,
      releases: Math.max(...days.map(({ releases }) => releases)),
      points: days.map(({ age, median }) => ({
        t: addDays(published, age),
        value: median,
        close: null,
        complete: true,
      })),
    });
  }
  return courses;
}

/** The values as the view tells them: what a day brought, or everything up to it. A gap stays a gap. */
export function viewedPoints(points: readonly SeriesPoint[], view: View): SeriesPoint[] {
  if (view === 'daily') return [...points];
  let sum = 0;
  return points.map((point) => {
    sum += point.value ?? 0;
    return { ...point, value: point.close ?? (point.value === null ? null : sum) };
  });
}
