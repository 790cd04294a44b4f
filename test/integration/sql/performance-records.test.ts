import { afterAll, beforeAll, expect, test } from 'vitest';
import { getPerformanceData, insertPerformanceRecord } from '../../../store/performance-records.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';
import { seedContent, seedRelease } from './seed.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const noon = new Date('2026-02-03T12:00:00Z');

test('records a manual value of an approved release, now unless told', async () => {
  const { releaseId } = await seedRelease(database.pool, 'Recorded');
  expect(await insertPerformanceRecord(database.pool, releaseId, 'YouTube', 'views', 1_500.5)).toBe(true);
  const records = await getPerformanceData(database.pool, { release_id: releaseId, platform: 'youtube' });
  const told = records.find(({ grain }) => grain === 'instant');
  expect(told).toMatchObject({
    release_id: releaseId,
    platform: 'youtube',
    metric_name: 'views',
    metric_value: 1_500.5,
    grain: 'instant',
    source: 'manual',
    content_id: expect.stringMatching(/^con_[0-9a-f]{32}$/) as string,
  });
  expect(Math.abs(told!.recorded_at.getTime() - Date.now())).toBeLessThan(60_000);
});

test('the view takes the same from SQL, an alias of the platform and any metric included', async () => {
  const { releaseId } = await seedRelease(database.pool, 'From SQL');
  await database.pool.query(
    `insert into content_performance (release_id, platform, metric_name, metric_value, recorded_at)
     values ($1, 'X', 'bookmarks', 4, $2), ($1, 'twitter', 'likes', 8, $2)`,
    [releaseId, noon],
  );
  await database.pool.query(
    `insert into content_performance (release_id, platform, metric_name, metric_value) values ($1, 'x', 'likes', 9)`,
    [releaseId],
  );
  const { rows } = await database.pool.query(
    `select platform, metric_name, metric_value, content_id from content_performance
     where release_id = $1 and grain = 'instant' order by recorded_at, metric_name`,
    [releaseId],
  );
  expect(rows).toMatchObject([
    { platform: 'twitter', metric_name: 'bookmarks', metric_value: 4 },
    { platform: 'twitter', metric_name: 'likes', metric_value: 8 },
    { platform: 'twitter', metric_name: 'likes', metric_value: 9 },
  ]);
  expect(new Set(rows.map((row: { content_id: string }) => row.content_id)).size).toBe(1);
});

test('a manual value prevails over a reported one of the same instant, metric by metric', async () => {
  const { releaseId } = await seedRelease(database.pool, 'Precedence');
  const id = await seedContent(database.pool, 'youtube', 'precedence', releaseId);
  await database.pool.query(
    `insert into engagement_snapshots (content_id, recorded_at, source, views, likes) values ($1, $2, 2, 10, 3)`,
    [id, noon],
  );
  await insertPerformanceRecord(database.pool, releaseId, 'youtube', 'views', 12, noon);
  const records = await getPerformanceData(database.pool, { release_id: releaseId, start_date: noon });
  expect(
    records.filter(({ grain }) => grain === 'instant').map((r) => [r.metric_name, r.metric_value, r.source]),
  ).toEqual([
    ['likes', 3, 'reported'],
    ['views', 12, 'manual'],
  ]);
});

test('the same value again changes nothing, another one leaves a revision', async () => {
  const { releaseId } = await seedRelease(database.pool, 'Revised');
  const digest = async (): Promise<unknown> =>
    (
      await database.pool.query(
        `select tidemark_digest(), (select count(*) from performance_revisions) as revisions`,
      )
    ).rows[0];
  await insertPerformanceRecord(database.pool, releaseId, 'youtube', 'views', 1, noon);
  const first = await digest();
  await insertPerformanceRecord(database.pool, releaseId, 'youtube', 'views', 1, noon);
  expect(await digest()).toEqual(first);
  await insertPerformanceRecord(database.pool, releaseId, 'youtube', 'views', 2, noon);
  expect(await digest()).not.toEqual(first);
});

