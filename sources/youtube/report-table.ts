import type { DailyRecord, MetricValues } from '../../contracts/records.js';
import { MalformedError } from '../errors.js';
import type { ResultTable } from './schemas.js';

/** Analytics' names → ours; the two watch times are told in minutes, an average duration in seconds. */
const metricNames: Readonly<Record<string, string>> = {
  views: 'views',
  likes: 'likes',
  comments: 'comments',
  shares: 'shares',
  estimatedMinutesWatched: 'watch_time',
  engagedViews: 'engaged_views',
  dislikes: 'dislikes',
  averageViewDuration: 'average_view_duration',
  averageViewPercentage: 'average_view_percentage',
  subscribersGained: 'subscribers_gained',
  subscribersLost: 'subscribers_lost',
};

export interface ReportReading {
  /** The one video that a table without a `video` column speaks of. */
  videoId: string | null;
  sourceVersion: Date;
  isFinal: (day: string) => boolean;
}

/**
 * Days of videos out of a result table, read by its header in whatever order the columns come. Likes of a day
 * may be negative and percentages exceed 100; a null cell was not told.
 * @throws MalformedError where a column is missing or a cell is not what its column says
 */
export function readReport(table: ResultTable, reading: ReportReading, operation: string): DailyRecord[] {
  const columns = table.columnHeaders.map(({ name }) => name);
  const dayColumn = columns.indexOf('day');
  const videoColumn = columns.indexOf('video');
  if (dayColumn === -1 || (videoColumn === -1 && reading.videoId === null)) {
    throw new MalformedError(`${operation}: the table has no column ${dayColumn === -1 ? 'day' : 'video'}`);
  }
  const metrics = columns.flatMap((name, column) => {
    const metric = metricNames[name];
    return metric === undefined ? [] : [{ metric, column }];
  });
  return (table.rows ?? []).map((row) => {
    const day = row[dayColumn];
    const video = videoColumn === -1 ? reading.videoId : row[videoColumn];
    if (typeof day !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(day)) {
      throw new MalformedError(`${operation}: a row without a day`);
    }
    if (typeof video !== 'string') throw new MalformedError(`${operation}: a row without a video`);
    const increments: MetricValues = {};
    for (const { metric, column } of metrics) {
      const value = row[column];
      if (value === null || value === undefined) continue;
      if (typeof value === 'string' && !/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value)) {
        throw new MalformedError(`${operation}: ${metric} is no number`);
      }
      increments[metric] = Number(value);
    }
    return {
      platform: 'youtube',
      externalId: video,
      day,
      increments,
      closes: {},
      sourceVersion: reading.sourceVersion,
      final: reading.isFinal(day),
    };
  });
}
