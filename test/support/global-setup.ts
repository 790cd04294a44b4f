/**
 * One Postgres and one Temporal server a test run, both embedded. The tests get databases cloned from a
 * migrated template and namespaces of their own, so that files can run side by side.
 */
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import { startPostgres, stopAbandonedPostgres } from '../../runtime/postgres-server.js';
import { isRunning } from '../../runtime/processes.js';
import { findTemporalBinary } from '../../runtime/temporal-binary.js';
import { startTemporal, stopAbandonedTemporal } from '../../runtime/temporal-server.js';
import { migrate } from '../../store/migrate.js';
import { templateDatabase } from './template-database.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser's address of the maintenance database. */
    postgresUrl: string;
    temporalAddress: string;
    temporalUiUrl: string;
  }
}

/** More than there are test files; each file that asks takes the next. */
const namespaceCount = 64;

const prefix = 'tidemark-test-';
const announce = (line: string): void => console.error(`[test servers] ${line}`);

/** Starts both servers; returns what stops them, which runs after failed tests too. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweepAbandonedRuns();
  const directory = await mkdtemp(join(tmpdir(), prefix));
  // The account that Postgres runs as must be able to walk in when the tests are run by root.
  await chmod(directory, 0o711);
  await writeFile(join(directory, 'owner.pid'), String(process.pid));
  const stopAll = async (): Promise<void> => {
    await Promise.all([stopAbandonedPostgres(directory), stopAbandonedTemporal(directory)]);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const [postgres, temporal] = await Promise.all([
      startPostgres({
        directory,
        preferredPort: 55_400,
        database: templateDatabase,
        // Nothing here outlives the run, so nothing needs to reach the disk.
        settings: {
          fsync: 'off',
          synchronous_commit: 'off',
          full_page_writes: 'off',
          max_connections: '300',
        },
        announce,
      }),
      findTemporalBinary({ environment: process.env, announce }).then(({ path }) =>
        startTemporal({
          directory,
          binary: path,
          preferredPort: 17_233,
          preferredUiPort: 18_233,
          retentionDays: 1,
          moreNamespaces: Array.from({ length: namespaceCount }, (_, index) => `test-${index + 1}`),
          announce,
        }),
      ),
    ]);
    await migrate({ databaseUrl: postgres.url, logger: pino({ level: 'silent' }) });
    const maintenanceUrl = postgres.url.replace(`/${templateDatabase}`, '/postgres');
    await createNamespaceCounter(maintenanceUrl);
    project.provide('postgresUrl', maintenanceUrl);
    project.provide('temporalAddress', temporal.address);
    project.provide('temporalUiUrl', temporal.uiUrl);
  } catch (error) {
    await stopAll();
    throw error;
  }
  return stopAll;
}

async function createNamespaceCounter(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`create sequence test_namespaces maxvalue ${namespaceCount}`);
  } finally {
    await client.end();
  }
}

/** Ends the servers of test runs that were killed before they could. */
async function sweepAbandonedRuns(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(prefix));
  for (const name of names) {
    const directory = join(tmpdir(), name);
    const owner = join(directory, 'owner.pid');
    if (!existsSync(owner) || isRunning(Number(await readFile(owner, 'utf8')))) continue;
    announce(`Stopping what an earlier test run left in ${directory}.`);
    await stopAbandonedPostgres(directory);
    await stopAbandonedTemporal(directory);
    await rm(directory, { recursive: true, force: true });
  }
}
