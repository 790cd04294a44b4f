import type { Command } from 'commander';
import { collectionOf, currentWindow, type DueDeps } from '../../services/due-collections.js';
import { listAccounts, type Account } from '../../store/accounts.js';
import { showRelease } from '../../store/releases.js';
import type { CollectStatsInput } from '../../contracts/runs.js';
import type { Platform } from '../../contracts/vocabulary.js';
import { createSourceFor } from '../../sources/configured-sources.js';
import { platformArgument, wholeNumberArgument } from '../arguments.js';
import { exitCodes } from '../exit-codes.js';
import { CommandError } from '../command-error.js';
import { asFields } from '../fields.js';
import { followRun, tellRuns } from '../follow.js';
import { table } from '../output.js';
import { withSession, type Session } from '../session.js';
import type { Settle } from './settle.js';

interface CollectOptions {
  platform?: Platform;
  account?: string;
  release?: number;
  wait?: boolean;
  dryRun?: boolean;
}

export function addCollectCommand(program: Command, settle: Settle): void {
  program
    .command('collect')
    .description('collect now what the platforms tell, without waiting for the schedule')
    .option('--platform <name>', 'youtube or spotify; all by default', platformArgument)
    .option('--account <name>', 'one account; all by default')
    .option('--release <id>', 'only one release’s contents', wholeNumberArgument(1, 2_147_483_647))
    .option('--wait', 'wait for the end')
    .option('--dry-run', 'say what would be collected')
    .action((options: CollectOptions, self: Command) =>
      withSession(self, async (session) => {
        const inputs = await collectionsAskedFor(session, options);
        if (options.dryRun === true) {
          session.output.data(inputs.map(asFields), () =>
            table(
              ['platform', 'account', 'report', 'from', 'to', 'reading'],
              inputs.map(({ platform, account, report, window, reading }) => [
                platform,
                account,
                report,
                window.from,
                window.to,
                reading,
              ]),
            ),
          );
          return;
        }
        const starter = await session.starter();
        const runs = await Promise.all(
          inputs.map(async (input) => {
            const started = await starter.collect(input);
            const later = `tidemark run show '${started.workflowId}'`;
            return followRun(session, started, { wait: options.wait, later });
          }),
        );
        settle(tellRuns(session, runs));
      }),
    );
}

async function collectionsAskedFor(
  session: Session,
  { platform, account, release }: CollectOptions,
): Promise<CollectStatsInput[]> {
  const pool = await session.pool();
  if (release !== undefined) await showRelease(pool, release);
  const accounts = (await listAccounts(pool, platform === undefined ? {} : { platform })).filter(
    ({ name }) => account === undefined || name === account,
  );
  if (accounts.length === 0)
    throw new CommandError(
      'There is no such account.',
      exitCodes.notFound,
      'Leave --platform and --account out to collect every account.',
    );
  const active = accounts.filter(({ state }) => state === 'active');
  const paused = accounts
    .filter(({ state }) => state === 'paused')
    .map(
      ({ platform: where, name, stateReason }) =>
        `${where}/${name} is paused: ${stateReason ?? 'no reason given'}`,
    );
  if (active.length === 0)
    throw new CommandError(
      paused.join('\n'),
      exitCodes.conflict,
      'Renew the credential, then let it go on with “tidemark account resume”, such as youtube/main.',
    );
  for (const line of paused) session.output.progress(line);
  const deps: DueDeps = {
    pool,
    clock: session.clock,
    sourceFor: createSourceFor(session.configuration),
    settings: {
      updateFrequencyMinutes: (name) =>
        session.configuration.getPlatformConfig(name).update_frequency_minutes,
    },
  };
  const inputs: CollectStatsInput[] = [];
  for (const one of active) inputs.push(...(await collectionsOf(deps, one, release)));
  return inputs;
}

async function collectionsOf(
  deps: DueDeps,
  account: Account,
  release: number | undefined,
): Promise<CollectStatsInput[]> {
  // Exports are files; no platform can be asked for them.
  const reports = account.reports.filter((report) => report !== 'export');
  return Promise.all(
    reports.map(async (report) => ({
      ...(await collectionOf(deps, account, report, await currentWindow(deps, account, report))),
      ...(release === undefined ? {} : { release }),
    })),
  );
}
