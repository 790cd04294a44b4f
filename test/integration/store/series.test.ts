import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDailySeries } from '../../../store/series.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';

let database: TestDatabase;
let contentId: number;

beforeAll(async () => {
  database = await createTestDatabase();
  const { rows } = await database.pool.query<{ id: number }>(
    `insert into contents (content_key, platform, external_id, kind) values ('youtube:a', 'youtube', 'a', 'video')
     returning id`,
  );
  contentId = rows[0]!.id;
  await database.pool.query(
    `insert into content_performance_history (content_id, day, basis, views, final)
     select $1, day::date, 2, 100 + extract(day from day), true
     from generate_series('2026-01-01'::timestamptz, '2026-01-05', '1 day') as day`,
    [contentId],
  );
});
afterAll(() => database.drop());

describe('daily series', () => {
  it('has a gap where the platform did not answer for the content, and only there', async () => {
    const before = await readDailySeries(database.pool, [contentId], ['views']);
    expect([...before[0]!.metrics.get('views')!]).toEqual([101, 102, 103, 104, 105]);
    await database.pool.query(
      `insert into content_availability (content_id, from_at, to_at, state, confirmations, last_confirmed_at)
       values ($1, '2026-01-02T23:59:59Z', '2026-01-04T00:00:00Z', 'unavailable', 3, '2026-01-03T12:00:00Z')`,
      [contentId],
    );
    const after = await readDailySeries(database.pool, [contentId], ['views']);
    expect([...after[0]!.metrics.get('views')!]).toEqual([101, Number.NaN, Number.NaN, 104, 105]);
  });
});
