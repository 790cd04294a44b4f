import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ContentDescription } from '../../../contracts/records.js';
import type { AnalysisScope } from '../../../contracts/runs.js';
import {
  dayZoneOf,
  getAccount,
  getAccountById,
  listAccounts,
  pauseAccount,
  resumeAccount,
  upsertAccount,
} from '../../../store/accounts.js';
import { addArtist, listArtists } from '../../../store/artists.js';
import { contentIdsOfScope, trackedContents, upsertDescriptions } from '../../../store/contents.js';
import {
  addRelease,
  approveRelease,
  linkContent,
  listReleases,
  showRelease,
} from '../../../store/releases.js';
import { beginRun, touchContents } from '../../../store/runs.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';

let database: TestDatabase;
let artistId: number;
beforeAll(async () => {
  database = await createTestDatabase();
  artistId = (await addArtist(database.pool, ' Ada ')).id;
});
afterAll(() => database.drop());

function described(externalId: string, more: Partial<ContentDescription> = {}): ContentDescription {
  return {
    platform: 'youtube',
    externalId,
    kind: 'video',
    title: `Title of ${externalId}`,
    description: null,
    publishedAt: null,
    durationSeconds: null,
    tags: null,
    language: null,
    format: null,
    isrc: null,
    attributes: {},
    ...more,
  };
}

async function idsOf(scope: AnalysisScope): Promise<number[][]> {
  const batches: number[][] = [];
  for await (const batch of contentIdsOfScope(database.pool, scope)) batches.push(batch);
  return batches;
}

test('an artist is added once', async () => {
  expect(await addArtist(database.pool, 'Ada')).toEqual({ id: artistId, name: 'Ada' });
  expect((await listArtists(database.pool)).map(({ name }) => name)).toEqual(['Ada']);
  await expect(addArtist(database.pool, '  ')).rejects.toMatchObject({ code: 'rejected' });
});

test('a release is added as a draft, approved, and listed page by page', async () => {
  const draft = await addRelease(database.pool, {
    artistId,
    title: 'First',
    format: 'short',
    releasedOn: '2026-01-05',
    tags: ['a', 'b'],
    attributes: { mood: 'calm' },
  });
  expect(draft).toMatchObject({
    state: 'draft',
    releasedOn: '2026-01-05',
    tags: ['a', 'b'],
    attributes: { mood: 'calm' },
  });
  const second = await addRelease(database.pool, { artistId, title: 'Second', state: 'withdrawn' });
  expect((await approveRelease(database.pool, draft.id)).state).toBe('approved');
  expect((await approveRelease(database.pool, draft.id)).state).toBe('approved');
  expect(await listReleases(database.pool, { artistId, afterId: draft.id, limit: 1 })).toEqual([second]);
  expect((await listReleases(database.pool, { state: 'approved' })).map(({ id }) => id)).toEqual([draft.id]);
  await expect(approveRelease(database.pool, second.id)).rejects.toMatchObject({ code: 'conflict' });
  await expect(approveRelease(database.pool, 999)).rejects.toMatchObject({ code: 'notFound' });
  await expect(addRelease(database.pool, { artistId: 999, title: 'x' })).rejects.toMatchObject({
    code: 'notFound',
    constraint: 'releases_artist_id_fkey',
  });
  await expect(addRelease(database.pool, { artistId, title: '' })).rejects.toMatchObject({
    code: 'rejected',
  });
});

test('a content is linked, once or again, and shown with its release', async () => {
  const release = await addRelease(database.pool, { artistId, title: 'Linked', state: 'approved' });
  await upsertDescriptions(database.pool, [described('link')], null);
  await linkContent(database.pool, 'youtube:link', release.id);
  await linkContent(database.pool, 'youtube:link', release.id);
  expect((await showRelease(database.pool, release.id)).contents).toMatchObject([
    { contentKey: 'youtube:link', isPrimary: true, title: 'Title of link' },
  ]);
  await expect(linkContent(database.pool, 'youtube:none', release.id)).rejects.toMatchObject({
    code: 'notFound',
  });
  await expect(linkContent(database.pool, 'youtube:link', 999)).rejects.toMatchObject({ code: 'notFound' });
  await expect(showRelease(database.pool, 999)).rejects.toMatchObject({ code: 'notFound' });
});

test('an account is brought up to date by what is told, and paused with its reason', async () => {
  const first = await upsertAccount(database.pool, {
    platform: 'spotify',
    name: 'main',
    externalId: 'UC1',
    dayZones: { daily: 'America/Los_Angeles' },
    reports: ['counters', 'daily'],
    settings: { firstDay: '2026-01-01' },
  });
  expect(first).toMatchObject({ state: 'active', reports: ['counters', 'daily'] });
  expect(dayZoneOf(first, 'daily')).toBe('America/Los_Angeles');
  expect(dayZoneOf(first, 'counters')).toBe('UTC');
  const again = await upsertAccount(database.pool, { platform: 'spotify', name: 'main', artistId });
  expect(again).toEqual({ ...first, artistId });
  await pauseAccount(database.pool, first.id, 'token revoked');
  expect(await getAccount(database.pool, 'spotify', 'main')).toMatchObject({
    state: 'paused',
    stateReason: 'token revoked',
  });
  expect(await listAccounts(database.pool, { platform: 'spotify', state: 'active' })).toEqual([]);
  await resumeAccount(database.pool, first.id);
  expect(await getAccountById(database.pool, first.id)).toEqual(again);
  expect(await listAccounts(database.pool)).toEqual([again]);
  await expect(getAccount(database.pool, 'tiktok', 'main')).rejects.toMatchObject({ code: 'notFound' });
  await expect(getAccountById(database.pool, 999)).rejects.toMatchObject({ code: 'notFound' });
  await expect(pauseAccount(database.pool, 999, 'x')).rejects.toMatchObject({ code: 'notFound' });
});

