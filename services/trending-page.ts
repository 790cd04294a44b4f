/** What gains faster than before: velocity, growth with its interval, direction and course. */
import type { Pool } from 'pg';
import { addDays, dayOf, daysBetween } from '../analytics/calendar.js';
import { growthOf } from '../analytics/growth.js';
import type { TrendDirection } from '../contracts/vocabulary.js';
import { readTrending, type TrendingRow, type TrendingSelection } from '../store/trending.js';
import { latestTrends } from '../store/trends.js';
import type { DayValue } from './day-values.js';
import { readContentLines } from './overview.js';

export interface TrendingEntry extends TrendingRow {
  /** Per day with a value. */
  velocity: number;
  /** Of the growth from the first week of the two periods to their last, 95 %; null where the days do not tell it. */
  weekly: { growth: number; interval: [low: number, high: number] | null } | null;
  /** As the latest analysis told it; null before the first. */
  direction: TrendDirection | null;
  inLaunchDecay: boolean;
  /** Why there is no direction. */
  withheld: string | null;
  ageDays: number | null;
  line: DayValue[];
}

export async function readTrendingPage(
  pool: Pool,
  selection: TrendingSelection & { now: Date },
): Promise<TrendingEntry[]> {
  const { from, to, now } = selection;
  const formerFrom = addDays(from, -daysBetween(from, to));
  const rows = await readTrending(pool, selection);
  const ids = rows.map(({ contentId }) => contentId);
  const [lines, trends] = await Promise.all([
    readContentLines(pool, rows, { from: formerFrom, to }),
    ids.length === 0 ? [] : latestTrends(pool, ids),
  ]);
  const trendOf = new Map(trends.map((trend) => [`${String(trend.contentId)} ${trend.metric}`, trend]));
  const today = dayOf(now, 'UTC');
  return rows.map((row) => {
    const trend = trendOf.get(`${String(row.contentId)} ${row.metric}`);
    // What a day has brought that is not over would look like a fall.
    const line = (lines.get(row.contentId) ?? []).filter(({ day }) => day <= row.lastDay);
    const memory = trend?.analysis?.statistical_metrics['autocorrelation'] ?? 0;
    const published = row.publishedAt === null ? null : dayOf(row.publishedAt, 'UTC');
    return {
      ...row,
      velocity: row.current / Math.max(1, row.days),
      weekly: growthOf(toldDays(line), Math.min(0.95, Math.max(0, memory))),
      direction: trend?.analysis?.overall_direction ?? null,
      inLaunchDecay: trend?.analysis?.launch_decay?.still_in_decay ?? false,
      withheld: trend?.withheldReason ?? null,
      ageDays: published === null ? null : daysBetween(published, today),
      line,
    };
  });
}

/** From the first value to the last; gaps between them stay. */
function toldDays(line: readonly DayValue[]): Float64Array {
  const values = line.map(({ value }) => value ?? Number.NaN);
  const first = values.findIndex((value) => !Number.isNaN(value));
  const last = values.findLastIndex((value) => !Number.isNaN(value));
  return first < 0 ? new Float64Array() : Float64Array.from(values.slice(first, last + 1));
}
