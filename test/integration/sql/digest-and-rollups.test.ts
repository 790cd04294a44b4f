import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';
import { seedContent, seedRelease } from './seed.js';

const statements = [
  `insert into engagement_snapshots (content_id, recorded_at, source, views, extra) select id, '2026-01-01T10:00Z', 2, 10, '{"b": 1, "a": 2}' from contents`,
  `insert into engagement_snapshots (content_id, recorded_at, source, views) select id, '2026-01-02T10:00Z', 2, 0.1::float8 + 0.2 from contents`,
  `insert into content_performance_history (content_id, day, basis, views, likes, final) select id, '2026-01-01', 2, 5, 1, true from contents`,
  `insert into content_performance_history (content_id, day, basis, views, final) select id, '2026-01-01', 4, 6, true from contents`,
  `insert into content_performance_history (content_id, day, basis, views, final) select id, '2026-01-02', 4, 7, false from contents`,
  `insert into coverage (account_id, report, day, state, rows, attempts) select id, 'daily', '2026-01-01', 'final', 2, 1 from accounts`,
  `insert into account_days (account_id, day, metric, value) select id, '2026-01-01', 'views', 9 from accounts`,
  `insert into content_availability (content_id, from_at, state, last_confirmed_at) select id, '2026-01-03Z', 'silent', now() from contents`,
];

let one: TestDatabase;
let other: TestDatabase;
beforeAll(async () => {
  [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
});
afterAll(async () => {
  await one.drop();
  await other.drop();
});
beforeEach(async () => {
  for (const { pool } of [one, other])
    await pool.query('truncate artists, releases, accounts, contents cascade');
});

/** Contents under ids of their own: only their keys are the same in both databases. */
async function fill({ pool }: TestDatabase, externalIds: string[], order: readonly string[]): Promise<void> {
  const { releaseId } = await seedRelease(pool, 'Digest');
  await pool.query(`insert into accounts (platform, name) values ('youtube', 'main')`);
  for (const id of externalIds) await seedContent(pool, 'youtube', id, releaseId);
  for (const statement of order) await pool.query(statement);
}

async function digest({ pool }: TestDatabase): Promise<string> {
  const { rows } = await pool.query<{ digest: string }>('select tidemark_digest() as digest');
  return rows[0]!.digest;
}

test('the digest is the same whatever the order, the ids, the times of observation and the session', async () => {
  await fill(one, ['a', 'b', 'c'], statements);
  await fill(other, ['c', 'a', 'b'], [...statements].reverse());
  await other.pool.query(
    `update engagement_snapshots set observed_at = '2020-01-01Z', run_id = 7, source_version = now()`,
  );
  await other.pool.query(`update coverage set attempts = 9, updated_at = '2020-01-01Z'`);
  expect(await digest(one)).toBe(await digest(other));
  const client = await other.pool.connect();
  try {
    await client.query(`set timezone = 'Asia/Bangkok'`);
    await client.query(`set datestyle = 'German'`);
    await client.query('set extra_float_digits = -10');
    const { rows } = await client.query<{ digest: string }>('select tidemark_digest() as digest');
    expect(rows[0]!.digest).toBe(await digest(one));
  } finally {
    client.release(true);
  }
});

test.each([
  [
    'snapshots',
    `update engagement_snapshots set views = views + 1e-9 where recorded_at = '2026-01-02T10:00Z'`,
  ],
  ['snapshots', `update engagement_snapshots set extra = '{"a": 2}' where extra is not null`],
  ['days', `update content_performance_history set final = true where day = '2026-01-02'`],
  ['days', `delete from content_performance_history where basis = 4 and day = '2026-01-01'`],
  ['coverage', `update coverage set state = 'provisional'`],
  ['account_days', `update account_days set value = 10`],
  ['availability', `update content_availability set state = 'unavailable'`],
])('a difference in %s shows in that part (%s)', async (part, statement) => {
  await fill(one, ['a', 'b'], statements);
  const before = await digest(one);
  const parts = async (): Promise<Map<string, string>> => {
    const { rows } = await one.pool.query<{ part: string; digest: string }>(
      'select * from tidemark_digest_parts()',
    );
    return new Map(rows.map((row) => [row.part, row.digest]));
  };
  const then = await parts();
  await one.pool.query(statement);
  expect(await digest(one)).not.toBe(before);
  expect((await parts()).get(part)).not.toBe(then.get(part));
});

test('an exchange of values between two rows shows', async () => {
  await fill(one, ['a', 'b'], statements);
  const before = await digest(one);
  await one.pool.query(
    `update engagement_snapshots s set views = views + case c.external_id when 'a' then 1 else -1 end
     from contents c where c.id = s.content_id and recorded_at = '2026-01-01T10:00Z'`,
  );
  expect(await digest(one)).not.toBe(before);
});

test('roll-ups follow the facts once refreshed, beside a reader, and settle days that have ended', async () => {
  await fill(one, ['a', 'b'], statements);
  await seedContent(one.pool, 'spotify', 'unlinked');
  await one.pool.query(
    `insert into engagement_snapshots (content_id, recorded_at, source, views, likes)
     select id, '2026-01-01T09:00Z', 2, 3, 4 from contents`,
  );
  await one.pool.query(
    `insert into content_performance_history (content_id, day, basis, streams)
     select id, '2026-01-02', 4, 1 from contents where external_id = 'unlinked'`,
  );
  const reader = await one.pool.connect();
  try {
    await reader.query('begin');
    expect((await reader.query('select * from platform_day_totals')).rows).toEqual([]);
    await one.pool.query(`select refresh_rollups('2026-01-02T23:00Z')`);
    await reader.query('commit');
    const totals = async (): Promise<{ final: boolean }[]> =>
      (
        await reader.query<{ final: boolean }>(
          `select platform, day::text, contents::integer, final, views, likes, streams, artist_id is null as unlinked
           from platform_day_totals order by day, platform`,
        )
      ).rows;
    expect(await totals()).toEqual([
      {
        platform: 'youtube',
        day: '2026-01-01',
        contents: 2,
        final: true,
        views: 10,
        likes: 2,
        streams: null,
        unlinked: false,
      },
      {
        platform: 'spotify',
        day: '2026-01-02',
        contents: 1,
        final: false,
        views: null,
        likes: null,
        streams: 1,
        unlinked: true,
      },
      {
        platform: 'youtube',
        day: '2026-01-02',
        contents: 2,
        final: false,
        views: 14,
        likes: null,
        streams: null,
        unlinked: false,
      },
    ]);
    await one.pool.query(`select refresh_rollups('2026-01-03T00:00Z')`);
    expect((await totals()).every((row) => row.final)).toBe(true);
    // The last value of each metric, whichever row told it.
    const latest = await reader.query(
      `select views, likes, recorded_at from latest_snapshots l join contents c on c.id = l.content_id
       where c.external_id = 'a'`,
    );
    expect(latest.rows).toEqual([{ views: 0.1 + 0.2, likes: 4, recorded_at: new Date('2026-01-02T10:00Z') }]);
  } finally {
    reader.release();
  }
});
