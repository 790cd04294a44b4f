import { afterAll, beforeAll, expect, test } from 'vitest';
import { listPerformanceRecords, type RecordFilter } from '../../../store/listings/performance-records.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';
import { seedContent } from '../sql/seed.js';

let database: TestDatabase;
/** Instants of up to four sources, some of which tell nothing or only what is hidden, rare ones, and days among them. */
beforeAll(async () => {
  database = await createTestDatabase();
  const { pool } = database;
  for (const name of ['first', 'second', 'third']) await seedContent(pool, 'youtube', name);
  await pool.query(
    `insert into engagement_snapshots (content_id, recorded_at, source, views, likes, extra, hidden)
     select c.id, '2026-01-01T00:00Z'::timestamptz + n * interval '37 minutes', s,
       case when (n + s) % 3 > 0 then 10 * n + s end, case when n % 29 = s then n end,
       case when n % 5 = 0 then '{"reach": 3, "told_of_nothing": null}'::jsonb end,
       case when n % 7 = 0 then '{comments}'::text[] end
     from contents c cross join generate_series(0, 149) n cross join generate_series(1, 4) s
     where n % s = 0 and c.content_key <> 'youtube:second'`,
  );
  await pool.query(
    `insert into content_performance_history (content_id, day, basis, views, views_close)
     select c.id, '2025-12-30'::date + d, 2, d, case when d % 2 = 0 then 10 * d end
     from contents c cross join generate_series(0, 9) d`,
  );
});
afterAll(() => database.drop());

const all: RecordFilter = {
  ...{ artistId: null, releaseId: null, contentKey: null, platform: null, metric: null },
  ...{ from: null, to: null, after: null, limit: 1_000_000 },
};

const choices: readonly (readonly [string, Partial<RecordFilter>])[] = [
  ['everything', {}],
  ['one content', { contentKey: 'youtube:first' }],
  ['a metric that is told often', { metric: 'views' }],
  ['a metric that is told now and then', { metric: 'likes' }],
  ['a metric without a column', { metric: 'reach' }],
  ['a metric of days alone', { metric: 'views_close' }],
  ['a range', { from: new Date('2026-01-01T12:00Z'), to: new Date('2026-01-03T00:00Z') }],
];

test.each(choices)(
  'pages of %s are the whole list, in its order, whatever their size',
  async (_what, choice) => {
    const { pool } = database;
    const { rows } = await pool.query<{ line: string }>(
      `select concat_ws(' ', c.id, to_char(v.recorded_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI'), v.grain, v.metric_name,
       v.metric_value, v.source) as line
     from content_performance v join contents c on c.content_key = v.content_id
     where ($1::text is null or v.content_id = $1) and ($2::text is null or v.metric_name = $2)
       and ($3::timestamptz is null or v.recorded_at >= $3) and ($4::timestamptz is null or v.recorded_at < $4)
     order by c.id, v.recorded_at, v.grain, v.metric_name`,
      [choice.contentKey ?? null, choice.metric ?? null, choice.from ?? null, choice.to ?? null],
    );
    expect(rows.length).toBeGreaterThan(10);
    for (const limit of [1, 2, 7, 50]) {
      const lines: string[] = [];
      let after: RecordFilter['after'] = null;
      for (;;) {
        const page = await listPerformanceRecords(pool, { ...all, ...choice, after, limit });
        for (const { position, metric_name, metric_value, source } of page) {
          const [contentId, at, grain] = position;
          lines.push([contentId, at.slice(0, 16), grain, metric_name, metric_value, source].join(' '));
        }
        after = page.at(-1)?.position ?? null;
        if (page.length < limit) break;
      }
      expect(lines, `pages of ${String(limit)}`).toEqual(rows.map(({ line }) => line));
    }
  },
);
