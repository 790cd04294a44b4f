import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addDays } from '../../../analytics/calendar.js';
import type { RankedSource } from '../../../analytics/stock-ranking.js';
import { StockSuccessTracker } from '../../../services/stock-tracker.js';
import { addArtist } from '../../../store/artists.js';
import { inTransaction } from '../../../store/queryable.js';
import { addRelease } from '../../../store/releases.js';
import { insertClipUsages, insertPerformanceEvents } from '../../../store/stock.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';
import { seeded } from '../../unit/analytics/random.js';

const now = new Date('2026-06-30T12:00:00Z');
const today = '2026-06-30';

let database: TestDatabase;
let tracker: StockSuccessTracker;
beforeAll(async () => {
  database = await createTestDatabase();
  tracker = new StockSuccessTracker({ pool: database.pool, clock: { now: () => now } });
});
afterAll(() => database.drop());

type SqlRanking = Pick<
  RankedSource,
  'rank' | 'source_name' | 'score' | 'lower' | 'upper' | 'deviation' | 'releases' | 'low_evidence'
> & { last_used: Date };

async function ranked(asOf: string, halfLifeDays: number): Promise<SqlRanking[]> {
  const { rows } = await database.pool.query<SqlRanking>('select * from stock_source_ranking($1, $2)', [
    asOf,
    halfLifeDays,
  ]);
  return rows;
}

async function expectSame(asOf: string, halfLifeDays: number): Promise<void> {
  const [bySql, byProgram] = [
    await ranked(asOf, halfLifeDays),
    await tracker.rankSources({ asOf, halfLifeDays }),
  ];
  expect(bySql.map(({ source_name }) => source_name)).toEqual(
    byProgram.map(({ source_name }) => source_name),
  );
  bySql.forEach((row, index) => {
    const own = byProgram[index]!;
    for (const figure of ['score', 'lower', 'upper', 'deviation'] as const) {
      expect(Math.abs(row[figure] - own[figure]), figure).toBeLessThanOrEqual(
        1e-10 * Math.max(1, own[figure]),
      );
    }
    expect(row.last_used.toISOString()).toBe(own.last_used);
    expect(row).toMatchObject({ rank: own.rank, releases: own.releases, low_evidence: own.low_evidence });
  });
}

describe('the ranking in SQL', () => {
  test('is empty before the first clip, and by name before the first score', async () => {
    expect(await ranked(today, 30)).toEqual([]);
    const { id } = await addArtist(database.pool, 'someone');
    const release = await addRelease(database.pool, { artistId: id, title: 'first', state: 'approved' });
    await insertClipUsages(
      database.pool,
      ['b', 'a'].map((sourceName) => ({ sourceName, clipId: '1', releaseId: release.id })),
      now,
    );
    await expectSame(today, 30);
    expect((await ranked(today, 30)).map(({ source_name, score }) => [source_name, score])).toEqual([
      ['a', 5],
      ['b', 5],
    ]);
  });

  test('is the program’s own to 1e-10, for any day and half-life', async () => {
    const uniform = seeded(17);
    const { id } = await addArtist(database.pool, 'another');
    for (let i = 0; i < 40; i++) {
      const release = await addRelease(database.pool, { artistId: id, title: `r${i}`, state: 'approved' });
      const usages = Array.from({ length: 1 + Math.floor(4 * uniform()) }, (_, clip) => ({
        sourceName: `source ${Math.floor(9 * uniform() ** 2)}`,
        clipId: String(clip),
        releaseId: release.id,
      }));
      const eventDay = addDays(today, -Math.floor(300 * uniform()));
      await insertClipUsages(database.pool, usages, new Date(`${eventDay}T08:00:00Z`));
      if (i % 5 === 4) continue;
      const event = { releaseId: release.id, score: Math.round(1000 * uniform()) / 100, eventDay };
      await inTransaction(database.pool, (client) => insertPerformanceEvents(client, [event], 'logged', now));
    }
    for (const halfLifeDays of [1e-3, 7, 30, 1e9]) await expectSame(today, halfLifeDays);
    for (const daysAgo of [1, 90, 250, 299, 400]) await expectSame(addDays(today, -daysAgo), 30);
    // Scores at the scale's ends reach its limits.
    await database.pool.query(
      `update stock_performance_events e set performance_score = case when exists (
         select from stock_clip_usages u where u.release_id = e.release_id and u.source_name < 'source 1') then 10 else 0 end`,
    );
    await expectSame(today, 3000);
  });

  test('refuses a half-life that is none', async () => {
    await expect(ranked(today, 0)).rejects.toMatchObject({ code: '22023' });
  });
});
