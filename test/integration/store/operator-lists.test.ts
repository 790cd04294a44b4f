import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linkContentToRelease, unlinkContentFromRelease } from '../../../services/link-content.js';
import { quotaLedger } from '../../../services/quota-ledger.js';
import { upsertAccount } from '../../../store/accounts.js';
import {
  addAnnotation,
  listAnnotations,
  removeAnnotation,
  type ListedAnnotation,
} from '../../../store/annotations.js';
import { listContents, type ListedContent } from '../../../store/content-list.js';
import { coverageGrid, type CoverageRow } from '../../../store/listings/coverage-grid.js';
import { markFailed } from '../../../store/coverage.js';
import { insertPerformanceRecord } from '../../../store/performance-records.js';
import { markExhausted, reserveQuota } from '../../../store/quota.js';
import { showRelease } from '../../../store/releases.js';
import { removeRelease } from '../../../store/remove-release.js';
import {
  listRestatements,
  type Restatement,
  type RestatementFilter,
} from '../../../store/listings/restatements.js';
import { seedContent, seedRelease } from '../sql/seed.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** All rows by pages of `limit`, each begun after the last one of the page before. */
async function paged<Row>(
  read: (after: Row | undefined, limit: number) => Promise<Row[]>,
  limit = 2,
): Promise<Row[]> {
  const all: Row[] = [];
  for (;;) {
    const page = await read(all.at(-1), limit);
    all.push(...page);
    if (page.length < limit) return all;
  }
}

describe('the coverage grid', () => {
  it('has a cell for every day and a row for every report asked for or known', async () => {
    const { id } = await upsertAccount(database.pool, {
      platform: 'youtube',
      name: 'main',
      reports: ['counters', 'daily'],
    });
    await upsertAccount(database.pool, { platform: 'spotify', name: 'main', reports: ['counters'] });
    await database.pool.query(
      `insert into coverage (account_id, report, day, state, rows) values
         ($1, 'counters', '2026-01-01', 'final', 9), ($1, 'counters', '2026-01-02', 'provisional', 4),
         ($1, 'export', '2026-01-03', 'unavailable', 0)`,
      [id],
    );
    await markFailed(database.pool, {
      ...{ accountId: id, report: 'counters', days: ['2026-01-02', '2026-01-03'], runId: null },
      ...{ failureKind: 'quota', failureMessage: 'm', at: new Date('2026-01-04T00:00:00Z') },
    });
    const range = { from: '2026-01-01', to: '2026-01-05' };
    const grid = await coverageGrid(database.pool, range);
    expect(grid.map(({ platform, report }) => `${platform}/${report}`)).toEqual([
      'spotify/counters',
      'youtube/counters',
      'youtube/daily',
      'youtube/export',
    ]);
    expect(grid[1]).toEqual({
      ...{ platform: 'youtube', account: 'main', report: 'counters' },
      days: [
        { day: '2026-01-01', state: 'final', rows: 9, attempts: 0, failure_kind: null },
        { day: '2026-01-02', state: 'provisional', rows: 4, attempts: 1, failure_kind: 'quota' },
        { day: '2026-01-03', state: 'failed', rows: 0, attempts: 1, failure_kind: 'quota' },
        { day: '2026-01-04', state: 'missing', rows: 0, attempts: 0, failure_kind: null },
      ],
      counts: { missing: 1, provisional: 1, final: 1, failed: 1, unavailable: 0 },
    });
    expect(
      await paged<CoverageRow>((after, limit) => coverageGrid(database.pool, { ...range, after, limit })),
    ).toEqual(grid);
    expect(await coverageGrid(database.pool, { ...range, platform: 'youtube', report: 'daily' })).toEqual([
      grid[2],
    ]);
    for (const to of ['2026-01-01', '2027-01-03'])
      await expect(coverageGrid(database.pool, { ...range, to })).rejects.toMatchObject({ code: 'rejected' });
  });
});

describe('the quota ledger', () => {
  it('tells what is left and when the platform’s own day ends', async () => {
    const now = new Date('2026-07-01T20:00:00Z');
    const bucket = { project: 'youtube', bucket: 'units', quotaDay: '2026-07-01', limit: 100 };
    const ledger = () => quotaLedger({ db: database.pool, clock: { now: () => now } }, '2026-06-30');
    await reserveQuota(database.pool, { ...bucket, units: 40, now });
    // Midnight in Los Angeles, in summer.
    const resetsAt = new Date('2026-07-02T07:00:00Z');
    expect(await ledger()).toMatchObject([{ used: 40, left: 60, resets_at: resetsAt, is_current: true }]);
    await markExhausted(database.pool, bucket, new Date('2026-07-01T21:00:00Z'));
    expect(await ledger()).toMatchObject([{ left: 0, resets_at: new Date('2026-07-01T21:00:00Z') }]);
  });
});

