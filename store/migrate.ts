/** Brings a database to the schema of this program: plain SQL files, forward only. */
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PG_MIGRATE_LOCK_ID, runner } from 'node-pg-migrate';
import pg from 'pg';
import type { Logger } from 'pino';
import { StoreError, storeError } from './errors.js';
import { execute, queryRow, queryRows } from './queryable.js';

/** Where applied migrations are recorded. */
export const migrationsTable = 'schema_migrations';
/** Folder of the program's own migrations. */
export const shippedMigrations = fileURLToPath(new URL('../sql/migrations/', import.meta.url));

export interface MigrateOptions {
  databaseUrl: string;
  logger: Logger;
  /** Folder of `NNNN_name.sql` files; the program's own by default. */
  directory?: string;
}

export interface MigrationStatus {
  applied: string[];
  pending: string[];
  /** Recorded in the database and unknown to this program: the database is newer. */
  unknown: string[];
}

/** The names of the migrations in a folder, in order. */
export async function migrationNames(directory: string = shippedMigrations): Promise<string[]> {
  const files = await readdir(directory);
  return files
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.slice(0, -'.sql'.length))
    .sort();
}

/**
 * Applies what is pending, all of it in one transaction, and returns the names applied. Runners on the same
 * database take turns: one applies, the others wait and find nothing to do.
 * @throws StoreError `newerDatabase` when the database holds a migration that this program lacks;
 *   otherwise whatever the database answers, and then nothing was changed.
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const { logger, directory = shippedMigrations } = options;
  return withClient(options.databaseUrl, async (client) => {
    // The runner takes this same lock again on the same session, which Postgres counts; holding it from here
    // on keeps another runner from finishing between the check and the run.
    await execute(client, 'select pg_advisory_lock($1)', [PG_MIGRATE_LOCK_ID]);
    try {
      refuseNewer(await statusOf(client, directory));
      const applied = await runner({
        dbClient: client,
        dir: directory,
        ignorePattern: String.raw`(?!.*\.sql$).*`,
        migrationsTable,
        direction: 'up',
        singleTransaction: true,
        advisoryLockMode: 'wait',
        // An error comes with the whole text of its migration, and is thrown besides.
        log: (step) => logger.debug({ step }, 'Migrating'),
      });
      const names = applied.map(({ name }) => name);
      logger.info({ applied: names }, 'The schema is up to date');
      return names;
    } catch (error) {
      throw storeError(error);
    } finally {
      // A lost connection has given the lock back already.
      await client.query('select pg_advisory_unlock($1)', [PG_MIGRATE_LOCK_ID]).catch(() => undefined);
    }
  });
}

/**
 * What is applied and what is pending; changes nothing.
 * @throws StoreError when the database cannot be read
 */
export async function migrationStatus(options: Omit<MigrateOptions, 'logger'>): Promise<MigrationStatus> {
  return withClient(options.databaseUrl, (client) =>
    statusOf(client, options.directory ?? shippedMigrations),
  );
}

function refuseNewer(status: MigrationStatus): void {
  if (status.unknown.length === 0) return;
  throw new StoreError(
    'newerDatabase',
    `The database is newer than this program: it holds ${status.unknown.join(', ')}.`,
    { hint: 'Run the version of the program that migrated it, or a later one.' },
  );
}

async function statusOf(client: pg.Client, directory: string): Promise<MigrationStatus> {
  const known = await migrationNames(directory);
  const table = await queryRow<{ found: boolean }>(client, 'select to_regclass($1) is not null as found', [
    `public.${migrationsTable}`,
  ]);
  const applied =
    table?.found === true
      ? await queryRows<{ name: string }>(
          client,
          `select name from public.${migrationsTable} order by run_on, id`,
        )
      : [];
  const names = applied.map(({ name }) => name);
  return {
    applied: names,
    pending: known.filter((name) => !names.includes(name)),
    unknown: names.filter((name) => !known.includes(name)),
  };
}

async function withClient<Result>(
  databaseUrl: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: databaseUrl });
  // The statement under way rejects too, and with a better word.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw storeError(error);
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
