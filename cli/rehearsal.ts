import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../store/queryable.js';

/**
 * Runs `work` in a transaction; a rehearsal (`--dry-run`) does all of it and rolls it back, so that it meets
 * every rule that the real thing would.
 */
export async function inRehearsableTransaction<Result>(
  pool: Pool,
  rehearse: boolean,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  if (!rehearse) return inTransaction(pool, work);
  let outcome: { result: Result } | null = null;
  const undo = new Error('A rehearsal changes nothing');
  try {
    await inTransaction(pool, async (client) => {
      outcome = { result: await work(client) };
      throw undo;
    });
  } catch (error) {
    if (error !== undo) throw error;
  }
  return outcome!.result;
}
