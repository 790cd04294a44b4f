import type { Pool, PoolClient } from 'pg';
import { noRows, type LoadCounts, type SnapshotBatch } from '../../contracts/records.js';
import {
  SnapshotColumnsBuilder,
  type ContentName,
  type SnapshotColumns,
} from '../../contracts/snapshot-columns.js';
import type { Platform } from '../../contracts/vocabulary.js';
import { quarantineRows } from '../quarantine.js';
import { execute, queryRow } from '../queryable.js';
import { writeAvailability, type Silences } from './availability.js';
import { copyBlocks } from './binary-copy.js';
import { loadChunks, type ChunkContext, type ChunkOutcome } from './chunk.js';
import { writeCoverage } from './coverage.js';
import {
  deriveFollowingDays,
  deriveTouchedDays,
  finaliseEndedDays,
  findTouchedDays,
  lockTouchedContents,
} from './derived-days-sql.js';
import { readMetricRegistry, type MetricRegistry } from './metric-traits.js';
import {
  defaultChunkRows,
  loadParts,
  type BatchExtras,
  type LoadOptions,
  type LoadResult,
} from './options.js';
import { encodeSnapshots, orderedRows, toldMetrics } from './snapshot-chunk.js';
import {
  copyStatement,
  countSnapshotChanges,
  countStaleSnapshots,
  noteTouchedContents,
  reviseSnapshots,
  snapshotColumns,
  upsertSnapshots,
} from './snapshot-sql.js';
import { sourceCode } from './source-codes.js';
import { snapshotStaging } from './staging.js';

export interface SilentContent {
  content: ContentName;
  /** By the platform's own clock. */
  observedAt: Date;
}

/** Snapshots of one transaction, with what belongs to them. */
export interface SnapshotChunk extends BatchExtras {
  columns: SnapshotColumns;
  /** Contents that were asked for and did not answer. */
  silent?: readonly SilentContent[];
}

/**
 * Loads what a platform answered, chunk by chunk, each in one transaction with the days, revisions,
 * availability and coverage that follow from it. Loading the same again changes nothing; the tables come out
 * the same whatever the order of batches, and with two loaders at once.
 *
 * @throws StoreError
 */
export async function loadSnapshots(
  pool: Pool,
  platform: Platform,
  batches: AsyncIterable<SnapshotBatch> | Iterable<SnapshotBatch>,
  options: LoadOptions,
): Promise<LoadResult> {
  return loadSnapshotChunks(
    pool,
    chunksOf(platform, batches, options.chunkRows ?? defaultChunkRows),
    options,
  );
}

/** The same for snapshots that are in columns already, as files are read. @throws StoreError */
export async function loadSnapshotChunks(
  pool: Pool,
  chunks: AsyncIterable<SnapshotChunk>,
  options: LoadOptions,
): Promise<LoadResult> {
  const registry = await readMetricRegistry(pool);
  return loadChunks<SnapshotChunk>(
    pool,
    chunks,
    { columns: new SnapshotColumnsBuilder(0).build() },
    options,
    (chunk, context) => loadChunk(chunk, context, registry),
  );
}

async function* chunksOf(
  platform: Platform,
  batches: AsyncIterable<SnapshotBatch> | Iterable<SnapshotBatch>,
  chunkRows: number,
): AsyncGenerator<SnapshotChunk> {
  let builder = new SnapshotColumnsBuilder(chunkRows);
  let silent: SilentContent[] = [];
  const flush = (): SnapshotChunk => {
    const chunk = { columns: builder.build(), silent };
    builder = new SnapshotColumnsBuilder(chunkRows);
    silent = [];
    return chunk;
  };
  for await (const batch of batches) {
    for (const externalId of batch.missing) {
      silent.push({ content: { platform, externalId }, observedAt: batch.observedAt });
    }
    for (const row of batch.snapshots) {
      if (builder.full) yield flush();
      builder.add(row, batch.observedAt);
    }
    if (silent.length >= chunkRows) yield flush();
  }
  if (builder.rows > 0 || silent.length > 0) yield flush();
}

/** One chunk inside its transaction. */
async function loadChunk(
  chunk: SnapshotChunk,
  context: ChunkContext,
  registry: MetricRegistry,
): Promise<ChunkOutcome> {
  const { client, resolver, options, covered } = context;
  const { run } = options;
  const parts = loadParts(options);
  const silent = chunk.silent ?? [];
  const source = sourceCode(options.source);
  await execute(client, snapshotStaging);
  const names = [...chunk.columns.contents, ...silent.map(({ content }) => content)];
  const ids = await resolver.resolve(client, names);
  const told = toldMetrics(chunk.columns);
  const order = orderedRows(chunk.columns, ids);
  let counts: LoadCounts = { ...noRows, quarantined: chunk.quarantined?.length ?? 0 };
  if (order.length > 0) {
    const blocks = encodeSnapshots(chunk.columns, ids, order, told);
    await copyBlocks(client, copyStatement('snapshot_stage', snapshotColumns(told)), blocks);
    await execute(client, upsertSnapshots(told), [source, run.id, run.now]);
    counts = { ...counts, ...(await countChanges(client, order.length, source, told.versioned)) };
  }
  const changed = counts.inserted + counts.updated > 0;
  if (counts.updated > 0 && parts.revisions) {
    await execute(client, reviseSnapshots, [source, told.wide, run.id, run.now]);
  }
  const silences: Silences = {
    contentIds: [...ids.subarray(chunk.columns.contents.length)],
    observedAt: silent.map(({ observedAt }) => observedAt),
  };
  const answers = options.source === 'reported';
  if ((changed && (parts.days || answers)) || silent.length > 0) {
    await execute(client, lockTouchedContents, [silences.contentIds]);
  }
  if (changed && parts.days) await deriveDays(client, told.wide, registry, options, parts.revisions);
  if ((changed && answers) || silent.length > 0) await writeAvailability(client, silences, answers, run.id);
  const distinct = [...new Set(ids)];
  if (parts.days) {
    await execute(client, finaliseEndedDays, [run.now, distinct, options.account?.id ?? null]);
  }
  if (changed && run.id !== null) await execute(client, noteTouchedContents, [run.id]);
  await quarantineRows(client, chunk.quarantined ?? [], run.id);
  if (options.account !== undefined) {
    await writeCoverage(client, options.account, covered, run, null);
  }
  return { counts, contentIds: distinct };
}

async function deriveDays(
  client: PoolClient,
  told: readonly string[],
  registry: MetricRegistry,
  options: LoadOptions,
  revisions: boolean,
): Promise<void> {
  await execute(client, findTouchedDays);
  for (const statement of [deriveTouchedDays(told, registry), deriveFollowingDays(told, registry)]) {
    if (statement !== null) await execute(client, statement, [options.run.id, options.run.now, revisions]);
  }
}

async function countChanges(
  client: PoolClient,
  staged: number,
  source: number,
  versioned: boolean,
): Promise<Pick<LoadCounts, 'inserted' | 'updated' | 'unchanged' | 'stale'>> {
  const changes = await queryRow<{ inserted: number; updated: number; refreshed: number }>(
    client,
    countSnapshotChanges,
  );
  const { inserted, updated, refreshed } = changes!;
  const unwritten = staged - inserted - updated - refreshed;
  // Only a versioned answer can be stale, and what was written is not.
  const stale =
    versioned && unwritten > 0
      ? (await queryRow<{ stale: number }>(client, countStaleSnapshots, [source]))!.stale
      : 0;
  return { inserted, updated, unchanged: refreshed + unwritten - stale, stale };
}
