import path from 'node:path';
import type { Command } from 'commander';
import { findWorlds, removeState, type FoundWorld } from '../../runtime/state.js';
import { stopAbandonedPostgres } from '../../runtime/postgres-server.js';
import { isRunning } from '../../runtime/processes.js';
import { InterruptedError, Supervisor } from '../../runtime/supervisor.js';
import { stopAbandonedTemporal } from '../../runtime/temporal-server.js';
import { bringUp, type RunningWorld } from '../demo/bring-up.js';
import { runMainJob } from '../demo/main-job.js';
import { describeResults } from '../demo/results.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { exitCodeOfRun } from '../failures.js';
import { baseEnvironment, outputOf, projectRoot, type GlobalOptions } from '../session.js';
import type { Settle } from './settle.js';

interface StartOptions {
  data?: string;
  once?: boolean;
}

export function addServerCommands(program: Command, settle: Settle): void {
  program
    .command('up')
    .description('start the servers, the sandbox platforms, the worker and the schedules, and stay up')
    .option('--data <folder>', 'over the recordings in a folder instead of the generated world')
    .action(async (options: StartOptions, self: Command) => {
      settle(await stayUp(self, options, () => Promise.resolve(exitCodes.ok)));
    });
  program
    .command('demo')
    .description('“up”, then the main job: collect, backfill, analyze; prints what came out')
    .option('--data <folder>', 'over the recordings in a folder instead of the generated world')
    .option('--once', 'stop when the results are out')
    .action(async (options: StartOptions, self: Command) => {
      settle(await stayUp(self, options, mainJob));
    });
  program
    .command('down')
    .description('stop what runs out of the state directory, also what a killed start left behind')
    .action(async (_: unknown, self: Command) => {
      const output = outputOf(self);
      const worlds = await findWorlds(stateBaseOf(self));
      for (const world of worlds) await takeDown(world, (line) => output.progress(line));
      output.data({ stopped: worlds.map(({ directory }) => directory) }, () =>
        worlds.length === 0 ? 'Nothing runs.' : `Stopped ${String(worlds.length)}.`,
      );
    });
}

function stateBaseOf(command: Command): string {
  const { state } = command.optsWithGlobals<GlobalOptions>();
  return state ?? baseEnvironment()['TIDEMARK_STATE_DIRECTORY'] ?? path.join(projectRoot, '.tidemark');
}

/** Brings a world up, does `work`, and stays until a signal; everything is stopped whatever happens. */
async function stayUp(
  command: Command,
  options: StartOptions,
  work: (world: RunningWorld) => Promise<ExitCode>,
): Promise<ExitCode> {
  const output = outputOf(command);
  const supervisor = new Supervisor((line) => output.progress(line));
  try {
    const world = await bringUp(supervisor, {
      stateBase: stateBaseOf(command),
      dataDirectory: options.data ?? null,
      environment: baseEnvironment(),
      output,
    });
    const working = work(world);
    // A signal must not wait for the work; what it has started goes on when the world is up again.
    const first = await Promise.race([working, supervisor.untilStopped()]);
    if (typeof first !== 'number') {
      working.catch(() => undefined);
      return first.kind === 'signal' ? exitCodes.interrupted : exitCodes.failure;
    }
    if (options.once === true) return first;
    output.progress(`\nTemporal’s UI: ${world.session.ui.uiUrl}`);
    output.progress('Staying up with the schedules; Ctrl-C stops everything.');
    const reason = await supervisor.untilStopped();
    if (reason.kind === 'ended') output.error(`${reason.service} ended by itself: ${reason.how}`);
    return reason.kind === 'ended' ? exitCodes.failure : first;
  } catch (error) {
    if (error instanceof InterruptedError) return exitCodes.interrupted;
    throw error;
  } finally {
    await supervisor.stop();
  }
}

async function mainJob(world: RunningWorld): Promise<ExitCode> {
  const { session } = world;
  const steps = await runMainJob(world);
  const text = await describeResults(session, steps);
  session.output.data(
    steps.map(({ title, run, ended, seconds }) => ({ title, ...run, ...ended, seconds })),
    () => `\n${text}`,
  );
  const failed = steps.find(({ ended }) => ended.state === 'failed');
  return failed === undefined ? exitCodes.ok : exitCodeOfRun('failed', failed.ended.failureKind);
}

async function takeDown(world: FoundWorld, tell: (line: string) => void): Promise<void> {
  const { directory, state, supervisorPid } = world;
  if (supervisorPid !== null) {
    tell(`Asking process ${String(supervisorPid)} to stop …`);
    process.kill(supervisorPid, 'SIGTERM');
    while (isRunning(supervisorPid)) await new Promise((resolve) => setTimeout(resolve, 100));
    return;
  }
  tell(`Stopping what was left in ${directory} …`);
  if (state.temporal !== null) await stopAbandonedTemporal(directory);
  if (state.postgres !== null) await stopAbandonedPostgres(directory);
  await removeState(directory);
}
