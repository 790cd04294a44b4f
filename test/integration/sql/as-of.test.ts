import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';
import { seedRelease } from './seed.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

interface AsOfRow {
  grain: string;
  recorded_at: Date | null;
  day: string | null;
  metric_value: number;
  source: string;
}

async function asOf(contentKey: string, metric: string, moment: Date): Promise<AsOfRow[]> {
  const { rows } = await database.pool.query<AsOfRow>(
    `select grain, recorded_at, day::text, metric_value, source from performance_as_of($1, $2, $3)`,
    [contentKey, metric, moment],
  );
  return rows;
}

const change = fc.record({
  instant: fc.integer({ min: 0, max: 2 }),
  metric: fc.constantFrom('views', 'likes', 'mood'),
  value: fc.integer({ min: 0, max: 9 }),
});

test('any figure can be asked for as of any past moment', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12 }), async (changes) => {
      const { releaseId } = await seedRelease(database.pool, 'Told in turn');
      const told: { moment: Date; known: Map<string, number> }[] = [];
      const known = new Map<string, number>();
      for (const { instant, metric, value } of changes) {
        // Each change is a transaction of its own: what it wrote was learnt at its beginning.
        const { rows } = await database.pool.query<{ moment: Date }>(
          `select insert_performance_record($1, 'youtube', $2, $3, timestamptz '2026-01-01T12:00Z' + $4 * interval '1 hour'),
             clock_timestamp() as moment`,
          [releaseId, metric, value, instant],
        );
        known.set(`${metric}/${instant}`, value);
        told.push({ moment: rows[0]!.moment, known: new Map(known) });
        await database.pool.query('select pg_sleep(0.002)');
      }
      const { rows: contents } = await database.pool.query<{ key: string }>(
        'select content_key as key from contents where release_id = $1',
        [releaseId],
      );
      for (const { moment, known: then } of told) {
        // The driver's dates end at the millisecond.
        const after = new Date(moment.getTime() + 1);
        for (const metric of ['views', 'likes', 'mood']) {
          const read = (await asOf(contents[0]!.key, metric, after)).filter(
            ({ grain }) => grain === 'instant',
          );
          const expected = [0, 1, 2].flatMap((instant) => then.get(`${metric}/${instant}`) ?? []);
          expect(read.map((row) => row.metric_value)).toEqual(expected);
        }
      }
      expect(await asOf(contents[0]!.key, 'views', new Date('2020-01-01'))).toEqual([]);
    }),
    { numRuns: 15 },
  );
});

test('a restated day is told as it was and as it is, a correction of the counter tells no former value', async () => {
  const { rows } = await database.pool.query<{ id: number }>(
    `insert into contents (content_key, platform) values ('restated', 'youtube') returning id`,
  );
  const id = rows[0]!.id;
  await database.pool.query(
    `insert into content_performance_history
       (content_id, day, basis, views, views_close, extra, first_observed_at, observed_at)
     values ($1, '2026-01-01', 2, 120, 900, '{"increments": {"mood": 4}, "closes": {"mood": 40}}', '2026-01-03Z', '2026-01-05Z'),
       ($1, '2026-01-01', 4, 90, null, null, '2026-01-02Z', '2026-01-02Z')`,
    [id],
  );
  await database.pool.query(
    `insert into performance_revisions (content_id, grain, day, source, metric, kind, old_value, new_value, learnt_at)
     values ($1, 'day', '2026-01-01', 2, 'views', 'replaced', 100, 120, '2026-01-05Z'),
       ($1, 'day', '2026-01-01', 2, 'views', 'correction', 950, 900, '2026-01-06Z')`,
    [id],
  );
  const value = async (metric: string, moment: string): Promise<unknown> =>
    (await asOf('restated', metric, new Date(moment))).map((row) => [row.day, row.metric_value, row.source]);
  expect(await value('views', '2026-01-01T12:00Z')).toEqual([]);
  expect(await value('views', '2026-01-02T12:00Z')).toEqual([['2026-01-01', 90, 'derived']]);
  expect(await value('views', '2026-01-04T00:00Z')).toEqual([['2026-01-01', 100, 'reported']]);
  expect(await value('views', '2026-01-05T12:00Z')).toEqual([['2026-01-01', 120, 'reported']]);
  expect(await value('views_close', '2026-01-05T12:00Z')).toEqual([['2026-01-01', 900, 'reported']]);
  expect(await value('mood', '2026-01-05T12:00Z')).toEqual([['2026-01-01', 4, 'reported']]);
  expect(await value('mood_close', '2026-01-05T12:00Z')).toEqual([['2026-01-01', 40, 'reported']]);
  // A column of the facts that is no metric.
  expect(await value('final', '2026-01-05T12:00Z')).toEqual([]);
});
