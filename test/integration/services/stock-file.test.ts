import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BadInputError, StockSuccessTracker } from '../../../services/index.js';
import { exportSourceStats, importSourceStats, type SourceImport } from '../../../services/stock-file.js';
import { addArtist } from '../../../store/artists.js';
import { inTransaction } from '../../../store/queryable.js';
import { addRelease } from '../../../store/releases.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';

const now = new Date('2026-06-30T12:00:00Z');
const clock = { now: () => now };

let databases: [full: TestDatabase, empty: TestDatabase];
beforeAll(async () => {
  databases = [await createTestDatabase(), await createTestDatabase()];
  for (const { pool } of databases) {
    const { id } = await addArtist(pool, 'someone');
    for (const title of ['one', 'two', 'three'])
      await addRelease(pool, { artistId: id, title, state: 'approved' });
  }
  const tracker = trackerOn(databases[0]);
  await tracker.logClipUsage('harbor', 'h-1', 1);
  await tracker.logClipUsage('harbor', 'h-2', 2);
  await tracker.logClipUsage('meadow', 'm-1', 2);
  await tracker.logReleasePerformance(1, 8);
  await tracker.logReleasePerformance(2, 3.5);
});
afterAll(() => Promise.all(databases.map((database) => database.drop())));

const trackerOn = ({ pool }: TestDatabase): StockSuccessTracker => new StockSuccessTracker({ pool, clock });
const exported = async ({ pool }: TestDatabase): Promise<string> =>
  JSON.stringify(await exportSourceStats({ pool, clock, halfLifeDays: 30 }));
const imported = ({ pool }: TestDatabase, text: string): Promise<SourceImport> =>
  inTransaction(pool, (client) => importSourceStats(client, text, now));

describe('source_stats.json', () => {
  it('carries everything that the ranking rests on from one database to another', async () => {
    const [full, empty] = databases;
    const text = await exported(full);
    expect(await imported(empty, text)).toEqual({
      ...{ usages: { told: 3, written: 3 }, performances: { told: 2, written: 2 } },
    });
    expect(await exported(empty)).toBe(text);
    expect(await trackerOn(empty).rankSources()).toEqual(await trackerOn(full).rankSources());
  });

  it('changes nothing when it is taken in again', async () => {
    const [full] = databases;
    const text = await exported(full);
    expect(await imported(full, text)).toMatchObject({
      usages: { written: 0 },
      performances: { written: 0 },
    });
    expect(await exported(full)).toBe(text);
  });

  it('is taken in whole or not at all', async () => {
    const [full, empty] = databases;
    const stats = JSON.parse(await exported(full)) as { usages: object[]; performances: object[] };
    const before = await exported(empty);
    const broken = (change: object): string => JSON.stringify({ ...stats, ...change });
    for (const text of [
      'nothing',
      '{}',
      broken({ version: 2 }),
      broken({ usages: [{ source_name: ' ', clip_id: 'c', release_id: 1, used_at: now.toISOString() }] }),
      broken({
        performances: [{ release_id: 1, performance_score: 11, event_day: '2026-01-01', origin: 'logged' }],
      }),
      broken({ performances: [...stats.performances, ...stats.performances] }),
    ]) {
      await expect(imported(empty, text), text).rejects.toThrow(BadInputError);
    }
    const missing = { source_name: 'x', clip_id: 'c', release_id: 99, used_at: now.toISOString() };
    await expect(imported(empty, broken({ usages: [...stats.usages, missing] }))).rejects.toMatchObject({
      code: 'notFound',
    });
    expect(await exported(empty)).toBe(before);
  });
});
