/** Brings an empty database to the newest schema. */
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';

export async function applyMigrations(databaseUrl: string): Promise<void> {
  await runner({
    databaseUrl,
    dir: fileURLToPath(new URL('../../sql/migrations', import.meta.url)),
    direction: 'up',
    migrationsTable: 'schema_migrations',
    advisoryLockMode: 'wait',
    log: () => undefined,
  });
}
