import { afterAll, beforeAll, expect, test } from 'vitest';
import { StoreError, storeError } from '../../../store/errors.js';
import { execute, inTransaction, queryRow, queryRows } from '../../../store/queryable.js';
import { createTestDatabase, openPool, type TestDatabase } from '../../support/databases.js';
import { eventually } from '../../support/eventually.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function failureOf(work: Promise<unknown>): Promise<StoreError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof StoreError)) throw new Error('Not a StoreError', { cause: error });
  return error;
}

test.each([
  [`insert into artists (name) values ('')`, 'rejected'],
  [`insert into artists (name) values ('twice'), ('twice')`, 'conflict'],
  [`insert into releases (artist_id, title) values (4242, 'x')`, 'notFound'],
  ['select * from no_such_table', 'notMigrated'],
  ['select no_such_column from artists', 'notMigrated'],
  ['select no_such_function()', 'notMigrated'],
  [`select 'x'::integer`, 'rejected'],
  [`do $$ begin raise exception 'x' using errcode = '40001'; end $$`, 'busy'],
  [`do $$ begin raise exception 'x' using errcode = '53100'; end $$`, 'outOfSpace'],
  [`do $$ begin raise exception 'x' using errcode = '57014'; end $$`, 'cancelled'],
  [`do $$ begin raise exception 'x' using errcode = '53300'; end $$`, 'unreachable'],
  [`do $$ begin raise exception 'x' using errcode = 'P0001'; end $$`, 'internal'],
])('%s is told as %s', async (sql, code) => {
  const error = await failureOf(queryRows(database.pool, sql));
  expect(error).toMatchObject({ code, retryable: ['busy', 'outOfSpace', 'unreachable'].includes(code) });
  expect(error.sqlState).toMatch(/^[0-9A-Z]{5}$/);
  expect(error.cause).toBeInstanceOf(Error);
});

test('the message does not quote the row that was refused', async () => {
  const error = await failureOf(
    execute(database.pool, `insert into artists (name) values ('secret name'), ('secret name')`),
  );
  expect(error.message).not.toContain('secret');
  expect(error.constraint).toBe('artists_name_key');
});

test.each([
  ['a port where nobody listens', (url: URL) => (url.port = '1'), 'unreachable'],
  ['a host that does not exist', (url: URL) => (url.hostname = 'nowhere.invalid'), 'unreachable'],
  ['a wrong password', (url: URL) => (url.password = 'wrong'), 'accessDenied'],
  ['a database that does not exist', (url: URL) => (url.pathname = '/none'), 'accessDenied'],
])('%s is told as such', async (_what, change, code) => {
  const url = new URL(database.url);
  change(url);
  const pool = openPool({ connectionString: url.href });
  try {
    expect(await failureOf(queryRow(pool, 'select 1'))).toMatchObject({ code });
    expect(await failureOf(inTransaction(pool, () => Promise.resolve()))).toMatchObject({ code });
  } finally {
    await pool.end();
  }
});

test('a transaction that throws leaves nothing, and gives its client back', async () => {
  const pool = openPool({ connectionString: database.url, max: 1 });
  try {
    const failure = new Error('on purpose');
    await expect(
      inTransaction(pool, async (client) => {
        await execute(client, `insert into artists (name) values ('half')`);
        throw failure;
      }),
    ).rejects.toBe(failure);
    expect(await queryRows(pool, `select from artists where name = 'half'`)).toEqual([]);
    expect(
      await inTransaction(pool, (client) => execute(client, `insert into artists (name) values ('whole')`)),
    ).toBe(1);
  } finally {
    await pool.end();
  }
});

test('a connection that is cut in a transaction is told as unreachable, and the pool goes on', async () => {
  const cut = failureOf(
    inTransaction(database.pool, (client) => execute(client, `select pg_sleep(60) /* to be cut */`)),
  );
  await eventually(async () => {
    const rows = await queryRows(
      database.pool,
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and query like '%to be cut%' and pid <> pg_backend_pid()`,
    );
    expect(rows).toHaveLength(1);
  });
  expect(await cut).toMatchObject({ code: 'unreachable', retryable: true });
  expect(await queryRow(database.pool, 'select 1 as one')).toEqual({ one: 1 });
});

test('a deadlock is told as busy', async () => {
  await execute(database.pool, `insert into artists (name) values ('left'), ('right')`);
  const lock = (first: string, second: string): Promise<unknown> =>
    inTransaction(database.pool, async (client) => {
      await execute(client, `set local deadlock_timeout = '50ms'`);
      await execute(client, 'select from artists where name = $1 for update', [first]);
      await eventually(async () => {
        const rows = await queryRows(
          database.pool,
          `select from artists where name in ('left', 'right') for update skip locked`,
        );
        expect(rows).toEqual([]);
      });
      await execute(client, 'select from artists where name = $1 for update', [second]);
    });
  const outcomes = await Promise.allSettled([lock('left', 'right'), lock('right', 'left')]);
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(refused).toHaveLength(1);
  expect(refused[0]!.reason).toMatchObject({ code: 'busy', retryable: true, sqlState: '40P01' });
});

test('what is a StoreError already comes through as it is, and any other thing is wrapped', () => {
  const error = new StoreError('conflict', 'taken');
  expect(storeError(error)).toBe(error);
  expect(storeError('a word')).toMatchObject({ code: 'internal', message: 'a word' });
});
