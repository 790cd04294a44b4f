import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { StoreError } from '../../../store/errors.js';
import { migrate, migrationNames, migrationStatus, shippedMigrations } from '../../../store/migrate.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';
import { eventually } from '../../support/eventually.js';

const logger = pino({ level: 'silent' });
const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function emptyDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase({ migrated: false });
  undo.push(() => database.drop());
  return database;
}

/** The program's migrations and those given. */
async function directoryWith(files: Record<string, string>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'migrations-'));
  undo.push(() => rm(directory, { recursive: true }));
  await cp(shippedMigrations, directory, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return directory;
}

async function tables(database: TestDatabase): Promise<string[]> {
  const { rows } = await database.pool.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' order by 1`,
  );
  return rows.map(({ name }) => name);
}

test('of two runners at once one applies everything and the other finds nothing to do', async () => {
  const database = await emptyDatabase();
  const names = await migrationNames();
  const outcomes = await Promise.all([
    migrate({ databaseUrl: database.url, logger }),
    migrate({ databaseUrl: database.url, logger }),
  ]);
  expect(outcomes.map((applied) => applied.length).sort((a, b) => a - b)).toEqual([0, names.length]);
  expect(outcomes.flat()).toEqual(names);
  expect(await migrationStatus({ databaseUrl: database.url })).toEqual({
    applied: names,
    pending: [],
    unknown: [],
  });
});

test('databases of one server can be migrated at the same time although roles belong to the server', async () => {
  const databases = await Promise.all([emptyDatabase(), emptyDatabase(), emptyDatabase()]);
  const applied = await Promise.all(databases.map(({ url }) => migrate({ databaseUrl: url, logger })));
  expect(new Set(applied.map(({ length }) => length))).toEqual(new Set([(await migrationNames()).length]));
});

test('a database that holds a migration unknown to the program is refused and left alone', async () => {
  const database = await emptyDatabase();
  const directory = await directoryWith({ '9999_of_the_future.sql': 'create table from_the_future ();' });
  await migrate({ databaseUrl: database.url, logger, directory });
  const before = await tables(database);
  const refusal = await migrate({ databaseUrl: database.url, logger }).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(StoreError);
  expect(refusal).toMatchObject({
    code: 'newerDatabase',
    message: expect.stringContaining('9999_of_the_future') as string,
  });
  expect(await tables(database)).toEqual(before);
  expect((await migrationStatus({ databaseUrl: database.url })).unknown).toEqual(['9999_of_the_future']);
});

test('a migration killed half-way leaves nothing behind, and the next run applies everything', async () => {
  const database = await emptyDatabase();
  const directory = await directoryWith({
    '9998_slow.sql': 'create table half_way (); select pg_sleep(120);',
  });
  const killed = migrate({ databaseUrl: database.url, logger, directory }).catch((error: unknown) => error);
  await eventually(async () => {
    const { rows } = await database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and wait_event = 'PgSleep'`,
    );
    expect(rows).toHaveLength(1);
  });
  expect(await killed).toMatchObject({ code: 'unreachable', retryable: true });
  expect(await tables(database)).toEqual(['schema_migrations']);
  expect((await migrationStatus({ databaseUrl: database.url })).applied).toEqual([]);
  expect(await migrate({ databaseUrl: database.url, logger })).toEqual(await migrationNames());
});

test('a migration that fails takes those before it back too', async () => {
  const database = await emptyDatabase();
  const directory = await directoryWith({ '9998_broken.sql': 'create table broken (id no_such_type);' });
  await expect(migrate({ databaseUrl: database.url, logger, directory })).rejects.toBeInstanceOf(StoreError);
  expect(await tables(database)).toEqual(['schema_migrations']);
});

test('a role that may not make the roles is told what an administrator has to run', async () => {
  const database = await emptyDatabase();
  const role = `migrator_${process.pid}`;
  const name = new URL(database.url).pathname.slice(1);
  await database.pool.query(`create role ${role} login password 'secret'`);
  undo.push(async () => {
    await database.pool.query(`reassign owned by ${role} to current_user`);
    await database.pool.query(`drop owned by ${role}`);
    await database.pool.query(`drop role ${role}`);
  });
  await database.pool.query(`alter database ${name} owner to ${role}`);
  const url = new URL(database.url);
  url.username = role;
  url.password = 'secret';
  const refusal = await migrate({ databaseUrl: url.href, logger }).catch((error: unknown) => error);
  expect(refusal).toMatchObject({
    code: 'accessDenied',
    hint: expect.stringContaining(`to ${role}`) as string,
  });

  // Nothing but membership is missing: no superuser's right is needed to own, fill and read the schema.
  for (const group of ['tidemark_owner', 'tidemark_worker', 'tidemark_app']) {
    await database.pool.query(`grant ${group} to ${role}`);
  }
  expect(await migrate({ databaseUrl: url.href, logger })).toEqual(await migrationNames());
  const client = await database.pool.connect();
  try {
    await client.query(`set role ${role}`);
    await client.query(`insert into artists (name) values ('Ada')`);
    await client.query(`insert into releases (artist_id, title, state) values (1, 'First', 'approved')`);
    await client.query(`select insert_performance_record(1, 'youtube', 'views', 10)`);
    await client.query('select refresh_rollups()');
    const { rows } = await client.query<{ count: string }>('select count(*) from platform_day_totals');
    expect(rows).toEqual([{ count: '1' }]);
    await client.query(`set role tidemark_app`);
    expect((await client.query('select * from releases')).rows).toEqual([]);
  } finally {
    await client.query('reset role');
    client.release();
  }
});

test('a server that is not there is told as unreachable', async () => {
  await expect(migrationStatus({ databaseUrl: 'postgres://nobody@127.0.0.1:1/none' })).rejects.toMatchObject({
    code: 'unreachable',
  });
});
