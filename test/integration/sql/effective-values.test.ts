import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { wideMetrics } from '../../../contracts/vocabulary.js';
import { inTransaction } from '../../../store/queryable.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';
import { seedContent } from './seed.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const metrics = ['views', 'likes', 'engagement_rate', 'views_close', 'mood', 'mood_close'] as const;
type Told = Partial<Record<(typeof metrics)[number], number>>;
interface Row {
  /** Days from 2026-01-01. */
  day: number;
  /** Rank of the basis, 1 the strongest. */
  basis: number;
  final: boolean;
  told: Told;
}

const rows = fc.uniqueArray(
  fc.record({
    day: fc.integer({ min: 0, max: 3 }),
    basis: fc.integer({ min: 1, max: 4 }),
    final: fc.boolean(),
    told: fc.dictionary(fc.constantFrom(...metrics), fc.integer({ min: 0, max: 99 }), { maxKeys: 6 }),
  }) as fc.Arbitrary<Row>,
  { selector: ({ day, basis }) => `${day}/${basis}`, maxLength: 12 },
);

/** The rule, told the slow way: for each metric the strongest row that told it. */
function effectiveDays(told: readonly Row[]): { day: number; final: boolean; values: Told }[] {
  const byStrength = [...told].sort((a, b) => a.basis - b.basis);
  return [...new Set(told.map(({ day }) => day))]
    .sort((a, b) => a - b)
    .map((day) => {
      const of = byStrength.filter((row) => row.day === day);
      const values: Told = {};
      for (const metric of metrics) {
        const value = of.find((row) => row.told[metric] !== undefined)?.told[metric];
        if (value !== undefined) values[metric] = value;
      }
      return { day, final: of.find(({ basis }) => basis > 1)?.final ?? true, values };
    });
}

function extraOf({ told }: Row): unknown {
  if (told.mood === undefined && told.mood_close === undefined) return null;
  return {
    increments: told.mood === undefined ? {} : { mood: told.mood },
    closes: told.mood_close === undefined ? {} : { mood: told.mood_close },
  };
}

test('days: for each metric the value of the strongest basis that told it, wide and long alike', async () => {
  let contents = 0;
  await fc.assert(
    fc.asyncProperty(rows, async (told) => {
      const id = await seedContent(database.pool, 'youtube', `days-${(contents += 1)}`);
      for (const row of told) {
        await database.pool.query(
          `insert into content_performance_history
             (content_id, day, basis, final, views, likes, engagement_rate, views_close, extra)
           values ($1, date '2026-01-01' + $2::integer, $3, $4, $5, $6, $7, $8, $9)`,
          [
            id,
            row.day,
            row.basis,
            row.final,
            row.told.views ?? null,
            row.told.likes ?? null,
            row.told.engagement_rate ?? null,
            row.told.views_close ?? null,
            extraOf(row),
          ],
        );
      }
      const wide = await database.pool.query<{ day: number; final: boolean } & Record<string, unknown>>(
        `select day - date '2026-01-01' as day, final, views, likes, engagement_rate, views_close,
           (extra -> 'increments' ->> 'mood')::float8 as mood, (extra -> 'closes' ->> 'mood')::float8 as mood_close
         from effective_days where content_id = $1 order by day`,
        [id],
      );
      const known = (row: Record<string, unknown>): unknown =>
        Object.fromEntries(metrics.filter((m) => row[m] !== null).map((m) => [m, row[m]]));
      expect(wide.rows.map((row) => ({ day: row.day, final: row.final, values: known(row) }))).toEqual(
        effectiveDays(told),
      );
      const long = await database.pool.query<{ day: number; metric: string; value: number; source: string }>(
        `select recorded_at::date - date '2026-01-01' as day, metric_name as metric, metric_value as value, source
         from content_performance where content_id = 'youtube:days-' || $1 and grain = 'day'`,
        [contents],
      );
      const sources = ['manual', 'reported', 'imported', 'derived'];
      const expected = effectiveDays(told).flatMap(({ day, values }) =>
        Object.entries(values).map(([metric, value]) => {
          const teller = told
            .filter((row) => row.day === day && row.told[metric as keyof Told] !== undefined)
            .sort((a, b) => a.basis - b.basis)[0]!;
          return { day, metric, value, source: sources[teller.basis - 1] };
        }),
      );
      expect(long.rows).toHaveLength(expected.length);
      expect(long.rows).toEqual(expect.arrayContaining(expected));
    }),
    { numRuns: 40 },
  );
});

test('instants: a hidden or absent metric stays null, stronger extras prevail key by key', async () => {
  const id = await seedContent(database.pool, 'youtube', 'instants');
  await database.pool.query(
    `insert into engagement_snapshots (content_id, recorded_at, source, views, likes, extra, hidden)
     values ($1, '2026-01-01T00:00Z', 1, null, 5, '{"a": 1}', null),
       ($1, '2026-01-01T00:00Z', 2, 10, 4, '{"a": 2, "b": 2}', '{comments}'),
       ($1, '2026-01-01T00:00Z', 3, 9, null, '{"c": 3}', '{}')`,
    [id],
  );
  const { rows: found } = await database.pool.query(
    'select views, likes, comments, extra, hidden from effective_snapshots where content_id = $1',
    [id],
  );
  expect(found).toEqual([
    { views: 10, likes: 5, comments: null, extra: { a: 1, b: 2, c: 3 }, hidden: ['comments'] },
  ]);
});

test('the registry has every wide metric, and the facts and views a column for each', async () => {
  const { rows: registered } = await database.pool.query<{ name: string }>(
    'select name from metrics where wide',
  );
  expect(registered.map(({ name }) => name).sort()).toEqual([...wideMetrics].sort());
  for (const relation of [
    'engagement_snapshots',
    'content_performance_history',
    'effective_snapshots',
    'effective_days',
    'latest_snapshots',
  ]) {
    const { rows: columns } = await database.pool.query<{ name: string }>(
      `select attname as name from pg_attribute where attrelid = $1::regclass and attname = any ($2)`,
      [relation, wideMetrics],
    );
    expect(columns, relation).toHaveLength(wideMetrics.length);
  }
});

test("a release's days are reached through the facts' key, however large the facts are", async () => {
  const lines = await inTransaction(database.pool, async (client) => {
    // Once autovacuum has counted the few rows of this database, reading all of them is the cheapest way.
    await client.query('set local enable_seqscan = off');
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(
      `explain select e.* from contents c join effective_days e on e.content_id = c.id where c.release_id = 1`,
    );
    return rows;
  });
  const plan = lines.map((line) => line['QUERY PLAN']).join('\n');
  expect(plan).toContain('content_performance_history_pkey');
  expect(plan).not.toContain('Seq Scan on content_performance_history');
});
