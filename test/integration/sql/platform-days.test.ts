/** Totals by platform and day are what the facts say, whatever was written since the roll-up was refreshed. */
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';
import { seedContent, seedRelease } from './seed.js';

const sums = ['views', 'likes', 'comments', 'shares', 'saves', 'watch_time', 'listen_time', 'streams'];
const summed = sums.map((metric) => `sum(e.${metric}) as ${metric}`).join(', ');

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** Two artists with a content each on two platforms and one that is linked to nobody, over three days and two bases. */
beforeEach(async () => {
  const { pool } = database;
  await pool.query('truncate artists, releases, accounts, contents cascade');
  for (const artist of ['one', 'two']) {
    const { releaseId } = await seedRelease(pool, artist);
    for (const platform of ['youtube', 'spotify']) await seedContent(pool, platform, artist, releaseId);
  }
  await seedContent(pool, 'youtube', 'unlinked');
  await pool.query(
    `insert into content_performance_history (content_id, day, basis, final, views, likes, streams)
     select c.id, '2026-01-01'::date + d, b, b = 2, 100 * d + 10 * b + c.id, case when b = 4 then 1 end, 7
     from contents c cross join generate_series(0, 2) d cross join (values (2), (4)) as bases (b)`,
  );
  await pool.query('select refresh_rollups()');
});

type Session = pg.Pool | pg.PoolClient;

async function linesOf(db: Session, sql: string): Promise<string[]> {
  const { rows } = await db.query<{ line: string }>(
    `select to_jsonb(t)::text as line from (${sql}) t order by 1`,
  );
  return rows.map(({ line }) => line);
}

const told = (db: Session): Promise<string[]> => linesOf(db, 'select * from platform_days');
const facts = (db: Session): Promise<string[]> =>
  linesOf(
    db,
    `select c.artist_id, c.platform, e.day, bool_and(e.final) as final, ${summed}
     from contents c join effective_days e on e.content_id = c.id group by c.artist_id, c.platform, e.day`,
  );
const stored = (db: Session): Promise<string[]> =>
  linesOf(db, `select artist_id, platform, day, final, ${sums.join(', ')} from platform_day_totals`);

const changes: readonly (readonly [what: string, trigger: string, table: string, sql: string])[] = [
  [
    'a stronger value of a day',
    'mark_inserted_days',
    'content_performance_history',
    `insert into content_performance_history (content_id, day, basis, views)
     select id, '2026-01-02', 1, 5 from contents where content_key = 'youtube:one'`,
  ],
  [
    'a day that nobody told of before',
    'mark_inserted_days',
    'content_performance_history',
    `insert into content_performance_history (content_id, day, basis, views)
     select id, '2026-02-01', 2, 5 from contents where content_key = 'spotify:two'`,
  ],
  [
    'a value that is restated',
    'mark_updated_days',
    'content_performance_history',
    `insert into content_performance_history (content_id, day, basis, views)
     select id, '2026-01-03', 2, 5 from contents
     on conflict (content_id, day, basis) do update set views = excluded.views`,
  ],
  [
    'a day that is final no more',
    'mark_updated_days',
    'content_performance_history',
    `update content_performance_history set final = false where day = '2026-01-01' and basis = 2`,
  ],
  [
    'a row that is removed',
    'mark_deleted_days',
    'content_performance_history',
    `delete from content_performance_history where day = '2026-01-01' and basis = 2`,
  ],
  [
    'a row that belongs to another day',
    'mark_former_day',
    'content_performance_history',
    `update content_performance_history set day = '2026-03-01' where day = '2026-01-02' and basis = 2`,
  ],
  [
    'a table that is emptied',
    'mark_emptied_days',
    'content_performance_history',
    'truncate contents cascade',
  ],
  [
    'a content that is linked',
    'mark_moved_days',
    'contents',
    `update contents set release_id = (select min(id) from releases) where content_key = 'youtube:unlinked'`,
  ],
  [
    'a release that goes to another artist',
    'mark_moved_days',
    'contents',
    `update releases set artist_id = (select max(id) from artists)`,
  ],
  [
    'a content that turns out to be of another platform',
    'mark_moved_days',
    'contents',
    `update contents set platform = 'tiktok' where content_key = 'youtube:one'`,
  ],
];

test.each(changes)('%s counts at once', async (_what, _trigger, _table, sql) => {
  const { pool } = database;
  expect(await told(pool)).toEqual(await stored(pool));
  await pool.query(sql);
  const then = await facts(pool);
  expect(await told(pool)).toEqual(then);
  expect(await stored(pool)).not.toEqual(then);
  await pool.query('select refresh_rollups()');
  expect(await told(pool)).toEqual(then);
  expect(await stored(pool)).toEqual(then);
});

test.each(changes)('%s would not without its trigger', async (_what, trigger, table, sql) => {
  const client = await database.pool.connect();
  try {
    await client.query('begin');
    await client.query(`alter table ${table} disable trigger ${trigger}`);
    await client.query(sql);
    expect(await told(client)).not.toEqual(await facts(client));
  } finally {
    await client.query('rollback');
    client.release();
  }
});

test('what is committed while the roll-up is refreshed counts, and stays on the list', async () => {
  const { pool } = database;
  const writer = await pool.connect();
  try {
    await writer.query('begin');
    await writer.query(
      `update content_performance_history set views = 1 where day = '2026-01-02' and basis = 2`,
    );
    await pool.query('select refresh_rollups()');
    await writer.query('commit');
  } finally {
    writer.release();
  }
  const then = await facts(pool);
  expect(await told(pool)).toEqual(then);
  await pool.query('delete from stale_rollup_days');
  expect(await told(pool)).not.toEqual(then);
});

test('one refresh waits for another, so that the later one stands', async () => {
  const { pool } = database;
  const first = await pool.connect();
  try {
    await first.query('begin');
    await first.query('select refresh_rollups()');
    const second = pool.query('select refresh_rollups()');
    await expect
      .poll(
        async () =>
          (await pool.query(`select from pg_locks where locktype = 'advisory' and not granted`)).rowCount,
      )
      .toBe(1);
    await first.query('commit');
    await second;
  } finally {
    first.release();
  }
  expect(await told(pool)).toEqual(await facts(pool));
});
