import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';
import { eventually } from '../../support/eventually.js';
import { seedContent, seedRelease } from './seed.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

interface ContentRow {
  id: number;
  artist_id: number | null;
  is_primary: boolean;
  stands_in: boolean;
}

async function contentsOf(releaseId: number): Promise<ContentRow[]> {
  const { rows } = await database.pool.query<ContentRow>(
    'select id, artist_id, is_primary, stands_in from contents where release_id = $1 order by id',
    [releaseId],
  );
  return rows;
}

async function record(
  releaseId: number,
  platform: string,
  metric: string,
  value: number,
  at: string,
): Promise<void> {
  await database.pool.query('select insert_performance_record($1, $2, $3, $4, $5)', [
    releaseId,
    platform,
    metric,
    value,
    at,
  ]);
}

test('a linked content takes the artist of its release, and loses it with the link', async () => {
  const { artistId, releaseId } = await seedRelease(database.pool, 'Linked');
  const id = await seedContent(database.pool, 'youtube', 'linked');
  const artist = async (): Promise<unknown> =>
    (await database.pool.query<ContentRow>('select artist_id, is_primary from contents where id = $1', [id]))
      .rows[0];
  expect(await artist()).toEqual({ artist_id: null, is_primary: false });
  await database.pool.query('update contents set release_id = $1 where id = $2', [releaseId, id]);
  expect(await artist()).toEqual({ artist_id: artistId, is_primary: true });
  await database.pool.query('update contents set release_id = null where id = $1', [id]);
  expect(await artist()).toEqual({ artist_id: null, is_primary: false });
});

test('an artist or a primary place that is claimed without a link is not granted', async () => {
  const { artistId } = await seedRelease(database.pool, 'Claimed');
  const { rows } = await database.pool.query<ContentRow>(
    `insert into contents (content_key, platform, artist_id, is_primary) values ('claimed', 'youtube', $1, true)
     returning artist_id, is_primary`,
    [artistId],
  );
  expect(rows).toEqual([{ artist_id: null, is_primary: false }]);
});

test('a release that moves to another artist takes its contents along', async () => {
  const { releaseId } = await seedRelease(database.pool, 'Mover');
  const other = await seedRelease(database.pool, 'Taker');
  await seedContent(database.pool, 'youtube', 'moving', releaseId);
  await database.pool.query('update releases set artist_id = $1 where id = $2', [other.artistId, releaseId]);
  expect((await contentsOf(releaseId)).map((content) => content.artist_id)).toEqual([other.artistId]);
});

test('the first content linked on a platform is primary there, and the next takes its place when it leaves', async () => {
  const { releaseId } = await seedRelease(database.pool, 'Primary');
  const first = await seedContent(database.pool, 'youtube', 'first', releaseId);
  const second = await seedContent(database.pool, 'youtube', 'second', releaseId);
  const elsewhere = await seedContent(database.pool, 'spotify', 'elsewhere', releaseId);
  const primary = async (): Promise<number[]> =>
    (await contentsOf(releaseId)).filter((content) => content.is_primary).map(({ id }) => id);
  expect(await primary()).toEqual([first, elsewhere]);
  await database.pool.query('update contents set release_id = null where id = $1', [first]);
  expect(await primary()).toEqual([second, elsewhere]);
  await database.pool.query('update contents set release_id = $1 where id = $2', [releaseId, first]);
  expect(await primary()).toEqual([second, elsewhere]);
  await database.pool.query('delete from contents where id = $1', [second]);
  expect(await primary()).toEqual([first, elsewhere]);
});

test('of contents linked at once exactly one is primary', async () => {
  const { releaseId } = await seedRelease(database.pool, 'Crowd');
  await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      seedContent(database.pool, 'youtube', `crowd-${index}`, releaseId),
    ),
  );
  expect((await contentsOf(releaseId)).filter((content) => content.is_primary)).toHaveLength(1);
});

test('a link waits for another one that has not committed', async () => {
  const { releaseId } = await seedRelease(database.pool, 'Waiting');
  const client = await database.pool.connect();
  try {
    await client.query('begin');
    const first = await seedContent(client, 'youtube', 'early', releaseId);
    const late = seedContent(database.pool, 'youtube', 'late', releaseId);
    await eventually(async () => {
      const { rows } = await database.pool.query(
        `select from pg_locks where locktype = 'advisory' and not granted`,
      );
      expect(rows).toHaveLength(1);
    });
    await client.query('commit');
    await late;
    expect((await contentsOf(releaseId)).find((content) => content.is_primary)?.id).toBe(first);
  } finally {
    client.release();
  }
});

