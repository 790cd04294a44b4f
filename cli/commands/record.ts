import type { Command } from 'commander';
import { insertPerformanceRecord } from '../../store/performance-records.js';
import { instantArgument, numberArgument, platformArgument, wholeNumberArgument } from '../arguments.js';
import { inRehearsableTransaction } from '../rehearsal.js';
import { withSession } from '../session.js';

interface AddOptions {
  release: number;
  platform: string;
  metric: string;
  value: number;
  at?: Date;
  dryRun?: boolean;
}

export function addRecordCommands(program: Command): void {
  const record = program.command('record').description('values that a person tells');
  record
    .command('add')
    .description('a value of a release on a platform, at an instant')
    .requiredOption('--release <id>', 'an approved release', wholeNumberArgument(1, 2_147_483_647))
    .requiredOption('--platform <name>', 'youtube, spotify, …', platformArgument)
    .requiredOption('--metric <name>', 'views, likes, … or any other')
    .requiredOption('--value <number>', 'rates are fractions, times are minutes', numberArgument)
    .option('--at <instant>', 'with its zone; now by default', instantArgument)
    .option('--dry-run', 'check and change nothing')
    .action((options: AddOptions, self: Command) =>
      withSession(self, async (session) => {
        const at = options.at ?? session.clock.now();
        const rehearse = options.dryRun === true;
        const { release, platform, metric, value } = options;
        await inRehearsableTransaction(await session.pool(), rehearse, (client) =>
          insertPerformanceRecord(client, release, platform, metric, value, at),
        );
        const told = {
          release_id: release,
          platform,
          metric_name: metric,
          metric_value: value,
          recorded_at: at.toISOString(),
        };
        session.output.data(
          { ...told, recorded: !rehearse },
          () =>
            `${rehearse ? 'Would record' : 'Recorded'} ${told.metric_name} = ${String(told.metric_value)} for release ${String(told.release_id)} on ${told.platform} at ${told.recorded_at}.`,
        );
      }),
    );
}
