/** Rows that were set aside: mended and loaded after all, or dismissed. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Pool } from 'pg';
import type { Clock } from '../contracts/ports.js';
import type { LoadCounts } from '../contracts/records.js';
import { csvLine, rawCharacters, splitCsvLine } from '../sources/files/csv-line.js';
import { readDailyStreams } from '../sources/files/daily-streams.js';
import { longCsvColumns } from '../sources/files/long-csv-rows.js';
import { readLongCsv } from '../sources/files/long-csv.js';
import { StoreError } from '../store/errors.js';
import { getQuarantined, resolveQuarantined, type StoredQuarantinedRow } from '../store/quarantine.js';
import type { Queryable } from '../store/queryable.js';
import { BadInputError } from './bad-input.js';
import { importFile } from './import-file.js';
import { inLedger } from './ledger-run.js';

export interface ReplayRequest {
  id: string;
  /** Field → value in its place; fields by the names of the file's columns, in any case. */
  set: Readonly<Record<string, string>>;
  /** Whoever mends it. */
  by: string;
}

export interface ReplayOutcome {
  id: string;
  state: StoredQuarantinedRow['state'];
  /** The line as it was, or would be, loaded. */
  mended: string;
  /** Why the mended line is still no good; null where it is. */
  refused: { field: string | null; reason: string } | null;
  /** Null where nothing was loaded: refused, rehearsed, or replayed before. */
  run_id: string | null;
  counts: LoadCounts | null;
}

/**
 * Reads the row again with the fields told and loads it by the import's own path, as a run of the ledger. A row
 * that was replayed stays so, whatever is told; one that is still no good stays open and loads nothing.
 * @param pool of the worker's rights: loading writes tables that the application's role may only read
 * @throws BadInputError for a field that the row lacks, for a row that cannot be taken apart or was kept only in
 *   part unless every field is told
 * @throws StoreError `notFound`; `conflict` for a row that was dismissed
 */
export async function replayQuarantined(
  { pool, clock }: { pool: Pool; clock: Clock },
  { id, set, by }: ReplayRequest,
  { dryRun = false }: { dryRun?: boolean } = {},
): Promise<ReplayOutcome> {
  const row = await getQuarantined(pool, id);
  if (row.state === 'dismissed')
    throw new StoreError('conflict', `Row ${id} was dismissed`, {
      hint: 'Import the line in a file of its own.',
    });
  if (row.state === 'replayed')
    return {
      id,
      state: 'replayed',
      mended: row.mended ?? row.raw,
      refused: null,
      run_id: null,
      counts: null,
    };
  const { header, mended, format } = mendedLine(row, set);
  const directory = await mkdtemp(join(tmpdir(), 'tidemark-replay-'));
  try {
    // The name of a daily file tells its day, so it is kept.
    const path = join(directory, basename(row.origin));
    await writeFile(path, `${header}\n${mended}\n`);
    const refused = await refusalOf(path, format, row.origin);
    if (refused !== null || dryRun) return { id, state: 'open', mended, refused, run_id: null, counts: null };
    // A daily file's one row does not cover its day, which importing for an account would say.
    const accountId = format === 'long-csv' ? row.accountId : null;
    const ledgerRun = { kind: 'import', workflowId: `replay/${id}`, accountId } as const;
    return await inLedger({ pool, clock }, ledgerRun, async (run) => {
      const { counts } = await importFile(pool, { path, format, run, accountId, origin: row.origin });
      await resolveQuarantined(pool, id, { state: 'replayed', mended, note: null, by, at: run.now });
      return { id, state: 'replayed', mended, refused: null, run_id: run.id, counts };
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * Lets a row be: it is kept, and no longer asks to be looked at. Dismissing it again changes nothing.
 * @returns whether it was open
 * @throws StoreError `notFound`; `conflict` for a row that was replayed
 */
export async function dismissQuarantined(
  { db, clock }: { db: Queryable; clock: Clock },
  { id, by, note = null }: { id: string; by: string; note?: string | null },
): Promise<boolean> {
  const resolution = { state: 'dismissed', mended: null, note, by, at: clock.now() } as const;
  const dismissed = await resolveQuarantined(db, id, resolution);
  if (!dismissed && (await getQuarantined(db, id)).state === 'replayed')
    throw new StoreError('conflict', `Row ${id} was replayed already`);
  return dismissed;
}

/**
 * The row's fields by the names of its file's columns; values are empty where the line cannot be taken apart or
 * was kept only in part. Null where not even its header can be read.
 */
export function fieldsToMend(row: StoredQuarantinedRow): { name: string; value: string }[] | null {
  const names = namesOf(row);
  const fields = row.raw.length < rawCharacters ? fieldsOf(row.raw) : null;
  const whole = fields?.length === names?.length ? fields : null;
  return names?.map((name, index) => ({ name, value: whole?.[index] ?? '' })) ?? null;
}

type Format = 'long-csv' | 'daily-streams';

/** The columns of files set aside before headers were kept: those of the format, in the order it is written in. */
const usualHeaders: Readonly<Record<Format, readonly string[]>> = {
  'long-csv': longCsvColumns,
  'daily-streams': ['track_id', 'total_stream', 'daily_stream'],
};

function formatOf({ origin }: StoredQuarantinedRow): Format {
  return /^STREAMS_\d{4}_\d{2}_\d{2}\.csv$/i.test(basename(origin)) ? 'daily-streams' : 'long-csv';
}

function namesOf(row: StoredQuarantinedRow): readonly string[] | null {
  return row.header === null ? usualHeaders[formatOf(row)] : fieldsOf(row.header);
}

function mendedLine(
  row: StoredQuarantinedRow,
  set: ReplayRequest['set'],
): { header: string; mended: string; format: Format } {
  const { id, raw } = row;
  const format = formatOf(row);
  const names = namesOf(row);
  const told = new Map(Object.entries(set).map(([name, value]) => [name.trim().toLowerCase(), value]));
  const unknown = [...told.keys()].find((name) => names?.includes(name) !== true);
  if (names === null || unknown !== undefined)
    throw new BadInputError(
      `Row ${id} has no field “${unknown ?? ''}”; its fields are ${(names ?? []).join(', ')}.`,
    );
  const isWhole = raw.length < rawCharacters;
  const fields = isWhole ? fieldsOf(raw) : null;
  const rest = names.filter((name) => !told.has(name));
  if (fields?.length !== names.length && rest.length > 0)
    throw new BadInputError(
      `Row ${id} ${isWhole ? 'cannot be taken apart' : 'was kept only in part'}: set every field, ${rest.join(', ')} too.`,
    );
  const values = names.map((name, index) => told.get(name) ?? fields?.[index] ?? '');
  if (values.some((value) => /[\r\n]/.test(value)))
    throw new BadInputError(`A field of row ${id} cannot hold a line break.`);
  return { header: csvLine(names), mended: csvLine(values), format };
}

async function refusalOf(path: string, format: Format, origin: string): Promise<ReplayOutcome['refused']> {
  const refusals = format === 'daily-streams' ? (await readDailyStreams(path, origin)).quarantined : [];
  if (format === 'long-csv')
    for await (const { quarantined } of readLongCsv(path, { origin, chunkRows: 1 }))
      refusals.push(...quarantined);
  const [first] = refusals;
  return first === undefined ? null : { field: first.field, reason: first.reason };
}

function fieldsOf(line: string): string[] | null {
  return splitCsvLine(Buffer.from(line))?.map((field) => field.toString()) ?? null;
}