describe('restatements', () => {
  it('are listed newest first, by page and by filter', async () => {
    const { releaseId } = await seedRelease(database.pool, 'Restated');
    await seedContent(database.pool, 'youtube', 'restated', releaseId);
    const at = new Date('2026-01-05T12:00:00Z');
    const since = new Date();
    for (const value of [1, 2, 3, 4])
      await insertPerformanceRecord(database.pool, releaseId, 'youtube', 'views', value, at);
    const filter: RestatementFilter = {
      ...{ artistId: null, releaseId: null, contentKey: null, content: 'youtube:restated', platform: null },
      ...{ metric: 'views', kind: 'replaced', from: null, to: null, beforeId: null, limit: 50 },
    };
    const found = await listRestatements(database.pool, filter);
    expect(found.map(({ oldValue, newValue }) => [oldValue, newValue])).toEqual([
      [3, 4],
      [2, 3],
      [1, 2],
    ]);
    expect(found[0]).toMatchObject({ grain: 'instant', recordedAt: at, day: null, source: 'manual' });
    expect(
      await paged<Restatement>((after, limit) =>
        listRestatements(database.pool, { ...filter, beforeId: after?.id ?? null, limit }),
      ),
    ).toEqual(found);
    const later = new Date(since.getTime() + 3_600_000);
    // By the platform's own id too, and by our key alone where that is asked for.
    const byPlatformId = { ...filter, content: 'restated' };
    expect(await listRestatements(database.pool, byPlatformId)).toEqual(found);
    expect(await listRestatements(database.pool, { ...byPlatformId, from: later })).toEqual([]);
    expect(await listRestatements(database.pool, { ...filter, kind: 'undone' })).toEqual([]);
    const byKey = { ...filter, content: null, contentKey: 'youtube:restated' };
    expect(await listRestatements(database.pool, byKey)).toEqual(found);
    expect(await listRestatements(database.pool, { ...byKey, contentKey: 'restated' })).toEqual([]);
  });
});

describe('annotations', () => {
  it('are listed by whom and when they speak of, and removed once', async () => {
    const { artistId, releaseId } = await seedRelease(database.pool, 'Annotated');
    const at = (day: number): Date => new Date(Date.UTC(2026, 0, day));
    const note = (day: number, of: { releaseId?: number; artistId?: number; platform?: string }) =>
      addAnnotation(database.pool, {
        ...{ artistId: null, releaseId: null, platform: null, at: at(day), text: `day ${day}` },
        ...of,
      });
    const [first, second] = [await note(1, { releaseId }), await note(2, { artistId, platform: 'youtube' })];
    await note(3, { releaseId: (await seedRelease(database.pool, 'Another')).releaseId });
    const ids = async (filter: Parameters<typeof listAnnotations>[1]): Promise<string[]> =>
      (await listAnnotations(database.pool, filter)).map(({ id }) => id);
    expect(await ids({ releaseId })).toEqual([second.id, first.id]);
    expect(await ids({ artistId })).toEqual([second.id, first.id]);
    expect(await ids({ releaseId, platform: 'spotify' })).toEqual([first.id]);
    expect(await ids({ releaseId, from: at(1), to: at(2) })).toEqual([first.id]);
    const all = await listAnnotations(database.pool);
    expect(all).toHaveLength(3);
    expect(
      await paged<ListedAnnotation>((after, limit) => listAnnotations(database.pool, { after, limit })),
    ).toEqual(all);
    expect(await removeAnnotation(database.pool, first.id)).toMatchObject({ id: first.id });
    expect(await removeAnnotation(database.pool, first.id)).toBeNull();
  });
});

describe('contents', () => {
  it('are linked with what is worth knowing, and unlinked', async () => {
    const { releaseId } = await seedRelease(database.pool, 'Linking');
    const { releaseId: draft } = await seedRelease(database.pool, 'Unready', 'draft');
    await insertPerformanceRecord(database.pool, releaseId, 'youtube', 'views', 5, new Date());
    for (const id of ['50%_off', 'second']) await seedContent(database.pool, 'youtube', id);
    const codes = ({ warnings }: { warnings: { code: string }[] }): string[] =>
      warnings.map(({ code }) => code);
    const link = (id: string, release: number) =>
      linkContentToRelease(database.pool, `youtube:${id}`, release);

    const found = await listContents(database.pool, { linked: false, search: '%_OFF' });
    expect(found).toMatchObject([{ content_id: 'youtube:50%_off', release_id: null }]);
    const linked = await link('50%_off', releaseId);
    expect(linked).toMatchObject({ changed: true, content: { release_id: releaseId, is_primary: true } });
    expect(codes(linked)).toEqual(['takes_over_values']);
    expect(await link('50%_off', releaseId)).toMatchObject({ changed: false, warnings: [] });
    expect(codes(await link('second', releaseId))).toEqual(['not_primary']);
    expect(codes(await link('50%_off', draft))).toEqual([
      ...['moves_from_release', 'moves_from_artist', 'takes_values_along', 'release_not_approved'],
    ]);
    const unlinked = await unlinkContentFromRelease(database.pool, 'youtube:50%_off');
    expect(unlinked).toMatchObject({ changed: true, content: { release_id: null } });
    expect(codes(unlinked)).toContain('leaves_release_without_content');
    expect(await unlinkContentFromRelease(database.pool, 'youtube:50%_off')).toMatchObject({
      changed: false,
    });
    await expect(link('none', releaseId)).rejects.toMatchObject({ code: 'notFound' });
    const all = await listContents(database.pool);
    expect(
      await paged<ListedContent>((after, limit) => listContents(database.pool, { after: after?.id, limit })),
    ).toEqual(all);
  });
});

describe('a release', () => {
  it('is deleted where nothing hangs on it, and withdrawn where something does', async () => {
    const { releaseId: bare } = await seedRelease(database.pool, 'Bare');
    expect(await removeRelease(database.pool, bare)).toMatchObject({ outcome: 'deleted', hanging: {} });
    await expect(showRelease(database.pool, bare)).rejects.toMatchObject({ code: 'notFound' });
    const { releaseId } = await seedRelease(database.pool, 'Laden');
    await seedContent(database.pool, 'youtube', 'laden', releaseId);
    expect(await removeRelease(database.pool, releaseId)).toMatchObject({
      outcome: 'withdrawn',
      hanging: { contents: 1 },
    });
    expect(await showRelease(database.pool, releaseId)).toMatchObject({ state: 'withdrawn' });
    expect(await removeRelease(database.pool, releaseId)).toMatchObject({ outcome: 'withdrawn_before' });
  });
});
