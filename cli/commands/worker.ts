import type { Command } from 'commander';
import { reportReady, stopRequested } from '../../runtime/child-process.js';
import { installTemporalRuntime } from '../../runtime/temporal-log.js';
import { exitCodes } from '../exit-codes.js';
import { withSession } from '../session.js';
import type { Settle } from './settle.js';

export function addWorkerCommand(program: Command, settle: Settle): void {
  program
    .command('worker')
    .description('run workflows and activities until it is told to stop')
    .option('--queues <names...>', 'only these task queues, such as analysis; all of them by default')
    .action((options: { queues?: string[] }, self: Command) =>
      withSession(
        self,
        async ({ configuration, log, output }) => {
          // Listened for from the start: a supervisor may die while the workers come up.
          const stop = stopRequested();
          installTemporalRuntime(log);
          // Half a second to load, which no other command should pay for.
          const { startWorkers } = await import('../../workers/start-workers.js');
          const workers = await startWorkers({
            configuration,
            log,
            ...(options.queues === undefined ? {} : { queues: options.queues }),
          });
          if (process.connected) reportReady();
          output.progress(`Working on ${workers.queues.join(', ')}.`);
          const reason = await Promise.race([stop, workers.ended.then((how) => ({ endedBy: how }))]);
          log.root.info({ reason }, 'The worker drains');
          await workers.shutdown();
          if (typeof reason === 'object') {
            output.error(`The worker ended by itself: ${reason.endedBy}`);
            settle(exitCodes.failure);
          }
        },
        'configured',
      ),
    );
}
