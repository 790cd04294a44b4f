/** Everything that the page of a release shows, and its downloads hold: read once, from the same figures. */
import { addDays, dayBounds } from '../../../analytics/calendar.js';
import { readComparedSeries, type ComparedSeries } from '../../../services/compared-series.js';
import { readReleaseEvents, type ReleaseEvents } from '../../../services/release-events.js';
import {
  readReleaseSeries,
  rememberedMetrics,
  type ReleaseSeries,
} from '../../../services/release-series.js';
import type { SeriesPoint } from '../../../services/series-points.js';
import { bucketStart } from '../../../services/series-buckets.js';
import { readReleaseReach, type ReleaseReach } from '../../../store/release-series.js';
import { showRelease, type Release, type ReleaseContent } from '../../../store/releases.js';
import type { ScopedServices } from '../../dependencies.js';
import { readFilter, type Filter, type FilterQuery, type ReadFilter } from '../filter.js';

export const views = ['daily', 'cumulative'] as const;
export type View = (typeof views)[number];

export interface ReleaseView {
  release: Release & { contents: ReleaseContent[] };
  reach: ReleaseReach;
  read: ReadFilter;
  metric: string;
  view: View;
  series: ReleaseSeries;
  compared: ComparedSeries[];
  happened: ReleaseEvents;
  /** The instants between which it is drawn. */
  frame: [Date, Date];
}

/** @throws StoreError `notFound` */
export async function readReleaseView(
  { pool, cache }: ScopedServices,
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
  const { from, to, interval, zone } = filter;
  const asked = { release_id: releaseId, metric, platforms, from, to, interval, zone };
  const contentIds = release.contents.map(({ id }) => id);
  const selection = { releaseId, metric, platforms: platforms ?? null, contentIds };
  const [series, happened] = await Promise.all([
    readReleaseSeries(pool, asked, rememberedMetrics(pool, cache)),
    readReleaseEvents(pool, selection, filter),
  ]);
  const { compare, align } = filter;
  const compared =
    compare === 'none' ? [] : await readComparedSeries(pool, series, { compare, align, platforms });
  return {
    ...{ release, reach, read, metric, view, series, happened },
    compared: compared.filter(({ points }) => points.length > 0),
    frame: frameOf(filter, now),
  };
}

/** From the start of the first day, week or month to that of the last day; of hours to the last one that was. */
function frameOf({ from, to, interval, zone }: Filter, now: Date): [Date, Date] {
  if (interval !== 'hour') return [new Date(bucketStart(from, interval)), new Date(addDays(to, -1))];
  const start = dayBounds(from, zone).start;
  const end = dayBounds(to, zone).start;
  return [start, now > start && now < end ? now : end];
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
