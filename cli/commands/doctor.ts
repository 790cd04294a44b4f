import type { Command } from 'commander';
import { examine } from '../../operations/doctor.js';
import { createSourceFor } from '../../sources/configured-sources.js';
import { exitCodes } from '../exit-codes.js';
import { scheduleSettingsOf } from '../schedule-settings.js';
import { withSession } from '../session.js';
import type { Settle } from './settle.js';

const marks = { ok: '✓', failed: '✗', skipped: '–' } as const;

export function addDoctorCommand(program: Command, settle: Settle): void {
  program
    .command('doctor')
    .description('check everything that the program stands on; each failed check has its mend')
    .action((_: unknown, self: Command) =>
      withSession(self, async (session) => {
        // Slow to load, since it holds all that the workers do.
        const { allQueues } = await import('../../workers/start-workers.js');
        const checks = await examine({
          pool: () => session.pool(),
          client: async () => (await session.temporal()).client,
          // Looked at once Postgres has answered.
          databaseUrl: session.configuration.DATABASE_URL?.reveal() ?? '',
          namespace: session.configuration.TEMPORAL_NAMESPACE,
          queues: allQueues,
          schedules: scheduleSettingsOf(session),
          clock: session.clock,
          sourceFor: createSourceFor(session.configuration),
        });
        session.output.data(checks, () =>
          checks
            .map(({ name, state, found, mend }) => {
              const line = `${marks[state]} ${name}: ${found}`;
              return mend === null ? line : `${line}\n    mend: ${mend}`;
            })
            .join('\n'),
        );
        const failed = checks.filter(({ state }) => state === 'failed');
        if (failed.length === 0) return;
        const dependency = failed.some(({ name }) => name === 'Postgres' || name === 'Temporal');
        settle(dependency ? exitCodes.unreachable : exitCodes.failure);
      }),
    );
}
