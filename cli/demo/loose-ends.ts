/** What an ordinary week leaves behind, so that there is something to look at beside what went well. */
import { addDays, dayOf } from '../../analytics/calendar.js';
import { planBackfill } from '../../operations/backfills.js';
import { pauseSchedule } from '../../operations/schedules.js';
import type { Fault } from '../../sandbox/faults.js';
import type { Session } from '../session.js';
import { accountNames } from './seed.js';

/** The first question about tracks is answered with a 503: the attempt fails, and the next one does not. */
export const passingOutage: Fault = { path: '/spotify/v1/*', kind: 'status', status: 503, times: 1 };

const unfinishedDays = 14;

/** A schedule paused for a reason, and a backfill that is planned and not run. */
export async function leaveLooseEnds(session: Session): Promise<void> {
  const { client } = await session.temporal();
  await pauseSchedule(client, 'maintain', 'Until somebody has looked at the first year');
  const today = dayOf(session.clock.now(), 'UTC');
  await planBackfill(await session.backfills(), {
    platform: 'spotify',
    account: accountNames.generated,
    report: 'counters',
    window: { from: addDays(today, -unfinishedDays), to: today },
    mode: 'missing',
  });
}
