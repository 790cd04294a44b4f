import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEqualAgeValues, type ContentAgeValue } from '../../../services/equal-age-values.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = database.pool;
});
afterAll(() => database.drop());

const publishedAt = '2026-03-01T10:00:00Z';
const hour = 3_600_000;
const signal = new AbortController().signal;

async function addContent(key: string): Promise<number> {
  const { rows } = await pool.query<{ id: number }>(
    `insert into contents (content_key, platform, external_id, published_at) values ($1, 'youtube', $1, $2)
     returning id`,
    [key, publishedAt],
  );
  return rows[0]!.id;
}

async function addSnapshot(
  contentId: number,
  hoursOld: number,
  views: number | null,
  likes: number | null = null,
) {
  await pool.query(
    'insert into engagement_snapshots (content_id, recorded_at, source, views, likes) values ($1, $2, 2, $3, $4)',
    [contentId, new Date(Date.parse(publishedAt) + hoursOld * hour), views, likes],
  );
}

async function addDays(contentId: number, days: readonly (number | null)[]): Promise<void> {
  await pool.query(
    `insert into content_performance_history (content_id, day, basis, views, final)
     select $1, date '2026-03-01' + (n - 1)::int, 3, v, true from unnest($2::float8[]) with ordinality as t (v, n)`,
    [contentId, days],
  );
}

async function viewsAt(contentId: number, ageDays: number): Promise<number[]> {
  const values = await readEqualAgeValues(pool, [contentId], [ageDays], signal);
  return values.filter(({ metric }) => metric === 'views').map(({ value }: ContentAgeValue) => value);
}

describe('values at equal age', () => {
  it('take the snapshot nearest to the age, each metric by itself', async () => {
    const id = await addContent('nearest');
    await addSnapshot(id, 7 * 24 - 30, 100, 7);
    await addSnapshot(id, 7 * 24 + 5, 140);
    await addSnapshot(id, 7 * 24 + 2, null, null);
    const values = await readEqualAgeValues(pool, [id], [7], signal);
    expect(values.map(({ metric, value }) => [metric, value])).toEqual([
      ['views', 140],
      ['likes', 7],
    ]);
  });

  it('are withheld where no snapshot lies within 36 hours', async () => {
    const id = await addContent('far');
    await addSnapshot(id, 7 * 24 - 36.1, 100);
    await addSnapshot(id, 7 * 24 + 36.1, 200);
    expect(await viewsAt(id, 7)).toEqual([]);
    await addSnapshot(id, 7 * 24 + 36, 190);
    expect(await viewsAt(id, 7)).toEqual([190]);
  });

  it('take a reported day’s close for the day’s end', async () => {
    const id = await addContent('closes');
    await pool.query(
      `insert into content_performance_history (content_id, day, basis, views_close, final)
       values ($1, '2026-03-06', 2, 60, true), ($1, '2026-03-07', 2, 70, true), ($1, '2026-03-08', 2, 80, false)`,
      [id],
    );
    expect(await viewsAt(id, 7)).toEqual([70]);
  });

  it('add up all days since publication, and none where one is missing or corrected', async () => {
    const whole = await addContent('days');
    await addDays(whole, [1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await viewsAt(whole, 7)).toEqual([28]);
    const corrected = await addContent('corrected');
    await addDays(corrected, [1, 2, null, 4, 5, 6, 7, 8]);
    expect(await viewsAt(corrected, 7)).toEqual([]);
  });

  it('read few rows of many: 200 contents of 400 days within seconds', async () => {
    const { rows } = await pool.query<{ id: number }>(
      `insert into contents (content_key, platform, external_id, published_at)
       select 'many-' || n, 'spotify', 'many-' || n, '2025-01-01'::timestamptz + n % 100 * interval '1 day'
       from generate_series(1, 200) n returning id`,
    );
    await pool.query(
      `insert into content_performance_history (content_id, day, basis, streams, streams_close, final)
       select c, date '2025-01-01' + n, 3, 10, 10 * n, true
       from unnest($1::int[]) c cross join generate_series(0, 399) n`,
      [rows.map(({ id }) => id)],
    );
    await pool.query('analyze');
    const started = performance.now();
    const ids = rows.map(({ id }) => id);
    const values = await readEqualAgeValues(pool, ids, [7, 28], signal);
    expect(values).toHaveLength(400);
    // A plan that reads every row for every content and age takes minutes (84 s at 500 contents of 620 days).
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});
