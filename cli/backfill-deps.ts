import type { BackfillDeps } from '../operations/backfills.js';
import type { BackfillProgress } from '../contracts/runs.js';
import { createSourceFor } from '../workers/source-settings.js';
import type { Session } from './session.js';

export async function backfillDeps(session: Session): Promise<BackfillDeps> {
  const [pool, { client }, starter] = await Promise.all([
    session.pool(),
    session.temporal(),
    session.starter(),
  ]);
  return { pool, client, starter, clock: session.clock, sourceFor: createSourceFor(session.configuration) };
}

/** A line of progress, such as `120 of 365 days, 2 failed, parked until …`. */
export function tellBackfill({ planned, done, failed, state, parkedUntil }: BackfillProgress): string {
  const parts = [`${String(done)} of ${String(planned)} days`];
  if (failed > 0) parts.push(`${String(failed)} failed`);
  if (state !== 'running') parts.push(parkedUntil === null ? state : `${state} until ${parkedUntil}`);
  return parts.join(', ');
}
