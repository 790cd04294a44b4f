/** A backfill's plan: which days it collects, which it leaves out and why, and what that costs. Pure. */
import { addDays, dayOf, eachDay } from '../analytics/calendar.js';
import type { CoverageState } from '../contracts/records.js';
import type { DayWindow } from '../contracts/runs.js';
import type { ReportCapability } from '../sources/source.js';

export type BackfillMode = 'missing' | 'failed' | 'all';

export interface PlanDay {
  day: string;
  /** Null: to be collected. */
  skipReason: string | null;
  moments: string[];
}

export interface BackfillPlanRequest {
  window: DayWindow;
  mode: BackfillMode;
  capability: ReportCapability;
  zone: string;
  now: Date;
  /** State by day; a day that is absent has never been collected. */
  coverage: ReadonlyMap<string, CoverageState>;
  /** The account's first publication as an ISO day of the zone; null where it is not known. */
  firstDay: string | null;
  /** Instants to read at, by day; once any day has some, a day without has nothing to be read. */
  moments?: ReadonlyMap<string, readonly string[]> | undefined;
}

export const skipReasons = {
  final: 'final already',
  collected: 'collected already',
  notFailed: 'has not failed',
  nowOnly: 'the source answers for now only',
  future: 'in the future',
  lag: 'the source has no figures for it yet',
  unpublished: 'before anything was published',
  noMoments: 'nothing was recorded on it',
} as const;

/** Every day of the window, in order, with the reason where it is left out. */
export function planDays(request: BackfillPlanRequest): PlanDay[] {
  const { window, moments } = request;
  const today = dayOf(request.now, request.zone);
  return eachDay(window.from, window.to).map((day) => ({
    day,
    skipReason: skipReasonOf(day, today, request),
    moments: [...(moments?.get(day) ?? [])],
  }));
}

function skipReasonOf(day: string, today: string, request: BackfillPlanRequest): string | null {
  const { capability, coverage, firstDay, mode, moments } = request;
  if (day > today) return skipReasons.future;
  if (capability.history === 'now' && day !== today) return skipReasons.nowOnly;
  if (capability.lagDays > 0 && day > addDays(today, -capability.lagDays)) return skipReasons.lag;
  if (firstDay !== null && day < firstDay) return skipReasons.unpublished;
  if (moments !== undefined && !moments.has(day)) return skipReasons.noMoments;
  const state = coverage.get(day) ?? 'missing';
  if (mode === 'failed') return state === 'failed' ? null : skipReasons.notFailed;
  if (mode === 'missing' && (state === 'final' || state === 'unavailable')) return skipReasons.final;
  // A provisional day is settled only by being read again; one that cannot be settled yet is left alone.
  if (mode === 'missing' && state === 'provisional' && !settledBy(day, today, capability))
    return skipReasons.collected;
  return null;
}

function settledBy(day: string, today: string, capability: ReportCapability): boolean {
  return day < addDays(today, -capability.finalAfterDays);
}

/** Contents a call of counters asks for; the platforms here take as many. */
const contentsPerCall = 50;

/**
 * Calls that the plan is going to make: counters ask for every content at each instant; a daily report
 * answers a whole window at once, a call for so many contents.
 */
export function quotaUnitsOf(
  days: readonly PlanDay[],
  contents: number,
  report: string,
  daysPerWindow: number,
): number {
  const open = days.filter(({ skipReason }) => skipReason === null);
  const callsPerReading = Math.max(1, Math.ceil(contents / contentsPerCall));
  if (report === 'counters')
    return open.reduce((calls, { moments }) => calls + Math.max(1, moments.length) * callsPerReading, 0);
  return windowsOf(open, daysPerWindow).length * Math.max(1, Math.ceil(contents / 200));
}

/**
 * Groups days into stretches of consecutive ones, at most `daysPerWindow` each, in the order they come in.
 */
export function windowsOf(
  days: readonly Pick<PlanDay, 'day' | 'moments'>[],
  daysPerWindow: number,
): { window: DayWindow; moments: string[] }[] {
  const windows: { window: DayWindow; moments: string[]; count: number }[] = [];
  for (const { day, moments } of days) {
    const last = windows.at(-1);
    if (last !== undefined && last.count < daysPerWindow && joins(last.window, day)) {
      const earlier = day < last.window.from;
      last.window = earlier
        ? { from: day, to: last.window.to }
        : { from: last.window.from, to: addDays(day, 1) };
      last.moments = earlier ? [...moments, ...last.moments] : [...last.moments, ...moments];
      last.count += 1;
    } else {
      windows.push({ window: { from: day, to: addDays(day, 1) }, moments: [...moments], count: 1 });
    }
  }
  return windows.map(({ window, moments }) => ({ window, moments }));
}

function joins(window: DayWindow, day: string): boolean {
  return day === window.to || addDays(day, 1) === window.from;
}
