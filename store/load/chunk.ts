import { setTimeout as pause } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { storeError } from '../errors.js';
import { addCounts, noRows, type LoadCounts } from '../../contracts/records.js';
import { inTransaction } from '../queryable.js';
import { ContentResolver } from './contents.js';
import type { BatchExtras, CoveredDay, LoadOptions, LoadResult } from './options.js';

const attempts = 8;
const firstPauseMs = 10;

/**
 * Runs a chunk in a transaction of its own, again when the server ended it for a deadlock or a serialisation
 * failure. `work` starts afresh each time.
 * @throws StoreError
 */
export async function inChunkTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(pool, work);
    } catch (error) {
      const failure = storeError(error);
      if (failure.code !== 'busy' || attempt === attempts) throw failure;
      await pause(firstPauseMs * 2 ** attempt);
    }
  }
}

/**
 * Pairs each value with whether it is the last, having asked for the value after the next one before it is
 * worked on: the reader parses while the server loads.
 */
export async function* readAhead<Value>(
  values: AsyncIterable<Value>,
): AsyncGenerator<{ value: Value; last: boolean }> {
  const iterator = values[Symbol.asyncIterator]();
  const ask = (): Promise<IteratorResult<Value, unknown>> => {
    const asked = iterator.next();
    // Its failure is thrown where it is awaited; until then it must not count as unhandled.
    asked.catch(() => undefined);
    return asked;
  };
  try {
    let current = await ask();
    let following = ask();
    while (current.done !== true) {
      const next = await following;
      following = ask();
      yield { value: current.value, last: next.done === true };
      current = next;
    }
  } finally {
    await iterator.return?.();
  }
}

export interface ChunkOutcome {
  counts: LoadCounts;
  contentIds: Iterable<number>;
}

/** What the transaction of a chunk is given beside its rows. */
export interface ChunkContext {
  client: PoolClient;
  resolver: ContentResolver;
  options: LoadOptions;
  /** Days that this transaction completes. */
  covered: readonly CoveredDay[];
}

/**
 * Loads one chunk after another, each in a transaction of its own; `nothing` stands for a load without rows
 * that still has days to cover.
 * @throws StoreError
 */
export async function loadChunks<Chunk extends BatchExtras>(
  pool: Pool,
  chunks: AsyncIterable<Chunk>,
  nothing: Chunk,
  options: LoadOptions,
  loadChunk: (chunk: Chunk, context: ChunkContext) => Promise<ChunkOutcome>,
): Promise<LoadResult> {
  const resolver = new ContentResolver(options.account?.id ?? null);
  const contentIds = new Set<number>();
  let counts = noRows;
  let uncovered = (options.covered?.length ?? 0) > 0;
  const load = async (chunk: Chunk, last: boolean): Promise<void> => {
    options.signal?.throwIfAborted();
    const covered = [...(chunk.covered ?? []), ...(last ? (options.covered ?? []) : [])];
    const outcome = await inChunkTransaction(pool, (client) => {
      resolver.settle(false);
      return loadChunk(chunk, { client, resolver, options, covered });
    });
    resolver.settle(true);
    for (const id of outcome.contentIds) contentIds.add(id);
    counts = addCounts(counts, outcome.counts);
    if (last) uncovered = false;
    chunk.committed?.(outcome.counts);
  };
  for await (const { value, last } of readAhead(chunks)) await load(value, last);
  if (uncovered) await load(nothing, true);
  return { ...counts, contentIds: [...contentIds] };
}
