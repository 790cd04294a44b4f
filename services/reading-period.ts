import { addDays, dayOf } from '../analytics/calendar.js';
import type { ReadingFilter } from '../store/engagement.js';
import type { Period } from './timeframe.js';

const msPerDay = 86_400_000;

/** A period's days: those that end within it, and the one that it ends in. Days are UTC's. */
export function periodDays(period: Period): { fromDay: string; toDay: string; days: number } {
  const toDay = addDays(dayOf(new Date(period.end.getTime() - 1), 'UTC'), 1);
  const days = Math.round((period.end.getTime() - period.start.getTime()) / msPerDay);
  return { fromDay: addDays(toDay, -days), toDay, days };
}

/** A period as the store's readings take it. */
export function readingFilter(
  period: Period,
  choice: { platforms?: readonly string[] | null; contentIds?: readonly number[] | null } = {},
): ReadingFilter {
  const { fromDay, toDay } = periodDays(period);
  return {
    ...period,
    fromDay,
    toDay,
    platforms: choice.platforms ?? null,
    contentIds: choice.contentIds ?? null,
  };
}
