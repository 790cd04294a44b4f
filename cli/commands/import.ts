import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import type { ImportFileInput } from '../../contracts/runs.js';
import { importAccountId } from '../../services/import-account.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { CommandError } from '../command-error.js';
import { asFields } from '../fields.js';
import { followRun, tellRuns, type FollowedRun } from '../follow.js';
import { describePreview, previewImport, requireHeader, type ImportPreview } from '../import-preview.js';
import { withSession, type Session } from '../session.js';
import type { Settle } from './settle.js';

const formats: readonly ImportFileInput['format'][] = ['long-csv', 'daily-streams'];

interface CsvOptions {
  format: ImportFileInput['format'];
  account?: string;
  wait?: boolean;
  analyze?: boolean;
  dryRun?: boolean;
}

export function addImportCommand(program: Command, settle: Settle): void {
  program
    .command('import')
    .description('files that people have')
    .command('csv <files...>')
    .description('load files, or folders of files in order of name; bad rows go to quarantine')
    .option('--format <format>', formats.join(' or '), formatArgument, 'long-csv')
    .option('--account <name>', 'the account whose coverage the files speak of')
    .option('--analyze', 'analyze what was touched afterwards')
    .option('--wait', 'wait for the end')
    .option('--dry-run', 'read the files through, say what would be quarantined, load nothing')
    .action((files: string[], options: CsvOptions, self: Command) =>
      withSession(self, async (session) => {
        for (const file of files) requireFile(file);
        if (options.dryRun === true) {
          settle(await preview(session, files, options.format));
          return;
        }
        for (const file of files) await requireHeader({ path: path.resolve(file), format: options.format });
        settle(tellRuns(session, await importFiles(session, files, options)));
      }),
    );
}

async function preview(
  session: Session,
  files: readonly string[],
  format: ImportFileInput['format'],
): Promise<ExitCode> {
  const previews: ImportPreview[] = [];
  for (const file of files) previews.push(await previewImport({ path: path.resolve(file), format }));
  session.output.data(previews.map(asFields), () => previews.map(describePreview).join('\n\n'));
  return previews.some(({ quarantined }) => quarantined > 0) ? exitCodes.rejectedRows : exitCodes.ok;
}

/** One after another where they are waited for: what a later file says of the same counts. */
async function importFiles(
  session: Session,
  files: readonly string[],
  { format, account: told, analyze = false, wait }: CsvOptions,
): Promise<FollowedRun[]> {
  const account = told ?? null;
  await importAccountId(await session.pool(), { format, account });
  const starter = await session.starter();
  const runs: FollowedRun[] = [];
  for (const file of files) {
    const started = await starter.importFile({ path: path.resolve(file), format, account, analyze });
    const later = `tidemark run show '${started.workflowId}'`;
    runs.push(await followRun(session, started, { wait, later }));
  }
  return runs;
}

function formatArgument(text: string): ImportFileInput['format'] {
  const format = formats.find((known) => known === text);
  if (format === undefined)
    throw new InvalidArgumentError(`“${text}” is no format; one of ${formats.join(', ')}.`);
  return format;
}

function requireFile(file: string): void {
  if (!existsSync(file))
    throw new CommandError(`There is no file ${file}.`, exitCodes.notFound, 'Check the path.');
  if (statSync(file).isFile() && statSync(file).size === 0)
    throw new CommandError(
      `${file} is empty.`,
      exitCodes.rejectedRows,
      'Export it again; a file has a header and at least one row.',
    );
}
