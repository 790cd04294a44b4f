/** What runs in the process that was asked, noted in the ledger like any run of Temporal's. */
import type { Pool } from 'pg';
import type { Clock } from '../contracts/ports.js';
import { noRows, type LoadCounts } from '../contracts/records.js';
import { beginRun, failRun, finishRun, outsideTemporal, type NewRun } from '../store/runs.js';
import { BadInputError } from './bad-input.js';

/**
 * Opens the run, does the work and closes the run with its counts, or with why it failed.
 * @throws whatever `work` throws
 */
export async function inLedger<Result extends { counts: LoadCounts | null }>(
  { pool, clock }: { pool: Pool; clock: Clock },
  run: Pick<NewRun, 'kind' | 'workflowId' | 'accountId'>,
  work: (run: { id: string; now: Date }) => Promise<Result>,
): Promise<Result> {
  const now = clock.now();
  const id = await beginRun(pool, { ...run, temporalRunId: outsideTemporal, startedAt: now });
  try {
    const result = await work({ id, now });
    const counts = result.counts ?? noRows;
    const state = counts.quarantined > 0 ? 'partial' : 'succeeded';
    await finishRun(pool, id, { state, counts, warnings: [], finishedAt: clock.now() });
    return result;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const kind = error instanceof BadInputError ? 'badInput' : 'database';
    await failRun(pool, id, { kind, message, finishedAt: clock.now() });
    throw error;
  }
}
