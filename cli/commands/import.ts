import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import type { ImportFileInput } from '../../contracts/runs.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { CommandError } from '../failures.js';
import { withSession } from '../session.js';
import { followRun } from '../wait.js';
import type { Settle } from './settle.js';

const formats: readonly ImportFileInput['format'][] = ['long-csv', 'daily-streams'];

interface CsvOptions {
  format: ImportFileInput['format'];
  account?: string;
  wait?: boolean;
  analyze?: boolean;
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
    .action((files: string[], options: CsvOptions, self: Command) =>
      withSession(self, async (session) => {
        for (const file of files) requireFile(file);
        const starter = await session.starter();
        let worst: ExitCode = exitCodes.ok;
        for (const file of files) {
          const started = await starter.importFile({
            path: path.resolve(file),
            format: options.format,
            account: options.account ?? null,
            analyze: options.analyze === true,
          });
          const code = await followRun(session, started, {
            wait: options.wait,
            later: `tidemark run show '${started.workflowId}'`,
          });
          if (code !== exitCodes.ok) worst = code;
        }
        settle(worst);
      }),
    );
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
