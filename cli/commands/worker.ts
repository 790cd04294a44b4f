import type { Command } from 'commander';
import { reportReady, stopRequested } from '../../runtime/child-process.js';
import { startWorkers } from '../../workers/start-workers.js';
import { withSession } from '../session.js';

export function addWorkerCommand(program: Command): void {
  program
    .command('worker')
    .description('run workflows and activities until it is told to stop')
    .option('--queues <names...>', 'only these task queues, such as analysis; all of them by default')
    .action((options: { queues?: string[] }, self: Command) =>
      withSession(self, async (session) => {
        const workers = await startWorkers({
          configuration: session.configuration,
          log: session.log,
          clock: session.clock,
          pool: await session.pool(),
          ...(options.queues === undefined ? {} : { queues: options.queues }),
        });
        reportReady();
        const reason = await Promise.race([stopRequested(), workers.failed]);
        session.log.root.info({ reason }, 'Draining');
        await workers.shutdown();
      }),
    );
}
