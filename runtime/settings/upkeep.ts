/** What runs by itself, and how long things are kept. */
import { timeOfDay, timeZone, truth, wholeNumber } from '../setting-kinds.js';
import { group } from './declaration.js';

const upkeep = group('Schedules and retention');

export const upkeepSettings = {
  DAILY_ANALYSIS_AT: upkeep(timeOfDay(), '02:00', 'When recommendations and clean-up run.'),
  DAILY_ANALYSIS_TIME_ZONE: upkeep(
    timeZone(),
    'UTC',
    'The zone of DAILY_ANALYSIS_AT, and of the weekday and hour that contents were published at.',
  ),
  ENGAGEMENT_DATA_RETENTION_DAYS: upkeep(
    wholeNumber(0, 36_500),
    365,
    'Raw instants are removed after it, their days are kept; 0 keeps everything.',
  ),
  SCHEDULES_PAUSED: upkeep(truth(), false, 'Schedules are created, but paused.'),
} as const;
