import fc from 'fast-check';
import { linearRegression } from 'simple-statistics';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function one<Value>(sql: string, parameters: unknown[] = []): Promise<Value | undefined> {
  const { rows } = await database.pool.query<{ value: Value }>(sql, parameters);
  return rows[0]?.value;
}

const slope = (values: readonly (number | null)[]): Promise<number | null | undefined> =>
  one(
    `select performance_slope(v, (date '2026-01-01' + n::integer - 1)) as value
     from unnest($1::float8[]) with ordinality as t (v, n)`,
    [values],
  );

test('slope is that of least squares a day', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 2, maxLength: 40 }),
      async (values) => {
        const expected = linearRegression(values.map((value, index) => [index, value])).m;
        expect(await slope(values)).toBeCloseTo(expected, 6);
      },
    ),
    { numRuns: 50 },
  );
});

test('slope keeps its digits at counters of hundreds of millions', async () => {
  expect(await slope([400_000_000, 400_000_001, 400_000_002, 400_000_003])).toBe(1);
});

test('slope leaves gaps out and is null where it has no meaning', async () => {
  expect(await slope([1, null, 5])).toBe(2);
  expect(await slope([3, 3, 3])).toBe(0);
  expect(await slope([7])).toBeNull();
  expect(await slope([null, null])).toBeNull();
  expect(await slope([])).toBeNull();
  expect(
    await one(`select performance_slope(v, date '2026-01-01') as value from (values (1.0), (2.0)) t (v)`),
  ).toBeNull();
});

test('slope works over a window', async () => {
  const { rows } = await database.pool.query<{ value: number | null }>(
    `select performance_slope(v, d) over (order by d rows 1 preceding) as value
     from (values (1.0::float8, date '2026-01-01'), (4, '2026-01-02'), (4, '2026-01-04')) t (v, d)`,
  );
  expect(rows.map(({ value }) => value)).toEqual([null, 3, 0]);
});

test.each([
  ['125, 100', 0.25],
  ['50, 100', -0.5],
  ['0, 100', -1],
  ['100, 0', null],
  ['100, -5', null],
  ['null, 100', null],
  ['100, null', null],
])('growth of %s is %s', async (values, expected) => {
  expect(await one(`select performance_growth(${values}) as value`)).toBe(expected);
});

test('a moving average is null until enough of its window is known', async () => {
  const { rows } = await database.pool.query<{ value: number | null }>(
    `select moving_average(v, 2) over (order by n rows 2 preceding) as value
     from unnest($1::float8[]) with ordinality as t (v, n)`,
    [[2, 4, null, 9, null, null, null]],
  );
  expect(rows.map(({ value }) => value)).toEqual([null, 3, 3, 6.5, null, null, null]);
  expect(await one('select moving_average(v, 1) as value from unnest($1::float8[]) v', [[]])).toBeNull();
});
