import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Platform } from '../../../contracts/vocabulary.js';
import { enterValue, previewEntry, recentEntries, undoEntry } from '../../../services/data-entry.js';
import { loadSnapshots } from '../../../store/load/load-snapshots.js';
import { insertPerformanceRecord } from '../../../store/performance-records.js';
import { linkContent } from '../../../store/releases.js';
import { seedContent, seedRelease } from '../sql/seed.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const now = new Date('2026-03-10T12:00:00Z');
const clock = { now: () => now };
const noon = (day: number): Date => new Date(Date.UTC(2026, 2, day, 12));
const load = (externalId: string, values: readonly [at: Date, views: number][]): Promise<unknown> =>
  loadSnapshots(
    database.pool,
    Platform.YOUTUBE,
    values.map(([recordedAt, views]) => ({
      observedAt: recordedAt,
      missing: [],
      snapshots: [{ platform: Platform.YOUTUBE, externalId, recordedAt, metrics: { views } }],
    })),
    { source: 'reported', run: { id: null, now } },
  );
const entryFor = (releaseId: number, value: number, at: Date, metric = 'views') => ({
  release_id: releaseId,
  platform: 'YouTube',
  metric_name: metric,
  metric_value: value,
  recorded_at: at,
});
const digest = async (): Promise<unknown> =>
  (await database.pool.query('select * from tidemark_digest_parts()')).rows;
const asOf = async (content: string, moment: Date): Promise<unknown[]> =>
  (
    await database.pool.query<{ grain: string; metric_value: number }>(
      `select grain, metric_value from performance_as_of($1, 'views', $2)`,
      [content, moment],
    )
  ).rows;

describe('a preview', () => {
  it('tells unit, kind and band, and warns of what is odd', async () => {
    const { releaseId } = await seedRelease(database.pool, 'Previewed');
    await seedContent(database.pool, 'youtube', 'previewed', releaseId);
    // 100 a day and a little.
    await load(
      'previewed',
      Array.from({ length: 9 }, (_, n) => [noon(n + 1), 1_000 + n * 100 + (n % 2) * 4]),
    );
    const preview = async (value: number, at: Date, metric?: string) => {
      const { warnings, ...told } = await previewEntry(
        { db: database.pool, clock },
        entryFor(releaseId, value, at, metric),
      );
      return { ...told, codes: warnings.map(({ code }) => code) };
    };
    expect(await preview(1_900, noon(10))).toMatchObject({
      platform: 'youtube',
      content_id: 'youtube:previewed',
      metric: { kind: 'counter', unit: 'count' },
      previous: { metric_value: 1_800, source: 'reported' },
      expected: { basis: 'recent_days', points: 8 },
      codes: [],
    });
    expect((await preview(9_000, noon(10))).codes).toEqual(['outside_expected']);
    expect((await preview(1_700, noon(10))).codes).toEqual(['counter_falls']);
    expect((await preview(1_900, new Date('2026-03-11T12:00:00Z'))).codes).toContain('in_the_future');
    expect((await preview(1_800, noon(9))).codes).toEqual(['overrules_platform']);
    expect((await preview(1_805, new Date('2026-03-09T13:00:00Z'))).codes).toContain('duplicate_day');
    expect(await preview(1, noon(10), 'veiws')).toMatchObject({ metric: null, codes: ['unknown_metric'] });
    await enterValue(database.pool, entryFor(releaseId, 1_900, noon(10)), 'ann');
    expect((await preview(1_901, noon(10))).codes).toEqual(['duplicate_instant']);
  });

  it('prefers the forecast of the day', async () => {
    const { releaseId } = await seedRelease(database.pool, 'Foretold');
    const id = await seedContent(database.pool, 'youtube', 'foretold', releaseId);
    await load('foretold', [[noon(9), 500]]);
    await database.pool.query(
      `insert into trend_analysis_results (run_id, content_id, metric, method, method_version, points, predictions,
         withheld_reason, computed_at)
       values (1, $1, 'views', 'm', '1', 9, $2, 'short', now())`,
      [id, JSON.stringify([{ timestamp: '2026-03-10T00:00:00Z', value: 50, lower_95: 40, upper_95: 60 }])],
    );
    const preview = await previewEntry({ db: database.pool, clock }, entryFor(releaseId, 700, noon(10)));
    expect(preview.expected).toEqual({ basis: 'forecast', points: null, low: 540, high: 560 });
    expect(preview.warnings.map(({ code }) => code)).toEqual(['outside_expected']);
  });

  it('refuses what could not be entered, by the field', async () => {
    const { releaseId } = await seedRelease(database.pool, 'Draft', 'draft');
    const deps = { db: database.pool, clock };
    const entry = entryFor(releaseId, 1, noon(1));
    await expect(previewEntry(deps, entry)).rejects.toThrow(/not approved/);
    await expect(previewEntry(deps, { ...entry, platform: 'myspace' })).rejects.toThrow(/^platform:/);
    await expect(previewEntry(deps, { ...entry, metric_value: Infinity })).rejects.toThrow(/^metric_value:/);
    await expect(previewEntry(deps, { ...entry, release_id: 999_999 })).rejects.toMatchObject({
      code: 'notFound',
    });
  });
});

