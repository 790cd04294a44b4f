/** What the first page shows: everything together in a period, beside the period that it is compared with. */
import type { Pool } from 'pg';
import { addDays, eachDay } from '../analytics/calendar.js';
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
import { listRuns, type Run } from '../store/runs.js';

export interface OverviewQuery {
  /** Half-open range of ISO days. */
  from: string;
  to: string;
  /** The days that it is compared with; null compares with nothing. */
  compared: { from: string; to: string } | null;
  platform: Platform | null;
}

export interface DayValue {
  day: string;
  value: number | null;
  complete: boolean;
}

export interface MetricFigure {
  metric: SummedMetric;
  total: number;
  /** Of the compared days; null where nothing was told. */
  former: number | null;
  days: DayValue[];
  formerDays: DayValue[];
  byPlatform: { platform: Platform; total: number }[];
}

export interface Overview {
  contents: number;
  /** Metrics that anything was told of, in the order of the vocabulary. */
  figures: MetricFigure[];
  movers: Mover[];
  anomalies: StoredAnomaly[];
  failedRuns: Run[];
}

const shownMovers = 8;
const shownEvents = 8;
const shownRuns = 5;

export async function readOverview(pool: Pool, clock: Clock, query: OverviewQuery): Promise<Overview> {
  const { from, to, compared, platform } = query;
  const platforms = platform === null ? null : [platform];
  const former = compared ?? { from: addDays(from, 0), to: from };
  const [contents, current, before, movers, anomalies, failed] = await Promise.all([
    countObserved(pool, { from, to, platforms }),
    readDayTotals(pool, { from, to, platforms }),
    compared === null ? [] : readDayTotals(pool, { ...compared, platforms }),
    readMovers(pool, {
      from,
      to,
      compared: former,
      platforms,
      order: compared === null ? 'gain' : 'difference',
      limit: shownMovers,
    }),
    readAnomalies(pool, { contentIds: null, since: from, limit: 200, ownOnly: true }),
    listRuns(pool, { state: 'failed', limit: shownRuns }),
  ]);
  const lastDay = lastDayOf(current, clock.now().toISOString().slice(0, 10));
  const end = lastDay === null ? to : addDays(lastDay, 1) < to ? addDays(lastDay, 1) : to;
  return {
    contents,
    figures: summedMetrics.flatMap((metric) =>
      figureOf(metric, { from, to: end }, current, before, compared),
    ),
    movers,
    anomalies: anomalies
      .filter((found) => found.day < to && (platform === null || found.platform === platform))
      .slice(0, shownEvents),
    failedRuns: failed,
  };
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
  range: { from: string; to: string },
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
  const former = before.flatMap((row) => (row[metric] === null ? [] : [row[metric]]));
  return [
    {
      metric,
      total: sumOf([...byPlatform.values()]),
      former: former.length === 0 ? null : sumOf(former),
      days: daysOf(metric, current, range),
      formerDays: compared === null ? [] : daysOf(metric, before, compared),
      byPlatform: [...byPlatform].map(([platform, total]) => ({ platform, total })),
    },
  ];
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
  return last === undefined ? null : last < today ? last : today;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