test('a description that is told again keeps what it leaves out', async () => {
  const account = await upsertAccount(database.pool, { platform: 'youtube', name: 'describing' });
  const published = new Date('2026-01-01T00:00:00Z');
  const ids = await upsertDescriptions(
    database.pool,
    [
      described('kept', {
        publishedAt: published,
        tags: ['x'],
        durationSeconds: 61.5,
        attributes: { a: 1, b: 1 },
      }),
      described('twice', { title: 'former' }),
      described('twice', { title: 'latter' }),
    ],
    null,
  );
  expect([...ids.keys()].sort()).toEqual(['kept', 'twice']);
  const again = await upsertDescriptions(
    database.pool,
    [described('kept', { title: 'Renamed', tags: null, attributes: { b: 2 } })],
    account.id,
  );
  expect(again.get('kept')).toBe(ids.get('kept'));
  const { rows } = await database.pool.query(
    `select title, published_at, tags, duration_seconds, attributes, account_id from contents where external_id = 'kept'`,
  );
  expect(rows).toEqual([
    {
      title: 'Renamed',
      published_at: published,
      tags: ['x'],
      duration_seconds: 61.5,
      attributes: { a: 1, b: 2 },
      account_id: account.id,
    },
  ]);
  const titles = await database.pool.query(`select title from contents where external_id = 'twice'`);
  expect(titles.rows).toEqual([{ title: 'latter' }]);
  expect(await upsertDescriptions(database.pool, [], null)).toEqual(new Map());
  await expect(
    upsertDescriptions(database.pool, [described('a'), { ...described('b'), platform: 'spotify' }], null),
  ).rejects.toMatchObject({ code: 'rejected' });
});

test('describers of the same contents at once, in opposite orders, do not lock each other out', async () => {
  const many = Array.from({ length: 400 }, (_, index) =>
    described(`crowd-${index}`, { title: `${Math.random()}` }),
  );
  const outcomes = await Promise.all(
    Array.from({ length: 6 }, (_, index) =>
      upsertDescriptions(
        database.pool,
        (index % 2 === 0 ? many : [...many].reverse()).map((d) => ({ ...d, title: `${index}` })),
        null,
      ),
    ),
  );
  expect(new Set(outcomes.map((ids) => ids.get('crowd-7'))).size).toBe(1);
});

test('what is tracked has a platform id, was published then, and lies within its bounds', async () => {
  const account = await upsertAccount(database.pool, { platform: 'tiktok', name: 'tracked' });
  const at = new Date('2026-02-01T00:00:00Z');
  const later = new Date(at.getTime() + 1);
  const ids = await upsertDescriptions(
    database.pool,
    [
      described('unknown-date', { platform: 'tiktok' }),
      described('published', { platform: 'tiktok', publishedAt: at }),
      described('not-yet', { platform: 'tiktok', publishedAt: later }),
      described('ended', { platform: 'tiktok' }),
      described('not-begun', { platform: 'tiktok' }),
    ],
    account.id,
  );
  await database.pool.query(`update contents set tracked_until = $1 where external_id = 'ended'`, [at]);
  await database.pool.query(`update contents set tracked_from = $1 where external_id = 'not-begun'`, [later]);
  await database.pool.query(
    `insert into contents (content_key, platform, account_id) values ('own-id', 'tiktok', $1)`,
    [account.id],
  );
  expect(await trackedContents(database.pool, account.id, at)).toEqual(
    [
      { id: ids.get('unknown-date'), externalId: 'unknown-date', publishedAt: null },
      { id: ids.get('published'), externalId: 'published', publishedAt: at },
    ].sort((a, b) => a.id! - b.id!),
  );
  expect(await trackedContents(database.pool, account.id, null)).toHaveLength(5);
});

test('the contents of a scope come in ascending batches, each once', async () => {
  const { rows } = await database.pool.query<{ id: number }>(
    `insert into contents (content_key, platform) select 'many-' || n, 'linkedin' from generate_series(1, 2500) n returning id`,
  );
  const batches = await idsOf({ kind: 'all' });
  const total = await database.pool.query<{ n: number }>('select count(*)::integer as n from contents');
  expect(batches.flat()).toHaveLength(total.rows[0]!.n);
  expect(batches.flat()).toEqual([...new Set(batches.flat())].sort((a, b) => a - b));
  expect(batches[0]).toHaveLength(1_000);

  const runId = await beginRun(database.pool, {
    kind: 'collect',
    workflowId: 'scope',
    temporalRunId: '1',
    startedAt: new Date(),
  });
  const touched = rows.slice(0, 1_000).map(({ id }) => id);
  await touchContents(database.pool, runId, [...touched, ...touched]);
  await touchContents(database.pool, runId, touched.slice(0, 3));
  expect(await idsOf({ kind: 'run', runId })).toEqual([[...touched].sort((a, b) => a - b)]);
  const ofArtist = await idsOf({ kind: 'artist', artistId });
  expect(ofArtist.flat()).toHaveLength(1);
  expect(await idsOf({ kind: 'contents', contentIds: ['many-2', 'many-1'] })).toHaveLength(1);
  await expect(idsOf({ kind: 'contents', contentIds: ['many-1', 'no-such'] })).rejects.toMatchObject({
    code: 'notFound',
    message: 'There is no content no-such',
  });
});
