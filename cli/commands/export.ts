import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import path from 'node:path';
import { Option, type Command } from 'commander';
import {
  exportDatasets,
  exportFormats,
  type ExportDataset,
  type ExportFormat,
  type ExportRequest,
} from '../../contracts/exports.js';
import { exportDirectory } from '../../runtime/export-directory.js';
import { openExport, requestExport, type ExportDeps } from '../../services/exports/background-exports.js';
import { countDataset } from '../../services/exports/export-filter.js';
import { streamDataset } from '../../services/exports/stream-dataset.js';
import { writeWholeFile } from '../../services/exports/write-whole-file.js';
import { gathered, platformArgument } from '../arguments.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { CommandError } from '../command-error.js';
import { fieldLines } from '../fields.js';
import { followRun } from '../follow.js';
import { table } from '../output.js';
import { personAtHand } from '../person.js';
import { withSession, type Session } from '../session.js';
import type { Settle } from './settle.js';

interface ExportOptions {
  format: ExportFormat;
  dataset: ExportDataset;
  timeframe: string;
  platform?: string[];
  content?: string[];
  includeMetadata?: boolean;
  out?: string;
  background?: boolean;
  wait?: boolean;
  by?: string;
  dryRun?: boolean;
}

export function addExportCommand(program: Command, settle: Settle): void {
  program
    .command('export')
    .description('figures as a file, or on standard output')
    .addOption(new Option('--format <format>', 'of the file').choices(exportFormats).makeOptionMandatory())
    .addOption(new Option('--dataset <name>', 'what of').choices(exportDatasets).default('content'))
    .option('--timeframe <length>', '24h, 7d, 28d, 30d, 90d or 1y up to now, or mtd', '30d')
    .option('--platform <name>', 'only this one; may be repeated', gathered(platformArgument))
    .option('--content <id>', 'only this one; may be repeated', gathered(String))
    .option('--include-metadata', 'say in the file what it is and what its columns are')
    .option('--out <file>', 'write it there instead of to standard output')
    .option('--background', 'let a worker make it, to be fetched by a link that expires')
    .option('--wait', 'wait until a worker has made it')
    .option('--by <name>', 'who asks for it; the shell’s user unless told')
    .option('--dry-run', 'count the rows and write nothing')
    .action((options: ExportOptions, self: Command) =>
      withSession(self, async (session) => {
        const request = requestOf(options);
        requireWay(session, options);
        if (options.dryRun === true) await count(session, request);
        else if (options.background === true) settle(await inBackground(session, request, options));
        else if (options.out === undefined) await toStandardOutput(session, request);
        else await toFile(session, request, options.out);
      }),
    );
}

function requestOf({
  format,
  dataset,
  timeframe,
  platform,
  content,
  includeMetadata,
}: ExportOptions): ExportRequest {
  return {
    ...{ format, dataset, timeframe },
    platforms: platform ?? null,
    contentIds: content ?? null,
    includeMetadata: includeMetadata ?? false,
  };
}

/** @throws CommandError for options that contradict each other */
function requireWay({ output }: Session, { format, out, background, wait, dryRun }: ExportOptions): void {
  const usage = (message: string, mend: string): CommandError =>
    new CommandError(message, exitCodes.usage, mend);
  if (dryRun === true) return;
  if (background === true) {
    if (out !== undefined && wait !== true)
      throw usage('A file cannot be written before a worker has made it.', 'Add --wait, or leave --out out.');
  } else if (out === undefined && (format === 'xlsx' || (output.json && format !== 'json')))
    throw usage(
      format === 'xlsx' ? 'A workbook is no text.' : 'Standard output holds one JSON document under --json.',
      'Name a file with --out.',
    );
}

async function count(session: Session, request: ExportRequest): Promise<void> {
  const sections = await countDataset(await session.pool(), request, filterOptions(session));
  session.output.data({ dataset: request.dataset, format: request.format, sections, exported: false }, () =>
    table(
      ['section', 'rows'],
      sections.map(({ section, rows }) => [section, rows]),
    ),
  );
}

async function toStandardOutput(session: Session, request: ExportRequest): Promise<void> {
  const stream = await streamDataset(await session.pool(), request, filterOptions(session));
  try {
    await pipeline(Readable.from(stream), process.stdout, { end: false });
  } catch (error) {
    // Whoever reads the pipe has had enough, such as `head`.
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}

async function toFile(session: Session, request: ExportRequest, out: string): Promise<void> {
  const stream = await streamDataset(await session.pool(), request, filterOptions(session));
  const bytes = await writeWholeFile(path.resolve(out), stream);
  const { dataset, format } = request;
  session.output.data(
    { dataset, format, file: path.resolve(out), rows: stream.rows(), bytes },
    () => `${String(stream.rows())} rows, ${String(bytes)} bytes: ${out}`,
  );
}

async function inBackground(
  session: Session,
  request: ExportRequest,
  { wait, out, by }: ExportOptions,
): Promise<ExitCode> {
  const deps = await exportDeps(session);
  const starter = await session.starter();
  const requested = await requestExport({ ...deps, starter }, request, personAtHand(session, by));
  const { run, token, ...shown } = requested;
  const id = shown.export_id;
  const followed = await followRun(session, run!, { wait, later: `tidemark run show '${run!.workflowId}'` });
  let file: string | null = null;
  if (followed.exitCode === exitCodes.ok && out !== undefined) {
    const { stream } = await openExport(deps, id, token);
    await writeWholeFile(path.resolve(out), stream as AsyncIterable<Uint8Array>);
    file = path.resolve(out);
  }
  const fields = {
    ...{ export_id: id, token, file_name: shown.file_name, expires_at: shown.expires_at, file },
    run: followed.fields,
  };
  session.output.data(fields, () => `${fieldLines({ ...fields, run: undefined })}\n\n${followed.text}`);
  return followed.exitCode;
}

function filterOptions({ clock, configuration }: Session): { now: Date; halfLifeDays: number } {
  return { now: clock.now(), halfLifeDays: configuration.STOCK_HALF_LIFE_DAYS };
}

async function exportDeps(session: Session): Promise<ExportDeps> {
  const { configuration, clock } = session;
  return {
    pool: await session.pool(),
    clock,
    directory: exportDirectory(configuration),
    linkHours: configuration.EXPORT_LINK_HOURS,
    halfLifeDays: configuration.STOCK_HALF_LIFE_DAYS,
  };
}
