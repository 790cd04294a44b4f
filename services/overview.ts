/** What the first page shows: everything together in a period, beside the period that it is compared with. */
import type { Pool } from 'pg';
import { addDays, dayOf, daysBetween, eachDay } from '../analytics/calendar.js';
import type { Clock } from '../contracts/ports.js';
import type { Platform } from '../contracts/vocabulary.js';
import { readAnomalies, type StoredAnomaly } from '../store/anomalies.js';
import { summedMetrics, type SummedMetric } from '../store/engagement.js';
import {
  countObserved,
  readContentDays,
  readDayTotals,
  readMovers,
  type DayTotals,
  type Mover,
} from '../store/overview.js';
import type { DayValue } from './day-values.js';

export interface OverviewQuery {
  /** Half-open range of ISO days. */
  from: string;
  to: string;
  /** The days that it is compared with; null compares with nothing. */
  compared: { from: string; to: string } | null;
  platform: Platform | null;
}

export interface MetricFigure {
  metric: SummedMetric;
  total: number;
  /** Over as many days of both periods as are over and told; null where nothing is compared, or can be. */
  change: { current: number; former: number | null; days: number } | null;
  days: DayValue[];
  formerDays: DayValue[];
  byPlatform: { platform: Platform; total: number }[];
}

export interface OverviewFigures {
  /** How many were observed in the days. */
  contents: number;
  /** Metrics that anything was told of, in the order of the vocabulary. */
  figures: MetricFigure[];
}

export interface OverviewMover extends Mover {
  /** One value a day with its gaps. */
  line: DayValue[];
}

const shownMovers = 8;
const shownEvents = 8;
const mostEventsRead = 200;

/** Totals by metric, day and platform, with those of the compared days. */
export async function readOverviewFigures(
  pool: Pool,
  clock: Clock,
  { from, to, compared, platform }: OverviewQuery,
): Promise<OverviewFigures> {
  const platforms = platform === null ? null : [platform];
  const ranges = [{ from, to }, ...(compared === null ? [] : [compared])];
  const [contents, totals] = await Promise.all([
    countObserved(pool, { from, to, platforms }),
    readDayTotals(pool, ranges, platforms),
  ]);
  const [current = [], before = []] = ranges.map((range) =>
    totals.filter(({ day }) => day >= range.from && day < range.to),
  );
  const today = dayOf(clock.now(), 'UTC');
  const lastDay = lastDayOf(current, today);
  const end = lastDay === null ? to : earlierOf(addDays(lastDay, 1), to);
  const over = earlierOf(to, today);
  return {
    contents,
    figures: summedMetrics.flatMap((metric) =>
      figureOf(metric, { from, to: end, over }, current, before, compared),
    ),
  };
}

/**
 * What moved most against the compared days; without any, what gained most. Days that are not over are left out, and
 * so are those that they would be compared with.
 */
export async function readOverviewMovers(
  pool: Pool,
  clock: Clock,
  { from, to, compared, platform }: OverviewQuery,
): Promise<OverviewMover[]> {
  const over = earlierOf(to, dayOf(clock.now(), 'UTC'));
  const left = daysBetween(over, to);
  const movers = await readMovers(pool, {
    from,
    to: over,
    compared:
      compared === null ? { from, to: from } : { from: compared.from, to: addDays(compared.to, -left) },
    platforms: platform === null ? null : [platform],
    order: compared === null ? 'gain' : 'difference',
    limit: shownMovers,
  });
  // A part of a day would look like a fall.
  const lines = await readContentLines(pool, movers, { from, to: over });
  return movers.map((mover) => ({ ...mover, line: lines.get(mover.contentId) ?? [] }));
}

/** The latest ones that are a content's own, not a whole platform's. */
export async function readOverviewAnomalies(
  pool: Pool,
  { from, to, platform }: Pick<OverviewQuery, 'from' | 'to' | 'platform'>,
): Promise<StoredAnomaly[]> {
  const found = await readAnomalies(pool, {
    contentIds: null,
    since: from,
    limit: mostEventsRead,
    ownOnly: true,
  });
  return found
    .filter((anomaly) => anomaly.day < to && (platform === null || anomaly.platform === platform))
    .slice(0, shownEvents);
}

/** The small lines of contents: by content, one value a day with its gaps. */
export async function readContentLines(
  pool: Pool,
  contents: readonly { contentId: number; metric: string }[],
  range: { from: string; to: string },
): Promise<Map<number, DayValue[]>> {
  const rows = await readContentDays(
    pool,
    contents.map(({ contentId }) => contentId),
    range,
  );
  return new Map(
    contents.map(({ contentId, metric }) => {
      const own = new Map(
        rows
          .filter((row) => row.contentId === contentId)
          .map((row) => [row.day, metric === 'streams' ? row.streams : row.views]),
      );
      const days = eachDay(range.from, range.to);
      return [contentId, days.map((day) => ({ day, value: own.get(day) ?? null, complete: true }))];
    }),
  );
}

function figureOf(
  metric: SummedMetric,
  range: { from: string; to: string; over: string },
  current: readonly DayTotals[],
  before: readonly DayTotals[],
  compared: { from: string; to: string } | null,
): MetricFigure[] {
  const byPlatform = new Map<Platform, number>();
  for (const row of current) {
    const value = row[metric];
    if (value === null) continue;
    const name = row.platform as Platform;
    byPlatform.set(name, (byPlatform.get(name) ?? 0) + value);
  }
  if (byPlatform.size === 0) return [];
  const days = daysOf(metric, current, range);
  const formerDays = compared === null ? [] : daysOf(metric, before, compared);
  return [
    {
      metric,
      total: sumOf([...byPlatform.values()]),
      change: compared === null ? null : changeOf(days, formerDays, range.over),
      ...{ days, formerDays },
      byPlatform: [...byPlatform].map(([platform, total]) => ({ platform, total })),
    },
  ];
}

/** Today brings a part of a day and the last days may not be told yet: neither is a fall against whole days. */
function changeOf(
  days: readonly DayValue[],
  formerDays: readonly DayValue[],
  over: string,
): MetricFigure['change'] {
  const compared = days.findLastIndex(({ day, value }) => value !== null && day < over) + 1;
  if (compared === 0) return null;
  const told = (of: readonly DayValue[]): number[] =>
    of.slice(0, compared).flatMap(({ value }) => (value === null ? [] : [value]));
  const former = told(formerDays);
  return {
    current: sumOf(told(days)),
    former: former.length === 0 ? null : sumOf(former),
    days: compared,
  };
}

function earlierOf(a: string, b: string): string {
  return a < b ? a : b;
}

function daysOf(
  metric: SummedMetric,
  rows: readonly DayTotals[],
  range: { from: string; to: string },
): DayValue[] {
  const byDay = new Map<string, { value: number; complete: boolean }>();
  for (const row of rows) {
    const value = row[metric];
    if (value === null) continue;
    const known = byDay.get(row.day) ?? { value: 0, complete: true };
    byDay.set(row.day, { value: known.value + value, complete: known.complete && row.final });
  }
  return eachDay(range.from, range.to).map((day) => ({
    day,
    value: byDay.get(day)?.value ?? null,
    complete: byDay.get(day)?.complete ?? false,
  }));
}

function lastDayOf(rows: readonly DayTotals[], today: string): string | null {
  const days = rows.map(({ day }) => day).sort();
  const last = days.at(-1);
  return last === undefined ? null : earlierOf(last, today);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
