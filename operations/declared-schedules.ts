/** The table of the schedules. */
import type { ScheduleSpec } from '@temporalio/client';
import type { workflowNames } from '../contracts/runs.js';
import {
  type AnalyzeDailyInput,
  type MaintainDataInput,
  type RunKind,
  type TickInput,
} from '../contracts/runs.js';
import { laterOn, scheduleCalendar, utcCalendars } from './utc-calendars.js';

export interface ScheduleSettings {
  /** `HH:MM` in `zone`: when recommendations and clean-up run. */
  dailyAnalysisAt: string;
  zone: string;
  queuePrefix: string;
  /** The calendars are written out for this year and the two after it. */
  now: Date;
}

export interface DeclaredSchedule {
  id: string;
  about: string;
  workflow: keyof typeof workflowNames;
  kind: RunKind;
  args: unknown[];
  spec: ScheduleSpec;
}

/** Years for which a zoned time is written out in UTC; applying again moves them on. */
const calendarYears = 3;
const maintenanceDelayMinutes = 60;

/** Schedules fire in UTC; what is due is decided by what they start, from zones and ledgers. */
export function declaredSchedules(settings: ScheduleSettings): DeclaredSchedule[] {
  const { dailyAnalysisAt, zone, now } = settings;
  const daily = (time: string): ScheduleSpec => ({
    calendars: utcCalendars(time, zone, now.getUTCFullYear(), calendarYears).map(scheduleCalendar),
  });
  return [
    {
      id: 'tick',
      about: 'Every 15 minutes: starts the collections that are due',
      workflow: 'tick',
      kind: 'tick',
      args: [{ cause: 'schedule' } satisfies TickInput],
      spec: { intervals: [{ every: '15 minutes' }] },
    },
    {
      id: 'analyze-daily',
      about: `Daily at ${dailyAnalysisAt} ${zone}: features, insights, scores and stock sources of every artist`,
      workflow: 'analyzeDaily',
      kind: 'analyze-daily',
      args: [{ artistId: null } satisfies AnalyzeDailyInput],
      spec: daily(dailyAnalysisAt),
    },
    {
      id: 'maintain',
      about: `Daily at ${laterOn(dailyAnalysisAt, maintenanceDelayMinutes)} ${zone}: retention, roll-ups and tidying`,
      workflow: 'maintainData',
      kind: 'maintain',
      args: [{ dryRun: false } satisfies MaintainDataInput],
      spec: daily(laterOn(dailyAnalysisAt, maintenanceDelayMinutes)),
    },
  ];
}
