import { DashboardTimeframe } from '../contracts/vocabulary.js';

/** A half-open range of instants. */
export interface Period {
  start: Date;
  end: Date;
}

export class UnknownTimeframeError extends Error {
  override readonly name = 'UnknownTimeframeError';
}

const daysOf: Record<DashboardTimeframe, number> = { '7d': 7, '30d': 30, '90d': 90, '1y': 365 };
const msPerDay = 86_400_000;

/**
 * Reads `7d`, `30d`, `90d`, `1y`, or the enum's names in any case (`LAST_7_DAYS`).
 * @throws UnknownTimeframeError
 */
export function parseTimeframe(text: string): DashboardTimeframe {
  const word = text.trim();
  const byName = Object.entries(DashboardTimeframe).find(([name]) => name === word.toUpperCase());
  const frame =
    byName?.[1] ?? Object.values(DashboardTimeframe).find((value) => value === word.toLowerCase());
  if (frame !== undefined) return frame;
  const known = Object.values(DashboardTimeframe).join(', ');
  throw new UnknownTimeframeError(`Unknown timeframe «${text}»: give one of ${known}.`);
}

/** The last `days` days up to and including now. */
export function lastDays(days: number, now: Date): Period {
  // What was told a moment ago carries a time that may equal now, and the range is half-open.
  const end = new Date(now.getTime() + 1);
  return { start: new Date(end.getTime() - days * msPerDay), end };
}

export function timeframePeriod(timeframe: string, now: Date): Period {
  return lastDays(daysOf[parseTimeframe(timeframe)], now);
}

/** The period of the same length that ends where this one starts. */
export function previousPeriod(period: Period): Period {
  const length = period.end.getTime() - period.start.getTime();
  return { start: new Date(period.start.getTime() - length), end: period.start };
}
