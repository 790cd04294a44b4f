import { DashboardTimeframe } from '../contracts/vocabulary.js';

/** A half-open range of instants. */
export interface Period {
  start: Date;
  end: Date;
}

export class UnknownTimeframeError extends Error {
  override readonly name = 'UnknownTimeframeError';
}

/** The dashboard's timeframes, and those that the pages name by a word of their own. */
export type Timeframe = DashboardTimeframe | '24h' | '28d' | 'mtd';

/** Null counts from the first of the month. */
const daysOf: Readonly<Record<Timeframe, number | null>> = {
  '24h': 1,
  '7d': 7,
  '28d': 28,
  '30d': 30,
  '90d': 90,
  '1y': 365,
  mtd: null,
};
export const timeframes = Object.keys(daysOf) as [Timeframe, ...Timeframe[]];
const msPerDay = 86_400_000;

/**
 * Reads `24h`, `7d`, `28d`, `30d`, `90d`, `1y`, `mtd`, or the enum's names in any case (`LAST_7_DAYS`).
 * @throws UnknownTimeframeError
 */
export function parseTimeframe(text: string): Timeframe {
  const word = text.trim();
  const byName = Object.entries(DashboardTimeframe).find(([name]) => name === word.toUpperCase());
  const frame = byName?.[1] ?? timeframes.find((value) => value === word.toLowerCase());
  if (frame !== undefined) return frame;
  throw new UnknownTimeframeError(`Unknown timeframe «${text}»: give one of ${timeframes.join(', ')}.`);
}

/** The last `days` days up to and including now. */
export function lastDays(days: number, now: Date): Period {
  // What was told a moment ago carries a time that may equal now, and the range is half-open.
  const end = new Date(now.getTime() + 1);
  return { start: new Date(end.getTime() - days * msPerDay), end };
}

/** Months are UTC's. @throws UnknownTimeframeError */
export function timeframePeriod(timeframe: string, now: Date): Period {
  const days = daysOf[parseTimeframe(timeframe)];
  return lastDays(days ?? now.getUTCDate(), now);
}

/** The period of the same length that ends where this one starts. */
export function previousPeriod(period: Period): Period {
  const length = period.end.getTime() - period.start.getTime();
  return { start: new Date(period.start.getTime() - length), end: period.start };
}
