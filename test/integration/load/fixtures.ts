import type { Pool } from 'pg';
import type { SnapshotBatch } from '../../../contracts/records.js';

export async function addAccount(
  pool: Pool,
  platform: string,
  name: string,
  dayZones: Record<string, string>,
): Promise<number> {
  const { rows } = await pool.query<{ id: number }>(
    'insert into accounts (platform, name, day_zones) values ($1, $2, $3) returning id',
    [platform, name, dayZones],
  );
  return rows[0]!.id;
}

export async function addRun(pool: Pool, workflowId: string): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `insert into runs (kind, workflow_id, temporal_run_id, started_at) values ('collect', $1, '1', now()) returning id::text`,
    [workflowId],
  );
  return rows[0]!.id;
}

export async function digestOf(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ digest: string }>('select tidemark_digest() as digest');
  return rows[0]!.digest;
}

export async function countOf(pool: Pool, table: string, condition = 'true'): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    `select count(*)::integer as n from ${table} where ${condition}`,
  );
  return rows[0]!.n;
}

/** An answer at an instant: counters of the contents that answered, null for those that did not. */
export function answer(at: string, contents: Record<string, Record<string, number> | null>): SnapshotBatch {
  const observedAt = new Date(at);
  const told = Object.entries(contents);
  return {
    observedAt,
    snapshots: told.flatMap(([externalId, metrics]) =>
      metrics === null ? [] : [{ platform: 'youtube', externalId, recordedAt: observedAt, metrics }],
    ),
    missing: told.filter(([, metrics]) => metrics === null).map(([externalId]) => externalId),
  };
}

export interface StoredDay {
  key: string;
  day: string;
  views: number | null;
  views_close: number | null;
  final: boolean;
}

export async function storedDays(pool: Pool, basis: number): Promise<StoredDay[]> {
  const { rows } = await pool.query<StoredDay>(
    `select c.content_key as key, h.day::text as day, h.views, h.views_close, h.final
     from content_performance_history h join contents c on c.id = h.content_id
     where h.basis = $1 order by 1, 2`,
    [basis],
  );
  return rows;
}