test('writers of the same instant at once lose no value and no revision', async () => {
  const { releaseId } = await seedRelease(database.pool, 'Contended');
  const values = Array.from({ length: 12 }, (_, index) => index + 1);
  await Promise.all(
    values.map((value) => insertPerformanceRecord(database.pool, releaseId, 'tiktok', 'views', value, noon)),
  );
  const contents = await database.pool.query(`select id from contents where release_id = $1`, [releaseId]);
  expect(contents.rows).toHaveLength(1);
  const revisions = await database.pool.query<{ old_value: number; new_value: number }>(
    `select r.old_value, r.new_value from performance_revisions r join contents c on c.id = r.content_id
     where c.release_id = $1 and r.grain = 'instant' order by r.id`,
    [releaseId],
  );
  // A chain: each takes up the value that the one before left.
  expect(revisions.rows).toHaveLength(11);
  const chain = revisions.rows.map((row) => row.new_value);
  expect(revisions.rows.slice(1).map((row) => row.old_value)).toEqual(chain.slice(0, -1));
  expect(new Set([revisions.rows[0]!.old_value, ...chain])).toEqual(new Set(values));
});

test.each([
  ['a release that is missing', { release: 999_999 }, 'notFound', 'TM001'],
  ['a platform that is none', { platform: 'myspace' }, 'rejected', 'TM003'],
  ['a value that is not a number', { value: Number.NaN }, 'rejected', 'TM004'],
  ['an infinite value', { value: Number.NEGATIVE_INFINITY }, 'rejected', 'TM004'],
  ['a metric without a name', { metric: '  ' }, 'rejected', 'TM005'],
])('refuses %s and changes nothing', async (_what, told, code, sqlState) => {
  const { releaseId } = await seedRelease(database.pool, 'Refused');
  const values = { release: releaseId, platform: 'youtube', metric: 'views', value: 1, ...told };
  await expect(
    insertPerformanceRecord(
      database.pool,
      values.release,
      values.platform,
      values.metric,
      values.value,
      noon,
    ),
  ).rejects.toMatchObject({ name: 'StoreError', code, sqlState });
  expect(await getPerformanceData(database.pool, { release_id: releaseId })).toEqual([]);
  expect((await database.pool.query('select from contents where release_id = $1', [releaseId])).rows).toEqual(
    [],
  );
});

test.each(['draft', 'withdrawn'])('refuses a release that is %s, and says so', async (state) => {
  const { releaseId } = await seedRelease(database.pool, 'Not approved', state);
  await expect(
    insertPerformanceRecord(database.pool, releaseId, 'youtube', 'views', 1),
  ).rejects.toMatchObject({
    code: 'rejected',
    sqlState: 'TM002',
    message: expect.stringContaining(state) as string,
  });
});

test('filters combine, the range is half-open, and the instant of a day names it', async () => {
  const { artistId, releaseId } = await seedRelease(database.pool, 'Filtered');
  const later = new Date('2026-02-04T12:00:00Z');
  await insertPerformanceRecord(database.pool, releaseId, 'youtube', 'views', 1, noon);
  await insertPerformanceRecord(database.pool, releaseId, 'youtube', 'views', 5, later);
  await insertPerformanceRecord(database.pool, releaseId, 'spotify', 'streams', 9, later);
  const read = async (filter: Parameters<typeof getPerformanceData>[1]): Promise<unknown[]> =>
    (await getPerformanceData(database.pool, { artist_id: artistId, ...filter })).map((r) => [
      r.metric_name,
      r.metric_value,
      r.grain,
    ]);
  expect(await read({ start_date: noon, end_date: later })).toEqual([
    ['views', 1, 'instant'],
    ['streams_close', 9, 'day'],
    ['views', 4, 'day'],
    ['views_close', 5, 'day'],
  ]);
  expect(await read({ platform: 'SPOTIFY', start_date: later })).toEqual([['streams', 9, 'instant']]);
  expect(await read({ release_id: releaseId, start_date: later, end_date: later })).toEqual([]);
  await expect(getPerformanceData(database.pool, { platform: 'friendster' })).rejects.toMatchObject({
    code: 'rejected',
  });
});
