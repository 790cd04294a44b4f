import { spawn } from 'node:child_process';
import { InvalidArgumentError, type Command } from 'commander';
import {
  cancelRun,
  listRunsWithLinks,
  showRun,
  type ListedRun,
  type RunDeps,
} from '../../operations/runs.js';
import type { RunState } from '../../contracts/runs.js';
import { wholeNumberArgument } from '../arguments.js';
import { exitCodes } from '../exit-codes.js';
import { CommandError } from '../command-error.js';
import { asFields, fieldLines, type Fields } from '../fields.js';
import { table } from '../output.js';
import { withSession, type Session } from '../session.js';
import type { Settle } from './settle.js';

const states: readonly RunState[] = ['running', 'succeeded', 'partial', 'failed', 'cancelled'];

interface ListOptions {
  state?: RunState;
  limit: number;
}

export function addRunCommands(program: Command, settle: Settle): void {
  const run = program.command('run').description('what ran, from the ledger, with a link into Temporal’s UI');
  run
    .command('list')
    .description('runs, the newest first')
    .option('--state <state>', states.join(', '), stateArgument)
    .option('-n, --limit <count>', 'how many', wholeNumberArgument(1, 1_000), 20)
    .action((options: ListOptions, self: Command) =>
      withSession(self, async (session) => {
        const { limit, state } = options;
        const runs = await listRunsWithLinks(
          { pool: await session.pool(), ui: session.ui },
          { limit, ...(state === undefined ? {} : { state }) },
        );
        session.output.data(runs.map(fieldsOf), () =>
          table(
            ['run', 'what', 'state', 'started', 'took', 'failure'],
            runs.map((listed) => [
              listed.id,
              listed.workflowId,
              listed.state,
              listed.startedAt.toISOString().slice(0, 19).replace('T', ' '),
              tookOf(listed),
              listed.failureKind,
            ]),
          ),
        );
      }),
    );
  run
    .command('show <run>')
    .description('one run, by its number or its workflow id')
    .action((id: string, _: unknown, self: Command) =>
      withSession(self, async (session) => {
        const shown = await showRun(await depsOf(session), id);
        const fields = { ...fieldsOf(shown), temporal: shown.temporal && asFields(shown.temporal) };
        session.output.data(fields, () => fieldLines(fields));
        if (shown.state === 'failed') settle(exitCodes.failure);
        if (shown.state === 'partial') settle(exitCodes.partial);
      }),
    );
  run
    .command('open <run>')
    .description('open a run’s page in Temporal’s UI, or print its address where there is no browser')
    .action((id: string, _: unknown, self: Command) =>
      withSession(self, async (session) => {
        const { url, workflowId } = await showRun(await depsOf(session), id);
        if (url === null)
          throw new CommandError(
            `${workflowId} ran outside of Temporal and has no page there.`,
            exitCodes.notFound,
            `See it with “tidemark run show ${id}”.`,
          );
        session.output.data({ url }, () => url);
        if (process.stdout.isTTY) openInBrowser(url);
      }),
    );
  run
    .command('cancel <run>')
    .description('ask a run that is under way to end')
    .option('--dry-run', 'check and ask for nothing')
    .action((id: string, options: { dryRun?: boolean }, self: Command) =>
      withSession(self, async (session) => {
        const deps = await depsOf(session);
        const rehearse = options.dryRun === true;
        const { workflowId, temporal, state } = await (rehearse ? showRun(deps, id) : cancelRun(deps, id));
        if (rehearse && temporal?.status !== 'RUNNING')
          throw new CommandError(`${workflowId} is not under way (${state}).`, exitCodes.conflict);
        session.output.data(
          { workflow_id: workflowId, asked: !rehearse },
          () => `${rehearse ? 'Would ask' : 'Asked'} ${workflowId} to end.`,
        );
      }),
    );
}

async function depsOf(session: Session): Promise<RunDeps> {
  const [pool, { client }] = await Promise.all([session.pool(), session.temporal()]);
  return { pool, client, ui: session.ui };
}

function fieldsOf({ id, ...run }: ListedRun): Fields {
  return { run: id, ...asFields(run) };
}

function tookOf({ startedAt, finishedAt }: ListedRun): string | null {
  return finishedAt === null
    ? null
    : `${((finishedAt.getTime() - startedAt.getTime()) / 1_000).toFixed(1)} s`;
}

function stateArgument(text: string): RunState {
  const state = states.find((known) => known === text);
  if (state === undefined)
    throw new InvalidArgumentError(`“${text}” is no state; one of ${states.join(', ')}.`);
  return state;
}

/** A browser that is not there is no failure: the address has been printed. */
function openInBrowser(url: string): void {
  const command = { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? 'xdg-open';
  const browser = spawn(command, [url], { detached: true, stdio: 'ignore' });
  browser.once('error', () => undefined);
  browser.unref();
}
