import type { Command } from 'commander';
import { scheduleLink } from '../../operations/links.js';
import {
  applySchedules,
  listSchedules,
  pauseSchedule,
  requireSchedule,
  resumeSchedule,
  schedulesOutOfStep,
  triggerSchedule,
  type ScheduleOverview,
} from '../../operations/schedules.js';
import { exitCodes } from '../exit-codes.js';
import { CommandError } from '../command-error.js';
import { fieldLines, type Fields } from '../fields.js';
import { table } from '../output.js';
import { scheduleSettingsOf } from '../schedule-settings.js';
import { withSession, type Session } from '../session.js';

interface PauseOptions {
  reason: string;
  dryRun?: boolean;
}

export function addScheduleCommands(program: Command): void {
  const schedule = program.command('schedule').description('what runs by itself, and when');
  schedule
    .command('list')
    .description('every schedule with its last and next run')
    .action((_: unknown, self: Command) =>
      withSession(self, async (session) => {
        const { client } = await session.temporal();
        const schedules = await listSchedules(client, scheduleSettingsOf(session));
        session.output.data(
          schedules.map((one) => fieldsOf(session, one)),
          () =>
            table(
              ['schedule', 'what', 'state', 'last', 'next'],
              schedules.map(({ id, about, paused, reason, lastAt, nextAt }) => [
                id,
                about,
                paused ? `paused: ${reason ?? 'no reason given'}` : 'active',
                lastAt?.toISOString(),
                nextAt?.toISOString(),
              ]),
            ),
        );
      }),
    );
  schedule
    .command('show <id>')
    .description('one schedule: what it starts, its last and next run, and what it skipped or missed')
    .action((id: string, _: unknown, self: Command) =>
      withSession(self, async (session) => {
        const { client } = await session.temporal();
        await requireSchedule(client, id);
        const found = (await listSchedules(client, scheduleSettingsOf(session))).find((one) => one.id === id);
        if (found === undefined)
          throw new CommandError(`${id} is no schedule of this program.`, exitCodes.notFound);
        const fields = {
          ...fieldsOf(session, found),
          skipped_overlap: found.skippedOverlap,
          missed_catch_up: found.missedCatchUp,
        };
        session.output.data(fields, () => fieldLines(fields));
      }),
    );
  schedule
    .command('apply')
    .description('bring Temporal’s schedules in step with the declared ones')
    .option('--dry-run', 'say which are out of step')
    .action((options: { dryRun?: boolean }, self: Command) =>
      withSession(self, async (session) => {
        const { client } = await session.temporal();
        const settings = scheduleSettingsOf(session);
        if (options.dryRun === true) {
          const differing = await schedulesOutOfStep(client, settings);
          session.output.data({ out_of_step: differing }, () =>
            differing.length === 0 ? 'All in step.' : `Out of step: ${differing.join(', ')}.`,
          );
          return;
        }
        const paused = session.configuration.SCHEDULES_PAUSED;
        const outcome = await applySchedules(client, settings, () => ({
          paused,
          reason: paused ? 'SCHEDULES_PAUSED is set' : null,
        }));
        session.output.data(outcome, () =>
          Object.entries(outcome)
            .map(([what, ids]) => `${what}: ${(ids as string[]).join(', ') || '–'}`)
            .join('\n'),
        );
      }),
    );
  schedule
    .command('pause <id>')
    .description('keep a schedule from starting runs')
    .requiredOption('--reason <text>', 'why, for whoever wonders')
    .option('--dry-run', 'check and change nothing')
    .action((id: string, { reason, dryRun = false }: PauseOptions, self: Command) =>
      withSession(self, async (session) => {
        const { client } = await session.temporal();
        await (dryRun ? requireSchedule(client, id) : pauseSchedule(client, id, reason));
        session.output.data(
          { id, paused: !dryRun, reason },
          () => `${id} ${dryRun ? 'would be' : 'is'} paused.`,
        );
      }),
    );
  schedule
    .command('resume <id>')
    .description('let a paused schedule go on')
    .option('--dry-run', 'check and change nothing')
    .action((id: string, { dryRun = false }: { dryRun?: boolean }, self: Command) =>
      withSession(self, async (session) => {
        const { client } = await session.temporal();
        await (dryRun ? requireSchedule(client, id) : resumeSchedule(client, id));
        session.output.data({ id, resumed: !dryRun }, () => `${id} ${dryRun ? 'would go' : 'goes'} on.`);
      }),
    );
  schedule
    .command('trigger <id>')
    .description('run what a schedule runs, now')
    .option('--dry-run', 'check and start nothing')
    .action((id: string, { dryRun = false }: { dryRun?: boolean }, self: Command) =>
      withSession(self, async (session) => {
        const { client } = await session.temporal();
        await (dryRun ? requireSchedule(client, id) : triggerSchedule(client, id));
        const url = scheduleLink(session.ui, id);
        session.output.progress(`Look at it: ${url}`);
        session.output.data(
          { id, triggered: !dryRun, url },
          () => `${id} ${dryRun ? 'would be' : 'is'} triggered.`,
        );
      }),
    );
}

function fieldsOf(session: Session, found: ScheduleOverview): Fields {
  const { id, about, paused, reason, lastAt, nextAt, lastRun } = found;
  return {
    ...{ id, about, paused, reason },
    last_at: lastAt?.toISOString() ?? null,
    next_at: nextAt?.toISOString() ?? null,
    last_run: lastRun,
    url: scheduleLink(session.ui, id),
  };
}
