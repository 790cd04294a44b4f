/** Imports of files, shared by the activity and the command line. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { addCounts, noRows, type LoadCounts } from '../contracts/records.js';
import type { ImportFileInput, ImportFileResult } from '../contracts/runs.js';
import { dayOfName, readDailyStreams } from '../sources/files/daily-streams.js';
import { FileFormatError } from '../sources/files/file-format-error.js';
import { readLongCsv, type FileCursor } from '../sources/files/long-csv.js';
import { loadDailyChunks, type DailyChunk } from '../store/load/load-days.js';
import { loadSnapshotChunks, type SnapshotChunk } from '../store/load/load-snapshots.js';
import { defaultChunkRows, type LoadOptions, type RunContext } from '../store/load/options.js';
import { BadInputError } from './bad-input.js';

/** How far an import is: everything before it is committed. Small enough for a heartbeat. */
export interface ImportCursor {
  /** Files that are done, by their number in order of name. */
  files: number;
  /** Where to go on in the file after those; null at its beginning. */
  within: FileCursor | null;
  /** Data lines so far, taken and set aside. */
  rows: number;
  counts: LoadCounts;
}

export interface ImportRequest extends Pick<ImportFileInput, 'path' | 'format'> {
  run: RunContext & { id: string };
  /** The account whose new contents they become, and whose calendar `export` is written; null for none. */
  accountId: number | null;
  /** What an earlier attempt had committed. */
  resumeFrom?: ImportCursor | undefined;
  /** Told after each commit. */
  onProgress?: ((cursor: ImportCursor) => void) | undefined;
  signal?: AbortSignal | undefined;
  chunkRows?: number | undefined;
  /** What a single file is called in quarantine and errors; its path unless told. */
  origin?: string | undefined;
}

/**
 * Imports a file, or the files of a folder in order of name. Bad rows are set aside in quarantine in the
 * transaction of their good neighbours; what was taken and what was set aside are all rows there are. Importing
 * the same again changes nothing, and an import that was broken off goes on from its progress.
 *
 * New contents become the account's, and a daily export covers its days in the account's ledger.
 *
 * @throws BadInputError when a file is missing or of another form; nothing of that file is loaded then, and of
 *   a folder of daily files nothing when a name tells no day
 * @throws StoreError
 */
export async function importFile(pool: Pool, request: ImportRequest): Promise<ImportFileResult> {
  try {
    return await importFiles(pool, request);
  } catch (error) {
    if (error instanceof FileFormatError) throw new BadInputError(error.message, { cause: error });
    if (unreadable.has(systemCode(error))) {
      throw new BadInputError(`${request.path} cannot be read (${systemCode(error)})`, { cause: error });
    }
    throw error;
  }
}

const unreadable: ReadonlySet<string> = new Set(['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR', 'EPERM']);

function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

async function importFiles(pool: Pool, request: ImportRequest): Promise<ImportFileResult> {
  const files = await importedFiles(request);
  const from = request.resumeFrom ?? { files: 0, within: null, rows: 0, counts: noRows };
  let cursor = from;
  const committed: Committed = (lines, done, within, counts) => {
    cursor = { files: done, within, rows: cursor.rows + lines, counts: addCounts(cursor.counts, counts) };
    request.onProgress?.(cursor);
  };
  const options: LoadOptions = {
    source: 'imported',
    run: request.run,
    account: request.accountId === null ? undefined : { id: request.accountId, report: 'export' },
    signal: request.signal,
  };
  const chunkRows = request.chunkRows ?? defaultChunkRows;
  if (request.format === 'long-csv') {
    await loadSnapshotChunks(
      pool,
      longCsvChunks(files, from, { chunkRows, origin: request.origin }, committed),
      options,
    );
  } else {
    await loadDailyChunks(
      pool,
      dailyChunks(files, from, { chunkRows, origin: request.origin }, committed),
      options,
    );
  }
  return { runId: request.run.id, files: files.length, rows: cursor.rows, counts: cursor.counts };
}

interface ReadOptions {
  chunkRows: number;
  origin: string | undefined;
}

type Committed = (lines: number, files: number, within: FileCursor | null, counts: LoadCounts) => void;

async function* longCsvChunks(
  files: readonly string[],
  from: ImportCursor,
  options: ReadOptions,
  committed: Committed,
): AsyncGenerator<SnapshotChunk> {
  for (let file = from.files; file < files.length; file++) {
    const path = files[file]!;
    const resumeFrom = file === from.files ? (from.within ?? undefined) : undefined;
    for await (const { columns, quarantined, lines, cursor } of readLongCsv(path, {
      ...options,
      resumeFrom,
    })) {
      yield { columns, quarantined, committed: (counts) => committed(lines, file, cursor, counts) };
    }
  }
}

/** Several days' files go into one transaction, as many as make a chunk; each covers its day. */
async function* dailyChunks(
  files: readonly string[],
  from: ImportCursor,
  { chunkRows, origin }: ReadOptions,
  committed: Committed,
): AsyncGenerator<DailyChunk> {
  let chunk = { rows: [], quarantined: [], covered: [] } as MutableDailyChunk;
  let lines = 0;
  for (let file = from.files; file < files.length; file++) {
    const path = files[file]!;
    const read = await readDailyStreams(path, origin);
    chunk.rows.push(...read.rows);
    chunk.quarantined.push(...read.quarantined);
    chunk.covered.push({ day: read.day, final: true });
    lines += read.lines;
    if (chunk.rows.length + chunk.quarantined.length < chunkRows && file + 1 < files.length) continue;
    const taken = lines;
    yield { ...chunk, committed: (counts) => committed(taken, file + 1, null, counts) };
    chunk = { rows: [], quarantined: [], covered: [] };
    lines = 0;
  }
}

interface MutableDailyChunk {
  rows: DailyChunk['rows'][number][];
  quarantined: NonNullable<DailyChunk['quarantined']>[number][];
  covered: NonNullable<DailyChunk['covered']>[number][];
}

/**
 * The files that an import reads, in order of name.
 * @throws FileFormatError for a folder without any, or one of daily files in which a name tells no day
 */
export async function importedFiles({
  path,
  format,
}: Pick<ImportFileInput, 'path' | 'format'>): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => /\.csv$/i.test(name)).sort();
  const files = names.map((name) => join(path, name));
  if (files.length === 0) {
    throw new FileFormatError(
      path,
      1,
      'the folder holds no .csv file',
      format === 'long-csv' ? 'a file or a folder of CSV files' : 'a folder of STREAMS_2026_01_05.csv files',
      'Name the folder that holds them.',
    );
  }
  if (format === 'daily-streams') for (const file of files) dayOfName(file);
  return files;
}
