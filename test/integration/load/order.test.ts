import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DailyRecord, SnapshotBatch } from '../../../contracts/records.js';
import { loadDays } from '../../../store/load/load-days.js';
import { loadSnapshots } from '../../../store/load/load-snapshots.js';
import type { LoadOptions } from '../../../store/load/options.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';
import { addAccount, answer, countOf, digestOf, storedDays, type StoredDay } from './fixtures.js';

const zone = 'America/Los_Angeles';
const now = new Date('2026-04-01T00:00:00Z');
/** Around the change of clocks of 8 March 2026, hours on either side of midnight in Los Angeles. */
const hours = Array.from({ length: 30 }, (_, index) => Date.UTC(2026, 2, 5, 6) + index * 5 * 3_600_000);

const histories = fc
  .tuple(
    fc.array(
      fc.tuple(
        fc.constantFrom('a', 'b'),
        fc.option(fc.record({ views: fc.nat(40), likes: fc.nat(4) }, { requiredKeys: ['views'] }), {
          nil: null,
        }),
      ),
      { minLength: hours.length, maxLength: hours.length },
    ),
    fc.infiniteStream<number>(fc.nat()),
  )
  .map(([told, noise]) => ({
    batches: told.map(([content, metrics], index): SnapshotBatch =>
      answer(new Date(hours[index]!).toISOString(), { [content]: metrics }),
    ),
    noise,
  }));

function nextOf(noise: Iterator<number>): number {
  const { value } = noise.next() as IteratorYieldResult<number>;
  return value;
}

const emptied = [
  'performance_revisions',
  'content_performance_history',
  'engagement_snapshots',
  'content_availability',
  'silent_observations',
  'coverage',
  'contents',
  'accounts',
];

/** Days as a reader with nothing but the batches would work them out. */
function expectedDays(batches: readonly SnapshotBatch[]): StoredDay[] {
  const local = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
  const closes = new Map<string, number>();
  for (const batch of batches.toSorted((x, y) => x.observedAt.getTime() - y.observedAt.getTime())) {
    for (const row of batch.snapshots) {
      const day = local.format(row.recordedAt);
      closes.set(`youtube:${row.externalId}/${day}`, row.metrics['views']!);
    }
  }
  return [...closes]
    .map(([name, close]) => {
      const [key = '', day = ''] = name.split('/');
      const before = new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
      const open = closes.get(`${key}/${before}`);
      const views = open === undefined || close < open ? null : close - open;
      return { key, day, views, views_close: close, final: true };
    })
    .sort((x, y) => (x.key + x.day < y.key + y.day ? -1 : 1));
}

