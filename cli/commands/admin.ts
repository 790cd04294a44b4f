import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import type { AnalysisScope } from '../../contracts/runs.js';
import { exportDirectory } from '../../runtime/export-directory.js';
import { requireContents } from '../../services/known-contents.js';
import { cleanupOldData, type CleanupCounts } from '../../services/retention.js';
import { rotateKeys, type RotatedKey } from '../../services/access-keys.js';
import { gathered, wholeNumberArgument } from '../arguments.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { CommandError } from '../command-error.js';
import { followRun, tellRuns } from '../follow.js';
import { personAtHand } from '../person.js';
import { inRehearsableTransaction } from '../rehearsal.js';
import { withSession, type Session } from '../session.js';
import type { Settle } from './settle.js';

interface CleanupOptions {
  retentionDays: number;
  dryRun?: boolean;
  yes?: boolean;
}

interface RotateOptions {
  key?: number[];
  graceHours: number;
  dryRun?: boolean;
  yes?: boolean;
}

interface RecalculateOptions {
  content?: string[];
  wait?: boolean;
  dryRun?: boolean;
}

export function addAdminCommands(program: Command, settle: Settle): void {
  const admin = program.command('admin').description('what only an administrator does');
  admin
    .command('cleanup')
    .description(
      'remove what is past its days: raw instants, replaced results, settled ledger rows; exports and sessions that are over',
    )
    .option('--retention-days <days>', 'days that are kept', wholeNumberArgument(1, 36_500), 365)
    .option('--dry-run', 'count what would go')
    .option('--yes', 'do not ask')
    .action((options: CleanupOptions, self: Command) =>
      withSession(self, async (session) => settle(await cleanUp(session, options))),
    );
  admin
    .command('recalculate')
    .description('analyze again, the whole chain')
    .option('--content <id>', 'only this one; may be repeated', gathered(String))
    .option('--wait', 'wait for the end')
    .option('--dry-run', 'say what would be analyzed')
    .action((options: RecalculateOptions, self: Command) =>
      withSession(self, async (session) => settle(await recalculate(session, options))),
    );
  admin
    .command('rotate-keys')
    .description('give every key of the API that holds a successor; the new ones are shown this once')
    .option('--key <id>', 'only this one; may be repeated', gathered(wholeNumberArgument(1, 2 ** 31 - 1)))
    .option('--grace-hours <hours>', 'what is replaced holds so long', wholeNumberArgument(0, 8_760), 24)
    .option('--dry-run', 'say which would be replaced')
    .option('--yes', 'do not ask')
    .action((options: RotateOptions, self: Command) =>
      withSession(self, async (session) => settle(await rotate(session, options))),
    );
}

async function rotate(session: Session, { key, graceHours, dryRun, yes }: RotateOptions): Promise<ExitCode> {
  const { clock, output } = session;
  const pool = await session.pool();
  const request = { ids: key ?? null, graceHours, createdBy: personAtHand(session, undefined) };
  const rotateIn = (rehearse: boolean): Promise<RotatedKey[]> =>
    inRehearsableTransaction(pool, rehearse, (client) => rotateKeys(client, request, clock));
  const planned = await rotateIn(true);
  const plan = `${planned.length === 1 ? '1 key' : `${String(planned.length)} keys`} would be replaced: ${planned.map(({ replaced }) => `${String(replaced.id)} (${replaced.name})`).join(', ') || 'none'}.`;
  if (dryRun === true) {
    output.data(planned.map(rehearsedFields), () => plan);
    return exitCodes.ok;
  }
  if (yes !== true && !(await agrees(plan, 'Replace them?'))) {
    output.data([], () => 'Nothing was replaced.');
    return exitCodes.failure;
  }
  const rotated = await rotateIn(false);
  output.data(
    rotated.map((one) => ({ ...rehearsedFields(one), id: one.kept.id, key: one.key })),
    () =>
      [
        ...rotated.map(
          ({ key: made, kept, replaced }) => `${made}  ${kept.name}, in place of key ${String(replaced.id)}`,
        ),
        `The new keys are not shown again; what they replace ${graceHours === 0 ? 'has ended' : `holds for ${String(graceHours)} hours`}.`,
      ].join('\n'),
  );
  return exitCodes.ok;
}

function rehearsedFields({ kept, replaced }: RotatedKey): Record<string, unknown> {
  return {
    id: null,
    name: kept.name,
    scopes: kept.scopes,
    artist_ids: kept.artistIds,
    expires_at: kept.expiresAt?.toISOString() ?? null,
    replaced_id: replaced.id,
    replaced_ends_at: (replaced.revokedAt ?? replaced.expiresAt)?.toISOString() ?? null,
  };
}

async function cleanUp(session: Session, { retentionDays, dryRun, yes }: CleanupOptions): Promise<ExitCode> {
  const { clock, configuration, output } = session;
  const deps = { pool: await session.pool(), clock, directory: exportDirectory(configuration) };
  const wouldGo = await cleanupOldData(deps, retentionDays, { dryRun: true });
  if (dryRun === true) {
    output.data(wouldGo, () => countsText(wouldGo));
    return exitCodes.ok;
  }
  if (yes !== true && !(await agrees(countsText(wouldGo)))) {
    output.data({ ...wouldGo, removed: false }, () => 'Nothing was removed.');
    return exitCodes.failure;
  }
  const counts = await cleanupOldData(deps, retentionDays, {
    dryRun: false,
    onProgress: (removed) => output.progress(`${String(removed)} instants removed`),
  });
  output.data(counts, () => countsText(counts));
  return exitCodes.ok;
}

/** @throws CommandError where nobody sits at the terminal */
async function agrees(question: string, act = 'Remove it?'): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new CommandError(
      'It cannot be undone, and nobody is there to be asked.',
      exitCodes.usage,
      'Look at it with --dry-run, and add --yes.',
    );
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question}\n${act} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}

function countsText(counts: CleanupCounts): string {
  const { removed_snapshots, removed_results, removed_ledger_rows, cutoff } = counts;
  const verb = counts.dry_run ? 'Would remove' : 'Removed';
  return (
    `${verb} from before ${cutoff.slice(0, 10)}: ${String(removed_snapshots)} raw instants (their days stay), ` +
    `${String(removed_results)} replaced results, ${String(removed_ledger_rows)} ledger rows; ` +
    `and ${String(counts.removed_exports)} expired exports, ${String(counts.removed_answers)} kept answers and ` +
    `${String(counts.removed_sessions)} sessions that are over.`
  );
}

async function recalculate(
  session: Session,
  { content, wait, dryRun }: RecalculateOptions,
): Promise<ExitCode> {
  const known = content === undefined ? null : await requireContents(await session.pool(), content);
  const scope: AnalysisScope =
    known === null
      ? { kind: 'all' }
      : { kind: 'contents', contentIds: known.map(({ contentKey }) => contentKey) };
  if (dryRun === true) {
    const what = known === null ? 'all contents' : known.map(({ contentKey }) => contentKey).join(', ');
    session.output.data(
      { content_ids: known?.map(({ contentKey }) => contentKey) ?? null, chain: 'full', started: false },
      () => `Would analyze ${what}.`,
    );
    return exitCodes.ok;
  }
  const starter = await session.starter();
  const started = await starter.analyze({ scope, chain: 'full', cause: 'recalculate' });
  const later = `tidemark run show '${started.workflowId}'`;
  return tellRuns(session, [await followRun(session, started, { wait, later })]);
}
