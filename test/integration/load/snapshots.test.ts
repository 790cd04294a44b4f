import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSnapshots } from '../../../store/load/load-snapshots.js';
import type { LoadOptions } from '../../../store/load/options.js';
import { createTestDatabase, openPool, type TestDatabase } from '../../support/databases.js';
import { addAccount, addRun, answer, countOf, storedDays } from './fixtures.js';

const now = new Date('2026-03-10T12:00:00Z');

describe('loading snapshots', () => {
  let database: TestDatabase;
  let options: LoadOptions;
  let run: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    const id = await addAccount(database.pool, 'youtube', 'main', { counters: 'Asia/Bangkok' });
    run = await addRun(database.pool, 'first');
    options = { source: 'reported', run: { id: run, now }, account: { id, report: 'counters' } };
  });
  afterAll(() => database.drop());

  it('creates what is unknown, and derives days in the zone of the account', async () => {
    const result = await loadSnapshots(
      database.pool,
      'youtube',
      [
        answer('2026-03-01T16:59:00Z', { a: { views: 100, likes: 10 }, b: { views: 7 } }),
        // Past midnight in Bangkok.
        answer('2026-03-01T17:01:00Z', { a: { views: 110, likes: 9 } }),
        answer('2026-03-02T10:00:00Z', { a: { views: 130, likes: 9, popularity: 40, impressions: 5 } }),
        answer('2026-03-04T10:00:00Z', { a: { views: 190 } }),
      ],
      { ...options, covered: [{ day: '2026-03-01', final: true }] },
    );
    expect(result).toMatchObject({ inserted: 5, updated: 0, unchanged: 0, stale: 0, quarantined: 0 });
    expect(result.contentIds).toHaveLength(2);
    expect(await storedDays(database.pool, 4)).toEqual([
      { key: 'youtube:a', day: '2026-03-01', views: null, views_close: 100, final: true },
      { key: 'youtube:a', day: '2026-03-02', views: 30, views_close: 130, final: true },
      // The third is missing, so nothing can be said of what the fourth added.
      { key: 'youtube:a', day: '2026-03-04', views: null, views_close: 190, final: true },
      { key: 'youtube:b', day: '2026-03-01', views: null, views_close: 7, final: true },
    ]);
    const { rows } = await database.pool.query(
      `select day::text, likes, likes_close, popularity from content_performance_history h
       join contents c on c.id = h.content_id where c.external_id = 'a' order by day`,
    );
    expect(rows[1]).toEqual({ day: '2026-03-02', likes: null, likes_close: 9, popularity: 40 });
    const corrections = await database.pool.query(
      `select metric, kind, old_value, new_value, day::text, run_id::text from performance_revisions`,
    );
    expect(corrections.rows).toEqual([
      { metric: 'likes', kind: 'correction', old_value: 10, new_value: 9, day: '2026-03-02', run_id: run },
    ]);
    const coverage = await database.pool.query('select day::text, state, rows, attempts from coverage');
    expect(coverage.rows).toEqual([{ day: '2026-03-01', state: 'final', rows: 2, attempts: 1 }]);
    expect(await countOf(database.pool, 'run_contents')).toBe(2);
    expect(await countOf(database.pool, 'engagement_snapshots', `extra = '{"impressions": 5}'`)).toBe(1);
  });

  it('changes nothing when the same comes again', async () => {
    const again = await loadSnapshots(
      database.pool,
      'youtube',
      [answer('2026-03-02T10:00:00Z', { a: { views: 130, likes: 9 } })],
      options,
    );
    expect(again).toMatchObject({ inserted: 0, updated: 0, unchanged: 1, stale: 0 });
    expect(await countOf(database.pool, 'performance_revisions')).toBe(1);
  });

  it('keeps a replaced value as a revision, and knows a stale answer', async () => {
    const restated = answer('2026-03-02T10:00:00Z', { a: { views: 135, impressions: 6 } });
    const second = await addRun(database.pool, 'second');
    const later = { ...restated, observedAt: new Date('2026-03-06T00:00:00Z') };
    expect(
      await loadSnapshots(database.pool, 'youtube', [later], { ...options, run: { id: second, now } }),
    ).toMatchObject({ updated: 1, stale: 0 });
    expect(await loadSnapshots(database.pool, 'youtube', [restated], options)).toMatchObject({
      updated: 0,
      unchanged: 0,
      stale: 1,
    });
    const { rows } = await database.pool.query(
      `select grain, metric, old_value, new_value from performance_revisions
       where kind = 'replaced' order by grain, metric`,
    );
    expect(rows).toEqual([
      { grain: 'day', metric: 'views', old_value: 30, new_value: 35 },
      { grain: 'day', metric: 'views_close', old_value: 130, new_value: 135 },
      { grain: 'instant', metric: 'impressions', old_value: 5, new_value: 6 },
      { grain: 'instant', metric: 'views', old_value: 130, new_value: 135 },
    ]);
  });

  it('keeps when a metric was first told of a row known before', async () => {
    const at = '2026-03-06T10:00:00Z';
    const told = (metrics: Record<string, number>, learnt: string): Promise<unknown> =>
      loadSnapshots(database.pool, 'youtube', [answer(at, { v: metrics })], {
        ...options,
        run: { id: null, now: new Date(learnt) },
      });
    await told({ views: 1 }, '2026-03-07T00:00:00Z');
    await told({ views: 1, likes: 4, impressions: 9 }, '2026-03-09T00:00:00Z');
    const asOf = async (metric: string, moment: string): Promise<unknown[]> => {
      const { rows } = await database.pool.query<{ metric_value: number }>(
        `select metric_value from performance_as_of('youtube:v', $1, $2) where recorded_at = $3`,
        [metric, moment, at],
      );
      return rows.map((row) => row.metric_value);
    };
    for (const [metric, value] of Object.entries({ likes: 4, impressions: 9 })) {
      expect(await asOf(metric, '2026-03-08T00:00:00Z')).toEqual([]);
      expect(await asOf(metric, '2026-03-09T00:00:00Z')).toEqual([value]);
    }
    expect(await asOf('views', '2026-03-08T00:00:00Z')).toEqual([1]);
  });

  it('moves the version alone when a newer answer says the same, so that one in between is stale', async () => {
    const told = answer('2026-03-05T10:00:00Z', { v: { views: 1 } });
    const load = (views: number, version: string): Promise<{ unchanged: number; stale: number }> =>
      loadSnapshots(
        database.pool,
        'youtube',
        [
          {
            ...told,
            observedAt: new Date(version),
            snapshots: told.snapshots.map((row) => ({ ...row, metrics: { views } })),
          },
        ],
        options,
      );
    await load(1, '2026-03-05T10:00:00Z');
    expect(await load(1, '2026-03-07T10:00:00Z')).toMatchObject({ unchanged: 1, stale: 0 });
    expect(await load(2, '2026-03-06T10:00:00Z')).toMatchObject({ unchanged: 0, stale: 1 });
  });

  it('lets what was told last stand where a pair repeats within a chunk', async () => {
    const result = await loadSnapshots(
      database.pool,
      'youtube',
      [
        answer('2026-03-06T10:00:00Z', { d: { views: 5, likes: 1 } }),
        answer('2026-03-06T10:00:00Z', { d: { views: 6 } }),
      ],
      options,
    );
    expect(result).toMatchObject({ inserted: 1 });
    const { rows } = await database.pool.query(
      `select views, likes from engagement_snapshots s join contents c on c.id = s.content_id
       where c.external_id = 'd'`,
    );
    expect(rows).toEqual([{ views: 6, likes: 1 }]);
  });

  it('keeps an open day provisional and makes it final once it is over', async () => {
    const today = answer('2026-03-10T11:00:00Z', { e: { views: 1 } });
    await loadSnapshots(database.pool, 'youtube', [today], options);
    const states = async (): Promise<boolean[]> =>
      (await storedDays(database.pool, 4)).filter(({ key }) => key === 'youtube:e').map(({ final }) => final);
    expect(await states()).toEqual([false]);
    // Nothing is told of `e` any more; another content of the account is.
    await loadSnapshots(database.pool, 'youtube', [answer('2026-03-11T11:00:00Z', { a: { views: 500 } })], {
      ...options,
      run: { id: run, now: new Date('2026-03-11T12:00:00Z') },
    });
    expect(await states()).toEqual([true]);
  });

  it('covers a day for which nothing came', async () => {
    await loadSnapshots(database.pool, 'youtube', [], {
      ...options,
      covered: [{ day: '2026-03-08', final: true }],
    });
    expect(
      await countOf(database.pool, 'coverage', `day = '2026-03-08' and state = 'final' and rows = 0`),
    ).toBe(1);
  });

  it('writes as the worker, under row security', async () => {
    const worker = openPool({
      connectionString: database.url,
      options: '-c role=tidemark_worker',
      max: 2,
    });
    try {
      const result = await loadSnapshots(
        worker,
        'youtube',
        [answer('2026-03-05T10:00:00Z', { worker: { views: 3 }, gone: null })],
        options,
      );
      expect(result).toMatchObject({ inserted: 1 });
      expect(await countOf(database.pool, 'silent_observations')).toBe(1);
    } finally {
      await worker.end();
    }
  });
});
