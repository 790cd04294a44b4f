import type { Command } from 'commander';
import { scheduleLink } from '../../operations/links.js';
import {
  applySchedules,
  listSchedules,
  pauseSchedule,
  resumeSchedule,
  schedulesOutOfStep,
  triggerSchedule,
} from '../../operations/schedules.js';
import { table } from '../output.js';
import { scheduleSettingsOf } from '../schedule-settings.js';
import { withSession } from '../session.js';

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
          schedules.map(({ id, about, paused, reason, lastAt, nextAt, lastRun }) => ({
            id,
            about,
            paused,
            reason,
            last_at: lastAt,
            next_at: nextAt,
            last_run: lastRun,
            url: scheduleLink(session.ui, id),
          })),
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
    .action((id: string, options: { reason: string }, self: Command) =>
      withSession(self, async (session) => {
        const { client } = await session.temporal();
        await pauseSchedule(client, id, options.reason);
        session.output.data({ id, paused: true, reason: options.reason }, () => `${id} is paused.`);
      }),
    );
  schedule
    .command('resume <id>')
    .description('let a paused schedule go on')
    .action((id: string, _: unknown, self: Command) =>
      withSession(self, async (session) => {
        const { client } = await session.temporal();
        await resumeSchedule(client, id);
        session.output.data({ id, paused: false }, () => `${id} goes on.`);
      }),
    );
  schedule
    .command('trigger <id>')
    .description('run what a schedule runs, now')
    .action((id: string, _: unknown, self: Command) =>
      withSession(self, async (session) => {
        const { client } = await session.temporal();
        await triggerSchedule(client, id);
        const url = scheduleLink(session.ui, id);
        session.output.progress(`Look at it: ${url}`);
        session.output.data({ id, triggered: true, url }, () => `${id} is triggered.`);
      }),
    );
}
