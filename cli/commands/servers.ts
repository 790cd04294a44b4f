import path from 'node:path';
import type { Command } from 'commander';
import { findWorlds } from '../../runtime/state.js';
import { InterruptedError, Supervisor, type StopReason } from '../../runtime/supervisor.js';
import type { RunningWorld } from '../demo/bring-up.js';
import { exitCodes, gravest, type ExitCode } from '../exit-codes.js';
import { asFields } from '../fields.js';
import { exitCodeOf } from '../follow.js';
import type { Output } from '../output.js';
import { baseEnvironment, outputOf, projectRoot, type GlobalOptions } from '../session.js';
import { takeDown } from '../take-down.js';
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
  const { stateDirectory } = command.optsWithGlobals<GlobalOptions>();
  return (
    stateDirectory ?? baseEnvironment()['TIDEMARK_STATE_DIRECTORY'] ?? path.join(projectRoot, '.tidemark')
  );
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
    // What only a world needs, the sandbox above all, is loaded with it: other commands begin the sooner.
    const { bringUp } = await import('../demo/bring-up.js');
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
      return endedBy(first, world, output) ?? exitCodes.interrupted;
    }
    if (options.once === true) return first;
    output.progress(`\nThe overview:  ${world.siteUrl}/`);
    output.progress(`Temporal’s UI: ${world.session.ui.uiUrl}`);
    output.progress('Staying up with the schedules; Ctrl-C stops everything.');
    return endedBy(await supervisor.untilStopped(), world, output) ?? first;
  } catch (error) {
    if (error instanceof InterruptedError) return exitCodes.interrupted;
    throw error;
  } finally {
    await supervisor.stop();
  }
}

/** A service that ended by itself is a failure; null where somebody asked for the end. */
function endedBy(reason: StopReason, { stateDirectory }: RunningWorld, output: Output): ExitCode | null {
  if (reason.kind !== 'ended') return null;
  output.error(
    `${reason.service} ended by itself: ${reason.how}`,
    `Look at its log in ${stateDirectory}, then start again: what was under way goes on.`,
  );
  return exitCodes.failure;
}

async function mainJob(world: RunningWorld): Promise<ExitCode> {
  const { session } = world;
  const { output } = session;
  const { runMainJob } = await import('../demo/main-job.js');
  const { describeResults } = await import('../demo/results.js');
  const steps = await runMainJob(world);
  const { thingsToNotice } = await import('../demo/things-to-notice.js');
  const { answersOf } = await import('../../sandbox/world-answers.js');
  const [text, things] = await Promise.all([
    describeResults(session, steps),
    world.demo.kind === 'generated' ? thingsToNotice(await session.pool(), answersOf(world.demo.world)) : [],
  ]);
  const notable = things.map((thing) => `  ${thing.text}\n    ${world.siteUrl}${thing.path}`).join('\n');
  session.output.data(
    steps.map(({ title, run, ended, seconds }) => asFields({ title, ...run, ...ended, seconds })),
    () =>
      notable === '' ? `\n${text}` : `\n${text}\n\n${output.heading('Five things to notice')}\n${notable}`,
  );
  return gravest(steps.map(({ ended }) => exitCodeOf(ended)));
}