describe('an entry', () => {
  it('is told with who and when, and is entered once however often it is sent', async () => {
    const { releaseId } = await seedRelease(database.pool, 'Entered');
    const first = await enterValue(database.pool, entryFor(releaseId, 10, noon(2)), 'ann');
    const again = await enterValue(database.pool, entryFor(releaseId, 10, noon(2)), 'ann');
    const other = await enterValue(database.pool, entryFor(releaseId, 12, noon(2)), 'bob');
    expect(first).toMatchObject({ is_new: true, entry: { entered_by: 'ann', former_value: null } });
    expect(again).toMatchObject({ is_new: false, entry: { id: first.entry.id } });
    const recent = await recentEntries(database.pool, { release_id: releaseId });
    expect(recent).toMatchObject([
      { id: other.entry.id, metric_value: 12, former_value: 10, entered_by: 'bob', undone_at: null },
      { id: first.entry.id, metric_value: 10, release_title: 'A release of Entered' },
    ]);
    expect(await recentEntries(database.pool, { release_id: releaseId, after: recent[0]!.id })).toEqual([
      recent[1],
    ]);
  });

  it('that is undone leaves the facts as they were before it, and the past as it was', async () => {
    const { releaseId } = await seedRelease(database.pool, 'Undone');
    await seedContent(database.pool, 'youtube', 'undone', releaseId);
    await load('undone', [
      [noon(1), 100],
      [noon(2), 150],
      [noon(3), 220],
    ]);
    for (const [at, metric] of [
      [noon(2), 'views'],
      [noon(2), 'bookmarks'],
      [new Date('2027-05-05T05:00:00Z'), 'views'],
      [new Date('2026-02-01T05:00:00Z'), 'followers'],
    ] as const) {
      const before = await digest();
      const { entry } = await enterValue(database.pool, entryFor(releaseId, 140, at, metric), 'ann');
      expect(await digest()).not.toEqual(before);
      const known = await asOf('youtube:undone', new Date());
      const undone = await undoEntry(database.pool, entry.id, 'bob');
      expect(undone).toMatchObject({ undone: true, entry: { undone_by: 'bob' } });
      expect(await digest()).toEqual(before);
      expect(await undoEntry(database.pool, entry.id, 'cat')).toMatchObject({
        undone: false,
        entry: { undone_by: 'bob' },
      });
      expect(await digest()).toEqual(before);
      // The server's clock has digits past the millisecond.
      expect(await asOf('youtube:undone', new Date(entry.entered_at.getTime() + 1))).toEqual(known);
    }
    const { rows } = await database.pool.query(
      `select r.metric, r.old_value, r.new_value from performance_revisions r join contents c on c.id = r.content_id
       where c.content_key = 'youtube:undone' and r.kind = 'undone' order by r.id`,
    );
    expect(rows).toHaveLength(4);
    expect(rows[0]).toEqual({ metric: 'views', old_value: 140, new_value: null });
  });

  it('shows the platform’s value again', async () => {
    const { releaseId } = await seedRelease(database.pool, 'Underneath');
    await seedContent(database.pool, 'youtube', 'underneath', releaseId);
    await load('underneath', [[noon(2), 150]]);
    const { entry } = await enterValue(database.pool, entryFor(releaseId, 999, noon(2)), 'ann');
    expect((await undoEntry(database.pool, entry.id, 'ann')).effective).toMatchObject({
      metric_value: 150,
      source: 'reported',
    });
  });

  it('gives way to what it had replaced, in whichever order entries are undone', async () => {
    const { releaseId } = await seedRelease(database.pool, 'Stacked');
    const enter = async (value: number): Promise<string> =>
      (await enterValue(database.pool, entryFor(releaseId, value, noon(4)), 'ann')).entry.id;
    const standing = async (id: string): Promise<number | undefined> =>
      (await undoEntry(database.pool, id, 'ann')).effective?.metric_value;
    const [one, two, three] = [await enter(1), await enter(2), await enter(3)];
    // The middle one stands no longer, so nothing changes; the last one falls back past it.
    expect(await standing(two)).toBe(3);
    expect(await standing(three)).toBe(1);
    expect(await standing(one)).toBeUndefined();
  });

  it('that something else replaced is not undone', async () => {
    const { releaseId } = await seedRelease(database.pool, 'Replaced');
    const { entry } = await enterValue(database.pool, entryFor(releaseId, 5, noon(5)), 'ann');
    await insertPerformanceRecord(database.pool, releaseId, 'youtube', 'views', 6, noon(5));
    await expect(undoEntry(database.pool, entry.id, 'ann')).rejects.toMatchObject({ code: 'conflict' });
    await expect(undoEntry(database.pool, '999999', 'ann')).rejects.toMatchObject({ code: 'notFound' });
  });

  it('goes with its stand-in to the content that takes its place, and is undone there', async () => {
    const { releaseId } = await seedRelease(database.pool, 'Absorbed');
    const { entry } = await enterValue(database.pool, entryFor(releaseId, 5, noon(6)), 'ann');
    await seedContent(database.pool, 'youtube', 'absorbing');
    await linkContent(database.pool, 'youtube:absorbing', releaseId);
    expect(await recentEntries(database.pool, { release_id: releaseId })).toMatchObject([
      { id: entry.id, content_id: 'youtube:absorbing' },
    ]);
    expect(await undoEntry(database.pool, entry.id, 'ann')).toMatchObject({ undone: true, effective: null });
  });
});
