/** Databases of a test file's own. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { templateDatabase } from './template-database.js';

export interface TestDatabase {
  /** The superuser's address. */
  url: string;
  pool: pg.Pool;
  /** Ends the pool and removes the database, whoever else is connected to it. */
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** False for a database without any table, to test the migrations themselves. */
  migrated?: boolean;
}

/** Creates a database cloned from the migrated template. */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const name = `test_${process.pid}_${randomBytes(4).toString('hex')}`;
  const template = (options.migrated ?? true) ? templateDatabase : 'template0';
  await maintain(`create database ${name} template ${template}`);
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${name}`;
  const pool = openPool({ connectionString: url.href, max: 10 });
  return {
    url: url.href,
    pool,
    async drop() {
      await pool.end();
      await maintain(`drop database if exists ${name} with (force)`);
    },
  };
}

/**
 * A pool of a test's own. A connection that the server closes while nobody uses it (a test that kills it, or the drop of
 * the database while the pool's end is on its way) is told to the pool, and would otherwise end the whole run.
 */
export function openPool(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool(config);
  pool.on('error', () => undefined);
  return pool;
}

async function maintain(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