test('values told before any content is linked go to the one that is linked first, with their history', async () => {
  const { releaseId } = await seedRelease(database.pool, 'Absorbed');
  await record(releaseId, 'youtube', 'views', 100, '2026-01-01T12:00:00Z');
  await record(releaseId, 'youtube', 'views', 110, '2026-01-01T12:00:00Z');
  await record(releaseId, 'youtube', 'views', 180, '2026-01-02T12:00:00Z');
  await record(releaseId, 'youtube', 'mentions', 3, '2026-01-02T12:00:00Z');
  expect(await contentsOf(releaseId)).toMatchObject([{ is_primary: true, stands_in: true }]);

  const id = await seedContent(database.pool, 'youtube', 'absorbed', releaseId);
  expect(await contentsOf(releaseId)).toMatchObject([{ id, is_primary: true, stands_in: false }]);
  const { rows } = await database.pool.query(
    `select metric_name, metric_value, recorded_at::text, grain, source from content_performance
     where release_id = $1 order by grain desc, recorded_at, metric_name`,
    [releaseId],
  );
  expect(rows).toEqual([
    {
      metric_name: 'views',
      metric_value: 110,
      recorded_at: '2026-01-01 12:00:00+00',
      grain: 'instant',
      source: 'manual',
    },
    {
      metric_name: 'mentions',
      metric_value: 3,
      recorded_at: '2026-01-02 12:00:00+00',
      grain: 'instant',
      source: 'manual',
    },
    {
      metric_name: 'views',
      metric_value: 180,
      recorded_at: '2026-01-02 12:00:00+00',
      grain: 'instant',
      source: 'manual',
    },
    {
      metric_name: 'views_close',
      metric_value: 110,
      recorded_at: '2026-01-01 00:00:00+00',
      grain: 'day',
      source: 'derived',
    },
    {
      metric_name: 'views',
      metric_value: 70,
      recorded_at: '2026-01-02 00:00:00+00',
      grain: 'day',
      source: 'derived',
    },
    {
      metric_name: 'views_close',
      metric_value: 180,
      recorded_at: '2026-01-02 00:00:00+00',
      grain: 'day',
      source: 'derived',
    },
  ]);
  const revisions = await database.pool.query(
    `select old_value, new_value from performance_revisions where content_id = $1 and grain = 'instant' and metric = 'views'`,
    [id],
  );
  expect(revisions.rows).toEqual([{ old_value: 100, new_value: 110 }]);
});

test('an absorbed value that meets another of the same instant replaces it and leaves a revision', async () => {
  const { releaseId } = await seedRelease(database.pool, 'Meeting');
  await record(releaseId, 'youtube', 'views', 500, '2026-01-01T12:00:00Z');
  const id = await seedContent(database.pool, 'youtube', 'meeting');
  await database.pool.query(
    `insert into engagement_snapshots (content_id, recorded_at, source, views, comments)
     values ($1, '2026-01-01T12:00:00Z', 1, 400, 2)`,
    [id],
  );
  await database.pool.query('update contents set release_id = $1 where id = $2', [releaseId, id]);
  const { rows } = await database.pool.query(
    'select views, comments from engagement_snapshots where content_id = $1',
    [id],
  );
  expect(rows).toEqual([{ views: 500, comments: 2 }]);
  const revisions = await database.pool.query(
    `select metric, old_value, new_value from performance_revisions
     where content_id = $1 and grain = 'instant' order by metric`,
    [id],
  );
  expect(revisions.rows).toEqual([{ metric: 'views', old_value: 400, new_value: 500 }]);
});

test("a caller's own content without a platform id is nobody's stand-in", async () => {
  const { releaseId } = await seedRelease(database.pool, 'Own id');
  await database.pool.query(
    `insert into contents (content_key, platform, release_id) values ('content-123', 'youtube', $1)`,
    [releaseId],
  );
  await record(releaseId, 'youtube', 'views', 7, '2026-01-01T12:00:00Z');
  await seedContent(database.pool, 'youtube', 'later', releaseId);
  const { rows } = await database.pool.query(
    `select c.content_key, c.is_primary, s.views from contents c
     left join engagement_snapshots s on s.content_id = c.id where c.release_id = $1 order by c.id`,
    [releaseId],
  );
  expect(rows).toEqual([
    { content_key: 'content-123', is_primary: true, views: 7 },
    { content_key: 'youtube:later', is_primary: false, views: null },
  ]);
});
