import type { Command } from 'commander';
import { migrate, migrationStatus } from '../../store/migrate.js';
import { exitCodes } from '../exit-codes.js';
import { table } from '../output.js';
import { withSession } from '../session.js';
import type { Settle } from './settle.js';

export function addMigrateCommand(program: Command, settle: Settle): void {
  const command = program
    .command('migrate')
    .description('bring the database to this program’s schema')
    .option('--dry-run', 'say what would be applied')
    .action((options: { dryRun?: boolean }, self: Command) =>
      withSession(self, async ({ databaseUrl, log, output }) => {
        if (options.dryRun === true) {
          const { pending } = await migrationStatus({ databaseUrl });
          output.data({ pending }, () => (pending.length === 0 ? 'Nothing to apply.' : pending.join('\n')));
          return;
        }
        const applied = await migrate({ databaseUrl, logger: log.component('migrations') });
        output.data({ applied }, () =>
          applied.length === 0 ? 'The schema is up to date.' : `Applied ${applied.join(', ')}.`,
        );
      }),
    );
  command
    .command('status')
    .description('which migrations are applied and which are pending')
    .action((_: unknown, self: Command) =>
      withSession(self, async ({ databaseUrl, output }) => {
        const status = await migrationStatus({ databaseUrl });
        output.data(status, () =>
          table(
            ['migration', 'state'],
            [
              ...status.applied.map((name) => [name, 'applied']),
              ...status.pending.map((name) => [name, 'pending']),
              ...status.unknown.map((name) => [name, 'unknown to this program']),
            ],
          ),
        );
        if (status.unknown.length > 0) settle(exitCodes.conflict);
      }),
    );
}
