/** Reading results of any size from one unchanging view of the database, a few thousand rows at a time. */
import type { Pool, PoolClient } from 'pg';
import { StoreError, storeError } from './errors.js';
import { execute } from './queryable.js';

export interface Statement {
  text: string;
  values: readonly unknown[];
}

export interface Snapshot {
  /** The rows of a statement as arrays of its columns, some at a time. @throws StoreError */
  batches(statement: Statement): AsyncGenerator<unknown[][]>;
}

export interface SnapshotOptions {
  /** Reads what these artists may see; null reads as whoever the pool's connections are. */
  artistIds: readonly number[] | null;
  /** Ends the reading at once, also in the middle of a statement, and gives the connection up. */
  signal: AbortSignal;
  /** 2,000 unless told. */
  batchRows?: number;
}

/** Rows that are fetched at once: more cost memory and are no faster. */
const defaultBatchRows = 2_000;

// A connection that is closed under a long statement is noticed by the server only when asked to look, which not
// every system can.
const endWithClient = `do $$ begin
  perform set_config('client_connection_check_interval', '1s', true);
exception when invalid_parameter_value then null;
end $$`;

/**
 * Runs `read` over one snapshot and passes on what it yields. The connection goes back to the pool when it ends,
 * throws, or is left early; one that is left in the middle of a statement is closed.
 * @throws StoreError, the signal's reason, and whatever else `read` throws
 */
export async function* readSnapshot<Value>(
  pool: Pool,
  options: SnapshotOptions,
  read: (snapshot: Snapshot) => AsyncIterable<Value>,
): AsyncGenerator<Value> {
  const { signal, batchRows = defaultBatchRows } = options;
  signal.throwIfAborted();
  const lease = await takeClient(pool, signal);
  try {
    await open(lease.client, options.artistIds);
    yield* read({ batches: (statement) => batchesOf(lease.client, statement, batchRows) });
    await execute(lease.client, 'commit');
    lease.settled();
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    await lease.giveBack();
  }
}

interface Lease {
  client: PoolClient;
  /** Nothing is left to roll back. */
  settled(): void;
  giveBack(): Promise<void>;
}

async function takeClient(pool: Pool, signal: AbortSignal): Promise<Lease> {
  let client: PoolClient;
  try {
    client = await pool.connect();
  } catch (error) {
    throw storeError(error);
  }
  let open = true;
  let held = true;
  // A checked-out client without a listener takes the process down when its connection breaks.
  const onError = (): void => close();
  const close = (): void => {
    if (!held) return;
    held = false;
    client.release(true);
  };
  client.on('error', onError);
  signal.addEventListener('abort', close, { once: true });
  if (signal.aborted) close();
  return {
    client,
    settled: () => {
      open = false;
    },
    async giveBack() {
      signal.removeEventListener('abort', close);
      if (held && open)
        try {
          await client.query('rollback');
        } catch {
          // What made it fail is told by whoever failed before; such a connection serves nobody else.
          close();
        }
      if (held) {
        client.off('error', onError);
        client.release();
      }
      held = false;
    },
  };
}

async function open(client: PoolClient, artistIds: readonly number[] | null): Promise<void> {
  await execute(client, 'begin isolation level repeatable read read only');
  await execute(client, endWithClient);
  if (artistIds === null) return;
  await execute(
    client,
    `select set_config('role', 'tidemark_app', true), set_config('tidemark.artists', $1, true)`,
    [artistIds.join(',')],
  );
}

async function* batchesOf(
  client: PoolClient,
  { text, values }: Statement,
  rows: number,
): AsyncGenerator<unknown[][]> {
  await execute(client, `declare exported no scroll cursor for ${text}`, values);
  for (;;) {
    const batch = await fetchArrays(client, rows);
    if (batch.length > 0) yield batch;
    if (batch.length < rows) break;
  }
  await execute(client, 'close exported');
}

async function fetchArrays(client: PoolClient, rows: number): Promise<unknown[][]> {
  try {
    const text = `fetch forward ${rows} from exported`;
    const result = await client.query<unknown[]>({ text, rowMode: 'array' });
    return result.rows;
  } catch (error) {
    const failure = storeError(error);
    if (failure.code === 'cancelled')
      throw new StoreError('cancelled', 'The export took longer than a statement may', {
        cause: error,
        hint: 'Export fewer days or contents at once, or raise DB_STATEMENT_TIMEOUT_SECONDS.',
      });
    throw failure;
  }
}
