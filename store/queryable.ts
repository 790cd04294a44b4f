import type { Pool, PoolClient } from 'pg';
import { storeError } from './errors.js';

/** A pool, or a client inside somebody's transaction. */
export type Queryable = Pick<Pool | PoolClient, 'query'>;

/**
 * Runs one statement and returns its rows. `Row` says what the statement selects; days are selected as text
 * and 64-bit ids come as strings.
 * @throws StoreError
 */
export async function queryRows<Row extends object>(
  db: Queryable,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<Row[]> {
  try {
    const { rows } = await db.query<Row>(sql, [...parameters]);
    return rows;
  } catch (error) {
    throw storeError(error);
  }
}

/** The names that the connections' kept plans go by, by statement: as many as there are calls of `queryPlanned`. */
const planNames = new Map<string, string>();

/**
 * The same for a statement that is read all the time, whatever the parameters are: each connection keeps its plan,
 * which often takes longer to make than the reading. Nothing of a caller's may stand in the text.
 * @throws StoreError
 */
export async function queryPlanned<Row extends object>(
  db: Queryable,
  text: string,
  parameters: readonly unknown[],
): Promise<Row[]> {
  const name = planNames.get(text) ?? `tidemark_${String(planNames.size + 1)}`;
  planNames.set(text, name);
  try {
    const { rows } = await db.query<Row>({ name, text, values: [...parameters] });
    return rows;
  } catch (error) {
    throw storeError(error);
  }
}

/** The first row, or null. @throws StoreError */
export async function queryRow<Row extends object>(
  db: Queryable,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<Row | null> {
  const rows = await queryRows<Row>(db, sql, parameters);
  return rows[0] ?? null;
}

/** Runs one statement and returns how many rows it touched. @throws StoreError */
export async function execute(
  db: Queryable,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<number> {
  try {
    const { rowCount } = await db.query(sql, [...parameters]);
    return rowCount ?? 0;
  } catch (error) {
    throw storeError(error);
  }
}

/**
 * Runs `work` in a transaction of its own on a client of the pool; rolls back when it throws.
 * A client whose rollback fails is not given back to the pool.
 * @throws StoreError, and whatever else `work` throws
 */
export async function inTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  let client: PoolClient;
  try {
    client = await pool.connect();
  } catch (error) {
    throw storeError(error);
  }
  // A checked-out client without a listener takes the process down when its connection breaks.
  let broken: Error | undefined;
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await execute(client, 'begin');
    const result = await work(client);
    await execute(client, 'commit');
    return result;
  } catch (error) {
    try {
      await client.query('rollback');
    } catch (rollbackError) {
      broken ??= rollbackError instanceof Error ? rollbackError : new Error(String(rollbackError));
    }
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}
