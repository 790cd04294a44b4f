import type { FastifyInstance, FastifyRequest } from 'fastify';
import { dayNumber, dayText, isDay } from './calendar.js';
import { authorise, charge } from './google-access.js';
import { googleError, type PlatformError } from './platform-error.js';
import { listParameter, numberParameter, textParameter } from './query.js';
import type { QuotaMeter } from './quota.js';
import type { AnalyticsSums, World } from './world.js';

type Sums = AnalyticsSums & { secondsAvailable: number };
type Cell = string | number;

/** How each metric follows from a group's sums. Times are minutes, durations seconds, percentages 0..100 and over. */
const metricValues: Readonly<Record<string, { type: 'INTEGER' | 'FLOAT'; of: (sums: Sums) => number }>> = {
  views: { type: 'INTEGER', of: (sums) => sums.views },
  engagedViews: { type: 'INTEGER', of: (sums) => sums.engagedViews },
  likes: { type: 'INTEGER', of: (sums) => sums.likes },
  comments: { type: 'INTEGER', of: (sums) => sums.comments },
  shares: { type: 'INTEGER', of: (sums) => sums.shares },
  estimatedMinutesWatched: { type: 'INTEGER', of: (sums) => Math.round(sums.minutesWatched) },
  averageViewDuration: {
    type: 'INTEGER',
    of: (sums) => ratio(sums.minutesWatched * 60, sums.engagedViews, 1),
  },
  averageViewPercentage: {
    type: 'FLOAT',
    of: (sums) => ratio(sums.minutesWatched * 6000, sums.secondsAvailable, 100),
  },
  subscribersGained: { type: 'INTEGER', of: (sums) => sums.subscribersGained },
  subscribersLost: { type: 'INTEGER', of: (sums) => sums.subscribersLost },
};

function ratio(numerator: number, denominator: number, precision: number): number {
  return denominator === 0 ? 0 : Math.round((numerator / denominator) * precision) / precision;
}

interface Report {
  channelId: string;
  firstDay: number;
  lastDay: number;
  metrics: string[];
  dimensions: string[];
  /** Null: every video of the channel. */
  videos: string[] | null;
  sort: { column: string; descending: boolean }[];
  maxResults: number;
  startIndex: number;
}

/**
 * YouTube Analytics v2 `reports.query` for channel reports: totals, by `day`, by `video` (top videos, which
 * needs a descending sort and at most 200 rows), and by day and video for named videos only.
 */
export function registerYouTubeAnalytics(
  app: FastifyInstance,
  api: { world: World; meter: QuotaMeter; clock: () => Date },
): void {
  app.get('/google/v2/reports', (request) => {
    const access = authorise(request, api.clock);
    charge(request, api.meter, access.project, 'analytics', 1);
    const own = api.world.youtube.ownChannelId;
    const report = readReport(request, own);
    if (!access.owner || own === null || report.channelId !== own) {
      throw googleError(403, { reason: 'forbidden', message: 'Forbidden' });
    }
    const rows = rowsOf(report, api.world, request.moment);
    return {
      kind: 'youtubeAnalytics#resultTable',
      columnHeaders: [
        ...report.dimensions.map((name) => ({ name, columnType: 'DIMENSION', dataType: 'STRING' })),
        ...report.metrics.map((name) => ({ name, columnType: 'METRIC', dataType: metricValues[name]!.type })),
      ],
      ...(rows.length === 0 ? {} : { rows }),
    };
  });
}

function badRequest(message: string): PlatformError {
  return googleError(400, { reason: 'badRequest', message });
}

function notSupported(): PlatformError {
  return badRequest(
    'The query is not supported. Check the documentation at ' +
      'https://developers.google.com/youtube/analytics/v2/available_reports for a list of supported queries.',
  );
}

function required(request: FastifyRequest, name: string): string {
  const value = textParameter(request, name);
  if (value === null || value === '')
    throw googleError(400, { reason: 'required', message: 'Required', location: name });
  return value;
}

function dayParameter(request: FastifyRequest, name: string): number {
  const text = required(request, name);
  if (!isDay(text))
    throw googleError(400, { reason: 'invalid', message: `Invalid value: ${text}`, location: name });
  return dayNumber(text);
}