describe('the order of loads', () => {
  let database: TestDatabase;
  let options: LoadOptions;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const clear = async (): Promise<void> => {
    // Deletes: a truncation of tables this small takes ten times as long.
    for (const table of emptied) await database.pool.query(`delete from ${table}`);
    const id = await addAccount(database.pool, 'youtube', 'main', { counters: zone });
    options = { source: 'reported', run: { id: null, now }, account: { id, report: 'counters' } };
  };
  const corrections = async (): Promise<object[]> => {
    const { rows } = await database.pool.query<object>(
      `select c.content_key, r.day::text, r.metric, r.old_value, r.new_value
       from performance_revisions r join contents c on c.id = r.content_id
       where r.kind = 'correction' order by 1, 2, 3, 4, 5`,
    );
    return rows;
  };

  it('does not show in days, corrections or availability', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async ({ batches, noise }) => {
        await clear();
        await loadSnapshots(database.pool, 'youtube', batches, options);
        const digest = await digestOf(database.pool);
        const corrected = await corrections();
        expect(await storedDays(database.pool, 4)).toEqual(expectedDays(batches));

        await clear();
        const shuffled = batches
          .map((batch) => ({ batch, at: nextOf(noise) }))
          .sort((x, y) => x.at - y.at)
          .map(({ batch }) => batch);
        for (let at = 0; at < shuffled.length;) {
          const size = 1 + (nextOf(noise) % 7);
          await loadSnapshots(database.pool, 'youtube', shuffled.slice(at, at + size), options);
          at += size;
        }
        expect(await digestOf(database.pool)).toBe(digest);
        expect(await corrections()).toEqual(corrected);

        const again = await loadSnapshots(database.pool, 'youtube', batches, { ...options, chunkRows: 3 });
        expect(again).toMatchObject({ inserted: 0, updated: 0, stale: 0 });
        expect(await digestOf(database.pool)).toBe(digest);
      }),
      { numRuns: 12 },
    );
  });

  it('does not show where a day in between tells less than those around it', async () => {
    const at = (day: number, metrics: Record<string, number>): SnapshotBatch =>
      answer(`2026-03-${String(day).padStart(2, '0')}T20:00:00Z`, { b: metrics });
    const [likes, viewsAlone, fewerLikes, stillFewer] = [
      at(9, { views: 1, likes: 2 }),
      at(10, { views: 1 }),
      at(11, { views: 1, likes: 1 }),
      at(13, { views: 1, likes: 0 }),
    ] as const;
    const inOrder = [likes, viewsAlone, fewerLikes, stillFewer];
    await clear();
    await loadSnapshots(database.pool, 'youtube', inOrder, options);
    const digest = await digestOf(database.pool);
    const fall = [
      { content_key: 'youtube:b', day: '2026-03-13', metric: 'likes', old_value: 1, new_value: 0 },
    ];
    expect(await corrections()).toEqual(fall);
    for (const steps of [
      [[likes, fewerLikes, stillFewer], [viewsAlone]],
      [[stillFewer], [fewerLikes], [likes], [viewsAlone]],
      [
        [fewerLikes, likes],
        [viewsAlone, stillFewer],
      ],
    ]) {
      await clear();
      for (const step of steps) await loadSnapshots(database.pool, 'youtube', step, options);
      expect(await digestOf(database.pool)).toBe(digest);
      expect(await corrections()).toEqual(fall);
    }
  });

  it('does not show when two loaders meet', async () => {
    const batches = hours.map((at, index) =>
      answer(new Date(at).toISOString(), {
        a: { views: index * 3 },
        b: index % 4 === 1 ? null : { views: 100 - index },
        c: { views: index, likes: index % 3 },
      }),
    );
    await clear();
    await loadSnapshots(database.pool, 'youtube', batches, options);
    const digest = await digestOf(database.pool);
    const corrected = await corrections();
    for (let round = 0; round < 5; round++) {
      await clear();
      const loaders = [batches, batches.toReversed(), batches.filter((_, index) => index % 2 === 0)];
      const results = await Promise.all(
        loaders.map((own) => loadSnapshots(database.pool, 'youtube', own, { ...options, chunkRows: 4 })),
      );
      expect(await digestOf(database.pool)).toBe(digest);
      expect(await corrections()).toEqual(corrected);
      const inserted = results.reduce((sum, result) => sum + result.inserted, 0);
      expect(inserted).toBe(await countOf(database.pool, 'engagement_snapshots'));
    }
  });

  it('does not show in days that an export reports', async () => {
    const record = (day: number, streams: number, total: number): DailyRecord => ({
      platform: 'spotify',
      externalId: 't',
      day: `2026-03-${String(day).padStart(2, '0')}`,
      increments: { streams },
      closes: { streams: total },
      sourceVersion: null,
      final: true,
    });
    const rows = [
      record(1, 10, 100),
      record(2, 12, 112),
      record(3, 12, 112),
      record(4, 12, 112),
      record(5, -2, 110),
      record(6, 8, 118),
      record(9, 8, 118),
      record(10, 0, 118),
      record(11, 5, 90),
    ];
    const load = (own: DailyRecord[]) =>
      loadDays(database.pool, [own], { source: 'imported', run: { id: null, now } });
    await clear();
    await load(rows);
    const digest = await digestOf(database.pool);
    const corrected = await corrections();
    const { rows: states } = await database.pool.query<{
      day: string;
      streams: number | null;
      final: boolean;
      repeats: boolean;
    }>('select day::text, streams, final, repeats from content_performance_history order by day');
    expect(states.filter(({ repeats }) => repeats).map(({ day }) => day)).toEqual([
      '2026-03-03',
      '2026-03-04',
      '2026-03-09',
    ]);
    expect(states.every(({ final, repeats }) => final !== repeats)).toBe(true);
    expect(states[4]?.streams).toBeNull();
    expect(corrected).toEqual([
      { content_key: 'spotify:t', day: '2026-03-05', metric: 'streams', old_value: 112, new_value: 110 },
      { content_key: 'spotify:t', day: '2026-03-11', metric: 'streams', old_value: 118, new_value: 90 },
    ]);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(rows, { minLength: rows.length }),
        fc.nat(8),
        async (order, split) => {
          await clear();
          await load(order.slice(0, split));
          for (const row of order.slice(split)) await load([row]);
          expect(await digestOf(database.pool)).toBe(digest);
          expect(await corrections()).toEqual(corrected);
          expect(await load(rows)).toMatchObject({ inserted: 0, updated: 0, unchanged: rows.length });
          expect(await countOf(database.pool, 'performance_revisions')).toBe(corrected.length);
        },
      ),
      { numRuns: 12 },
    );
  });
});
