import type { Pool, PoolClient } from 'pg';
import { noRows, type DailyRecord, type LoadCounts } from '../../contracts/records.js';
import { quarantineRows } from '../quarantine.js';
import { execute, queryRow } from '../queryable.js';
import { copyBlocks } from './binary-copy.js';
import { loadChunks, type ChunkContext, type ChunkOutcome } from './chunk.js';
import { writeCoverage } from './coverage.js';
import { contentsOf, encodeDays, orderedDays, takeBack, toldDays } from './daily-chunk.js';
import {
  correctFallenTotals,
  correctTakenBack,
  countDailyChanges,
  countStaleDays,
  dailyColumns,
  findDaysAround,
  forgetTakenBack,
  lockChangedContents,
  reviseDays,
  settleRepeats,
  upsertDays,
  valueColumns,
  type TakenBack,
  type ToldDays,
} from './daily-sql.js';
import { readMetricRegistry, type MetricRegistry } from './metric-traits.js';
import {
  defaultChunkRows,
  loadParts,
  type BatchExtras,
  type LoadOptions,
  type LoadResult,
} from './options.js';
import { copyStatement } from './snapshot-sql.js';
import { sourceCode } from './source-codes.js';
import { dailyStaging } from './staging.js';

/** Days of one transaction, with what belongs to them. */
export interface DailyChunk extends BatchExtras {
  rows: readonly DailyRecord[];
}

/**
 * Loads days as a platform or an export reports them, chunk by chunk, each in one transaction with revisions,
 * corrections and coverage. `options.source` is the basis of the days. Loading the same again changes nothing;
 * the tables come out the same whatever the order of batches, and with two loaders at once.
 *
 * @throws StoreError
 */
export async function loadDays(
  pool: Pool,
  batches: AsyncIterable<readonly DailyRecord[]> | Iterable<readonly DailyRecord[]>,
  options: LoadOptions,
): Promise<LoadResult> {
  return loadDailyChunks(pool, chunksOf(batches, options.chunkRows ?? defaultChunkRows), options);
}

/** The same for chunks that bring their quarantine and coverage along, as files do. @throws StoreError */
export async function loadDailyChunks(
  pool: Pool,
  chunks: AsyncIterable<DailyChunk>,
  options: LoadOptions,
): Promise<LoadResult> {
  const registry = await readMetricRegistry(pool);
  return loadChunks<DailyChunk>(pool, chunks, { rows: [] }, options, (chunk, context) =>
    loadChunk(chunk, context, registry),
  );
}

async function* chunksOf(
  batches: AsyncIterable<readonly DailyRecord[]> | Iterable<readonly DailyRecord[]>,
  chunkRows: number,
): AsyncGenerator<DailyChunk> {
  let rows: DailyRecord[] = [];
  for await (const batch of batches) {
    for (const row of batch) {
      rows.push(row);
      if (rows.length < chunkRows) continue;
      yield { rows };
      rows = [];
    }
  }
  if (rows.length > 0) yield { rows };
}

/** One chunk inside its transaction. */
async function loadChunk(
  chunk: DailyChunk,
  context: ChunkContext,
  registry: MetricRegistry,
): Promise<ChunkOutcome> {
  const { client, resolver, options, covered } = context;
  const { run } = options;
  const basis = sourceCode(options.source);
  let counts: LoadCounts = { ...noRows, quarantined: chunk.quarantined?.length ?? 0 };
  const { names, index } = contentsOf(chunk.rows);
  const ids = await resolver.resolve(client, names);
  if (chunk.rows.length > 0) {
    await execute(client, dailyStaging);
    const staged = orderedDays(
      chunk.rows,
      index.map((at) => ids[at]!),
    );
    const { kept, taken } = takeBack(staged, registry);
    const told = toldDays(kept);
    await copyBlocks(client, copyStatement('daily_stage', dailyColumns(told)), encodeDays(kept, told));
    await execute(client, upsertDays(told), [basis, run.id, run.now]);
    const written = await countChanges(client, kept.length, basis);
    counts = { ...counts, ...written };
    if (written.inserted + written.updated > 0 || taken.length > 0) {
      await writeConsequences(client, told, taken, registry, options, basis);
    }
  }
  await quarantineRows(client, chunk.quarantined ?? [], run.id);
  if (options.account !== undefined) {
    await writeCoverage(client, options.account, covered, run, basis);
  }
  return { counts, contentIds: ids };
}

/** What follows from the days that changed. */
async function writeConsequences(
  client: PoolClient,
  told: ToldDays,
  taken: readonly TakenBack[],
  registry: MetricRegistry,
  options: LoadOptions,
  basis: number,
): Promise<void> {
  const { run } = options;
  const { revisions } = loadParts(options);
  await execute(client, lockChangedContents);
  await execute(client, findDaysAround, [basis]);
  if (revisions) {
    await execute(client, reviseDays, [basis, valueColumns(told), run.id, run.now]);
    const fallen = correctFallenTotals(told, registry);
    if (fallen !== null) await execute(client, fallen, [basis, run.id, run.now]);
  }
  if (taken.length > 0) {
    const parameters = [...takenColumns(taken), basis, run.id, run.now];
    for (const metric of new Set(taken.map((row) => row.metric))) {
      await execute(client, forgetTakenBack(metric), parameters);
    }
    await execute(client, correctTakenBack, parameters);
  }
  const settle = settleRepeats(told, registry);
  if (settle !== null) await execute(client, settle, [basis]);
  if (run.id !== null) await execute(client, noteChangedContents, [run.id]);
}

const noteChangedContents = `
insert into run_contents (run_id, content_id)
select $1::bigint, content_id from daily_changes where changed group by content_id order by content_id
on conflict do nothing`;

function takenColumns(taken: readonly TakenBack[]): unknown[] {
  return [
    taken.map((row) => row.contentId),
    taken.map((row) => row.day),
    taken.map((row) => row.metric),
    taken.map((row) => row.before),
    taken.map((row) => row.after),
    taken.map((row) => row.sourceVersion),
  ];
}

async function countChanges(
  client: PoolClient,
  staged: number,
  basis: number,
): Promise<Pick<LoadCounts, 'inserted' | 'updated' | 'unchanged' | 'stale'>> {
  const changes = await queryRow<{ inserted: number; updated: number; refreshed: number }>(
    client,
    countDailyChanges,
  );
  const { inserted, updated, refreshed } = changes!;
  const unwritten = staged - inserted - updated - refreshed;
  const stale =
    unwritten > 0 ? (await queryRow<{ stale: number }>(client, countStaleDays, [basis]))!.stale : 0;
  return { inserted, updated, unchanged: refreshed + unwritten - stale, stale };
}