function readReport(request: FastifyRequest, ownChannelId: string | null): Report {
  const channel = /^channel==([\w-]+)$/.exec(required(request, 'ids'))?.[1];
  if (channel === undefined) {
    throw googleError(400, { reason: 'invalid', message: 'Invalid value for ids', location: 'ids' });
  }
  required(request, 'metrics');
  const metrics = listParameter(request, 'metrics');
  const dimensions = listParameter(request, 'dimensions');
  const firstDay = dayParameter(request, 'startDate');
  const lastDay = dayParameter(request, 'endDate');
  if (lastDay < firstDay) throw badRequest('Invalid date range: endDate is before startDate.');
  const unknown = metrics.find((name) => metricValues[name] === undefined);
  if (unknown !== undefined) {
    throw badRequest(`Unknown identifier (${unknown}) given in field parameters.metrics.`);
  }
  const videos = videoFilter(request);
  const sort = listParameter(request, 'sort').map((name) => ({
    column: name.replace(/^-/, ''),
    descending: name.startsWith('-'),
  }));
  const columns = [...dimensions, ...metrics];
  if (new Set(columns).size < columns.length || sort.some(({ column }) => !columns.includes(column))) {
    throw notSupported();
  }
  const maxResults = numberParameter(request, 'maxResults');
  checkCombination(dimensions, metrics, videos, sort, maxResults);
  const startIndex = numberParameter(request, 'startIndex') ?? 1;
  if (!(startIndex >= 1) || (maxResults !== null && !(maxResults >= 1)))
    throw badRequest('Invalid paging parameters.');
  return {
    channelId: channel === 'MINE' ? (ownChannelId ?? channel) : channel,
    firstDay,
    lastDay,
    metrics,
    dimensions,
    videos,
    sort,
    maxResults: maxResults ?? Number.POSITIVE_INFINITY,
    startIndex,
  };
}

function videoFilter(request: FastifyRequest): string[] | null {
  const filters = (textParameter(request, 'filters') ?? '').split(';').filter((part) => part !== '');
  if (filters.length === 0) return null;
  const ids = /^video==(.+)$/.exec(filters[0] ?? '')?.[1]?.split(',');
  if (filters.length > 1 || ids === undefined || ids.length > 500) throw notSupported();
  return [...new Set(ids)];
}

function checkCombination(
  dimensions: readonly string[],
  metrics: readonly string[],
  videos: readonly string[] | null,
  sort: Report['sort'],
  maxResults: number | null,
): void {
  switch ([...dimensions].sort().join(',')) {
    case '':
    case 'day':
      return;
    case 'day,video':
      // Undocumented and answered all the same, as long as the videos are named.
      if (videos === null) throw notSupported();
      return;
    case 'video':
      if (maxResults === null || !(maxResults <= 200)) throw notSupported();
      if (sort.length === 0 || sort.some((key) => !key.descending || !metrics.includes(key.column))) {
        throw notSupported();
      }
      return;
    default:
      throw notSupported();
  }
}

function rowsOf(report: Report, world: World, at: Date): Cell[][] {
  const groups = new Map<string, { cells: Cell[]; sums: Sums }>();
  const videos = (report.videos ?? world.youtube.uploads(report.channelId, at)).flatMap((id) => {
    const video = world.youtube.video(id, at);
    return video?.channelId === report.channelId ? [video] : [];
  });
  for (const video of videos) {
    for (let day = report.firstDay; day <= report.lastDay; day += 1) {
      const sums = world.youtube.analytics(video.id, day, at);
      if (sums === null) continue;
      const cells = report.dimensions.map((name) => (name === 'day' ? dayText(day) : video.id));
      const key = cells.join(' ');
      const group = groups.get(key) ?? { cells, sums: noSums() };
      groups.set(key, group);
      add(group.sums, sums, video.durationSeconds ?? 0);
    }
  }
  const columns = [...report.dimensions, ...report.metrics];
  const rows = [...groups.values()].map(({ cells, sums }) => [
    ...cells,
    ...report.metrics.map((name) => metricValues[name]!.of(sums)),
  ]);
  // By dimensions when no order is asked for.
  const order =
    report.sort.length > 0 ? report.sort : report.dimensions.map((column) => ({ column, descending: false }));
  rows.sort((a, b) => {
    for (const { column, descending } of order) {
      const index = columns.indexOf(column);
      const difference = compare(a[index]!, b[index]!);
      if (difference !== 0) return descending ? -difference : difference;
    }
    return 0;
  });
  return rows.slice(report.startIndex - 1, report.startIndex - 1 + report.maxResults);
}

function compare(a: Cell, b: Cell): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function noSums(): Sums {
  return {
    views: 0,
    engagedViews: 0,
    likes: 0,
    comments: 0,
    shares: 0,
    minutesWatched: 0,
    subscribersGained: 0,
    subscribersLost: 0,
    secondsAvailable: 0,
  };
}

function add(total: Sums, sums: AnalyticsSums, durationSeconds: number): void {
  total.views += sums.views;
  total.engagedViews += sums.engagedViews;
  total.likes += sums.likes;
  total.comments += sums.comments;
  total.shares += sums.shares;
  total.minutesWatched += sums.minutesWatched;
  total.subscribersGained += sums.subscribersGained;
  total.subscribersLost += sums.subscribersLost;
  total.secondsAvailable += sums.engagedViews * durationSeconds;
}
