import { afterAll, beforeAll, expect, it } from 'vitest';
import { readTrending } from '../../../store/trending.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';
import { seedContent } from '../sql/seed.js';

let database: TestDatabase;
/** A hundred views a day in two weeks, and what the day that is not over has brought so far. */
beforeAll(async () => {
  database = await createTestDatabase();
  const { pool } = database;
  for (const key of ['steady', 'unsettled', 'young']) await seedContent(pool, 'youtube', key, null);
  const days = (of: string, condition: string): string =>
    `insert into content_performance_history (content_id, day, basis, views, final)
     select c.id, d::date, 2, case when d = '2026-01-15' then 5 else 100 end,
       d < '2026-01-15' and not (c.external_id = 'unsettled' and d = '2026-01-11')
     from contents c, generate_series('2026-01-01'::timestamp, '2026-01-15', '1 day') d
     where c.external_id = '${of}' and ${condition}`;
  for (const of of ['steady', 'unsettled']) await pool.query(days(of, 'true'));
  await pool.query(days('young', `d = '2026-01-15'`));
});
afterAll(() => database.drop());

const asked = { from: '2026-01-09', to: '2026-01-16', platforms: null, order: 'growth', limit: 10 } as const;

it('tells no growth of a day that is missing in one of the periods, nor of one that is not over', async () => {
  const found = await readTrending(database.pool, asked);
  expect(found.map(({ contentKey, growth }) => [contentKey, growth])).toEqual([
    ['youtube:steady', 0],
    ['youtube:unsettled', 0],
  ]);
  // Their sums differ by that day.
  const unsettled = found.find(({ contentKey }) => contentKey === 'youtube:unsettled');
  expect(unsettled).toMatchObject({ current: 600, days: 6, former: 700 });
});

it('has those without a complete day where it is asked for them, by what they have', async () => {
  const found = await readTrending(database.pool, { ...asked, youngToo: true });
  expect(found.map(({ contentKey, current, growth }) => [contentKey, current, growth])).toEqual([
    ['youtube:steady', 700, 0],
    ['youtube:unsettled', 600, 0],
    ['youtube:young', 5, null],
  ]);
});
