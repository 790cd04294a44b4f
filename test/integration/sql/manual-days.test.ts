import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dayOf } from '../../../analytics/calendar.js';
import { Platform } from '../../../contracts/vocabulary.js';
import { insertPerformanceRecord } from '../../../store/performance-records.js';
import { loadSnapshots } from '../../../store/load/load-snapshots.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';
import { seedContent, seedRelease } from './seed.js';

let told: TestDatabase;
let loaded: TestDatabase;
beforeAll(async () => {
  [told, loaded] = await Promise.all([createTestDatabase(), createTestDatabase()]);
});
afterAll(async () => {
  await told.drop();
  await loaded.drop();
});

const zone = 'Europe/Berlin';
const instantOf = (hour: number): Date => new Date(Date.parse('2026-03-27T00:00:00Z') + hour * 3_600_000);
const value = fc.record({
  // Four days and a night, over the change of clocks in Berlin.
  hour: fc.integer({ min: 0, max: 100 }),
  metric: fc.constantFrom('views', 'followers', 'engagement_rate'),
  value: fc.integer({ min: 0, max: 1_000 }),
});

async function digestOf({ pool }: TestDatabase): Promise<unknown> {
  const { rows } = await pool.query('select * from tidemark_digest_parts()');
  return rows;
}

/** The rule, told the slow way: a close below the last one known. */
function correctionsIn(values: readonly { hour: number; metric: string; value: number }[]): unknown {
  const closes = new Map<string, number>();
  for (const { hour, metric, value: number } of [...values].sort((a, b) => a.hour - b.hour)) {
    if (metric === 'views') closes.set(dayOf(instantOf(hour), zone), number);
  }
  return [...closes].flatMap(([day, close], index, days) => {
    const before = days[index - 1]?.[1];
    return before !== undefined && close < before
      ? [{ day, metric: 'views', old_value: before, new_value: close }]
      : [];
  });
}

async function correctionsOf({ pool }: TestDatabase): Promise<unknown> {
  const { rows } = await pool.query(
    `select day::text, metric, old_value, new_value from performance_revisions
     where kind = 'correction' order by day, metric, id`,
  );
  return rows;
}

test('values told one by one, in any order, make the days that a load of them makes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(value, {
        selector: ({ hour, metric }) => `${hour}/${metric}`,
        minLength: 1,
        maxLength: 14,
      }),
      async (values) => {
        for (const { pool } of [told, loaded]) {
          await pool.query('truncate artists, accounts cascade');
          await pool.query(
            `insert into accounts (id, platform, name, day_zones) values (1, 'youtube', 'main', jsonb_build_object('counters', $1::text))`,
            [zone],
          );
          const { releaseId } = await seedRelease(pool, 'Told');
          await seedContent(pool, 'youtube', 'told', releaseId);
          await pool.query('update contents set account_id = 1');
        }
        const { rows } = await told.pool.query<{ id: number }>('select id from releases');
        for (const { hour, metric, value: number } of values) {
          const at = instantOf(hour);
          await insertPerformanceRecord(told.pool, rows[0]!.id, 'youtube', metric, number, at);
        }
        const snapshots = values.map(({ hour, metric, value: number }) => ({
          platform: Platform.YOUTUBE,
          externalId: 'told',
          recordedAt: instantOf(hour),
          metrics: { [metric]: number },
        }));
        const now = new Date();
        await loadSnapshots(loaded.pool, Platform.YOUTUBE, [{ observedAt: now, snapshots, missing: [] }], {
          source: 'manual',
          run: { id: null, now },
        });
        expect(await digestOf(told)).toEqual(await digestOf(loaded));
        expect(await correctionsOf(told)).toEqual(correctionsIn(values));
      },
    ),
    { numRuns: 20 },
  );
});
