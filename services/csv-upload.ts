/** A CSV that somebody uploads: looked through before, loaded by the import's own path, its rejects given back. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Pool } from 'pg';
import type { Clock } from '../contracts/ports.js';
import type { LoadCounts, QuarantinedRow } from '../contracts/records.js';
import type { ImportFileInput } from '../contracts/runs.js';
import { csvLine, splitCsvLine } from '../sources/files/csv-line.js';
import { readDailyStreams } from '../sources/files/daily-streams.js';
import { FileFormatError } from '../sources/files/file-format-error.js';
import { readLongCsv } from '../sources/files/long-csv.js';
import { failLostRuns } from '../store/runs.js';
import { BadInputError } from './bad-input.js';
import { importAccountId } from './import-account.js';
import { importFile } from './import-file.js';
import { inLedger } from './ledger-run.js';
import { goodRowsOf, type GoodRow } from './upload-sample.js';

export interface UploadedFile {
  /** Where it is kept, under its own name: a daily file's day is told by it. */
  path: string;
  format: ImportFileInput['format'];
}

export interface RejectedRow {
  line: number;
  /** Null where the line as a whole is ill-formed. */
  field: string | null;
  reason: string;
  /** The line, as far as 500 characters. */
  raw: string;
}

export interface UploadPreview {
  name: string;
  sha256: string;
  format: ImportFileInput['format'];
  /** Data lines: good and bad ones. */
  rows: number;
  good: number;
  bad: number;
  good_rows: GoodRow[];
  bad_rows: RejectedRow[];
}

export interface CommittedUpload {
  run_id: string;
  name: string;
  sha256: string;
  rows: number;
  counts: LoadCounts;
}

const previewChunkRows = 20_000;

/**
 * Reads the whole file and loads nothing.
 * @param examples good and bad rows to show of each at most; the counts are of all
 * @throws BadInputError for a file that is missing or has no such header, with what was expected
 */
export async function previewUpload(file: UploadedFile, examples = 50): Promise<UploadPreview> {
  const preview = { rows: 0, bad: 0, good_rows: [] as GoodRow[], bad_rows: [] as RejectedRow[] };
  for await (const { lines, quarantined, good } of readUpload(file, examples)) {
    preview.rows += lines;
    preview.bad += quarantined.length;
    preview.good_rows.push(...good.slice(0, Math.max(0, examples - preview.good_rows.length)));
    const wanted = Math.max(0, examples - preview.bad_rows.length);
    for (const { line, field, reason, raw } of quarantined.slice(0, wanted))
      preview.bad_rows.push({ line, field, reason, raw });
  }
  const { path, format } = file;
  const sha256 = await digestOf(path);
  return { name: basename(path), sha256, format, ...preview, good: preview.rows - preview.bad };
}

/**
 * Loads the file in this process, as a run of the ledger; bad rows go to quarantine. Loading the same again
 * changes nothing and quarantines nothing twice.
 * @param pool of the worker's rights: loading writes tables that the application's role may only read
 * @param account as `main` or `youtube/main`, whose contents new ones become; null for none
 * @throws BadInputError as `previewUpload`, and for an account that is none
 * @throws StoreError
 */
export async function commitUpload(
  { pool, clock }: { pool: Pool; clock: Clock },
  { path, format }: UploadedFile,
  { account = null, signal }: { account?: string | null; signal?: AbortSignal } = {},
): Promise<CommittedUpload> {
  const accountId = await importAccountId(pool, { account, format });
  const name = basename(path);
  const sha256 = await digestOf(path);
  const place = sha256.slice(0, 12);
  const now = clock.now();
  // Whoever loads the same file again does so because the first time came to no end.
  await failLostRuns(pool, { idPrefix: `upload/${place}/`, startedBefore: now, finishedAt: now });
  return inLedger(
    { pool, clock },
    { kind: 'import', workflowId: `upload/${place}/${randomUUID()}`, accountId },
    async (run) => {
      const origin = `upload ${place}/${name}`;
      const { rows, counts } = await importFile(pool, { path, format, run, accountId, signal, origin });
      return { run_id: run.id, name, sha256, rows, counts };
    },
  );
}

/**
 * The bad rows as CSV in the file's own columns, with line, field and reason after them: once mended, the file
 * can be uploaded as it is. A line that cannot be taken apart stands in the first column as a whole.
 * @throws BadInputError as `previewUpload`
 */
export async function* rejectsCsv(file: UploadedFile): AsyncGenerator<string> {
  let columns: number | null = null;
  for await (const { quarantined } of readUpload(file, 0)) {
    let text = '';
    for (const { line, field, reason, raw, header = '' } of quarantined) {
      if (columns === null) {
        const names = fieldsOf(header) ?? [];
        columns = names.length;
        text += `${csvLine([...names, 'reject_line', 'reject_field', 'reject_reason'])}\r\n`;
      }
      const fields = fieldsOf(raw);
      const told = fields?.length === columns ? fields : [raw, ...Array<string>(columns - 1).fill('')];
      text += `${csvLine([...told, String(line), field ?? '', reason])}\r\n`;
    }
    if (text !== '') yield text;
  }
}

interface ReadPart {
  lines: number;
  quarantined: readonly QuarantinedRow[];
  good: GoodRow[];
}

async function* readUpload({ path, format }: UploadedFile, examples: number): AsyncGenerator<ReadPart> {
  const origin = basename(path);
  try {
    if (format === 'daily-streams') {
      const { rows, lines, quarantined } = await readDailyStreams(path, origin);
      yield { lines, quarantined, good: goodRowsOf({ days: rows }, examples) };
      return;
    }
    for await (const { columns, lines, quarantined } of readLongCsv(path, {
      origin,
      chunkRows: previewChunkRows,
    }))
      yield { lines, quarantined, good: goodRowsOf({ columns }, examples) };
  } catch (error) {
    if (error instanceof FileFormatError) throw new BadInputError(error.message, { cause: error });
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new BadInputError(`There is no file ${origin}`, { cause: error });
    throw error;
  }
}

function fieldsOf(line: string): string[] | null {
  return splitCsvLine(Buffer.from(line))?.map((field) => field.toString()) ?? null;
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
