import { addDays, weekdayOf } from '../analytics/calendar.js';

export const seriesIntervals = ['hour', 'day', 'week', 'month'] as const;
export type SeriesInterval = (typeof seriesIntervals)[number];

/** First ISO day of the stretch that a day falls into; weeks begin on Monday. */
export function bucketStart(day: string, interval: SeriesInterval): string {
  if (interval === 'week') return addDays(day, 1 - weekdayOf(day));
  return interval === 'month' ? `${day.slice(0, 7)}-01` : day;
}
