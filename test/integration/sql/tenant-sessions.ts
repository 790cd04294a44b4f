/** Sessions of a role and a set of artists, and what they can read. */
import type pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';
import { seedTenant, type Tenant } from './tenants.js';

/** Speak of no artist: anybody may read them. */
export const shared = new Set([
  'metric_definitions',
  'metrics',
  'quota_usage',
  'schedules',
  'schema_migrations',
  'stale_rollup_days',
  'value_sources',
]);
/** Rows speak of artists without a column that says of which: for sessions that see every artist alone. */
export const unrestrictedOnly = new Set([
  'api_keys',
  'web_sessions',
  'idempotent_requests',
  'audit_log',
  'credentials',
  'quarantined_rows',
]);

export interface TenantWorld {
  database: TestDatabase;
  tenants: [Tenant, Tenant, Tenant];
}

/** A database with three artists and a content that is linked to none of their releases. */
export async function createTenantWorld(): Promise<TenantWorld> {
  const database = await createTestDatabase();
  const tenants: TenantWorld['tenants'] = [
    await seedTenant(database.pool, 'aardvark'),
    await seedTenant(database.pool, 'badger'),
    await seedTenant(database.pool, 'civet'),
  ];
  await database.pool.query(`insert into contents (content_key, platform) values ('unlinked', 'youtube')`);
  await database.pool.query(
    `insert into engagement_snapshots (content_id, recorded_at, source, views)
     select id, '2026-01-01Z', 2, 1 from contents where content_key = 'unlinked'`,
  );
  await database.pool.query('select refresh_rollups()');
  return { database, tenants };
}

/** Runs work as a role with the setting (null: never set), in a transaction that is rolled back. */
export async function as<Result>(
  pool: pg.Pool,
  role: string,
  artists: string | null,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(`set local role ${role}`);
    if (artists !== null) await client.query(`select set_config('tidemark.artists', $1, true)`, [artists]);
    return await work(client);
  } finally {
    await client.query('rollback');
    client.release();
  }
}

/** Every row and column that the session may read. */
export async function readable(client: pg.PoolClient, relation: string): Promise<Record<string, unknown>[]> {
  const { rows: columns } = await client.query<{ name: string }>(
    `select quote_ident(attname) as name from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped
       and has_column_privilege($1::regclass, attnum, 'select')`,
    [relation],
  );
  if (columns.length === 0) return [];
  const list = columns.map(({ name }) => name).join(', ');
  const { rows } = await client.query<{ row: Record<string, unknown> }>(
    `select to_jsonb(t) as row from (select ${list} from ${relation}) t`,
  );
  return rows.map(({ row }) => row);
}

/** A table's own id goes by the name that other tables know it by. */
export function named(relation: string, row: Record<string, unknown>): Record<string, unknown> {
  const key: Record<string, string> = {
    artists: 'artist_id',
    releases: 'release_id',
    approved_releases: 'release_id',
    accounts: 'account_id',
    contents: 'content_id',
    runs: 'run_id',
    backfill_plans: 'plan_id',
    ab_tests: 'ab_test_id',
  };
  const column = key[relation];
  return column === undefined ? row : { ...row, [column]: row['id'] };
}
