import type { ScheduleSettings } from '../operations/declared-schedules.js';
import type { Session } from './session.js';

/** What the declared schedules depend on; calendars follow the real clock, as schedules do. */
export function scheduleSettingsOf({ configuration }: Session): ScheduleSettings {
  return {
    dailyAnalysisAt: configuration.DAILY_ANALYSIS_AT,
    zone: configuration.DAILY_ANALYSIS_TIME_ZONE,
    queuePrefix: '',
    now: new Date(),
  };
}
