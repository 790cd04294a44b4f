/** What an ordinary week leaves behind, so that there is something to look at beside what went well. */
import { mkdir } from 'node:fs/promises';
import { addDays, dayOf } from '../../analytics/calendar.js';
import type { ImportFileInput } from '../../contracts/runs.js';
import { planBackfill } from '../../operations/backfills.js';
import { pauseSchedule } from '../../operations/schedules.js';
import type { OperatorRunStarter } from '../../operations/run-starter.js';
import type { Fault } from '../../sandbox/faults.js';
import type { Session } from '../session.js';
import { looseEnds } from '../../sandbox/world-answers.js';
import { waitForRun } from '../wait.js';
import { accountNames } from './seed.js';

/** The first question about tracks is answered with a 503: the attempt fails, and the next one does not. */
export const passingOutage: Fault = { path: '/spotify/v1/*', kind: 'status', status: 503, times: 1 };

/** What imports the team's downloads of daily streams. */
export function streamsImport(folder: string, account: string): ImportFileInput {
  return { path: folder, format: 'daily-streams', account, analyze: false };
}

/**
 * Imports the downloads before anybody has downloaded them: the run fails, and the ledger keeps it. The same
 * import, started again once the files are there, is the retry and goes by the same workflow id.
 */
export async function failOnce(session: Session, starter: OperatorRunStarter, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await waitForRun(
    session,
    await starter.importFile(streamsImport(folder, accountNames.generated)),
    () => null,
  );
}

/** A schedule paused for a reason, and a backfill that is planned and not run. */
export async function leaveLooseEnds(session: Session): Promise<void> {
  const { client } = await session.temporal();
  const { pausedSchedule, unfinishedBackfill } = looseEnds;
  await pauseSchedule(client, pausedSchedule.id, pausedSchedule.reason);
  const today = dayOf(session.clock.now(), 'UTC');
  await planBackfill(await session.backfills(), {
    platform: unfinishedBackfill.platform,
    account: accountNames.generated,
    report: unfinishedBackfill.report,
    window: { from: addDays(today, -unfinishedBackfill.days), to: today },
    mode: 'missing',
  });
}
