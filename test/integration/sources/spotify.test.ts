import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../sandbox/faults.js';
import type { SourceErrorKind } from '../../../sources/errors.js';
import { called, collected, deadlineFor, failure, sandboxOver, spotifyOf, testNow } from './harness.js';
import { artistId, trackId } from './small-world.js';

const ids = (count: number) => Array.from({ length: count }, (_, number) => trackId(number));
const modes = ['development', 'extended'] as const;

describe.each(modes)('a credential in %s mode', (mode) => {
  it('lists the tracks of an artist, each once, with what is told of it', async () => {
    const sandbox = await sandboxOver({ videos: 0, tracks: 130 });
    const contents = (await collected(spotifyOf(sandbox, mode).listContents(called().context))).flat();
    expect(contents.map(({ externalId }) => externalId)).toEqual(ids(130));
    expect(contents[1]).toMatchObject({
      platform: 'spotify',
      kind: 'track',
      title: 'Track 1',
      durationSeconds: 200.001,
      isrc: 'USXX12600001',
      publishedAt: new Date('2026-01-01T00:00:00Z'),
      format: 'track',
      attributes: { album_name: 'Album 0', artists: ['Small World'], track_number: 2 },
    });
    const counts = sandbox.requestCounts();
    expect(counts['GET /spotify/v1/tracks/:id'] ?? 0).toBe(mode === 'extended' ? 0 : 130);
    // One refused batch tells enough.
    expect(counts['GET /spotify/v1/tracks'] ?? 0).toBe(mode === 'extended' ? 3 : 1);
    expect(counts['POST /spotify/api/token']).toBe(1);
  });

  it('gives popularity where granted, and otherwise nothing rather than 0', async () => {
    const sandbox = await sandboxOver({ videos: 0, tracks: 60, gone: new Set([trackId(2)]) });
    const { context, warnings, reserved } = called();
    const batches = await collected(
      spotifyOf(sandbox, mode).fetchSnapshots([...ids(60), trackId(99)], null, context),
    );
    const snapshots = batches.flatMap((batch) => batch.snapshots);
    expect(snapshots).toHaveLength(59);
    expect(snapshots[0]).toEqual({
      platform: 'spotify',
      externalId: trackId(0),
      recordedAt: testNow,
      metrics: mode === 'extended' ? { popularity: 42 } : {},
    });
    expect(batches.flatMap(({ missing }) => missing)).toEqual([trackId(2), trackId(99)]);
    expect(batches.map(({ observedAt }) => observedAt)).toEqual([testNow, testNow]);
    expect(warnings).toHaveLength(mode === 'extended' ? 0 : 1);
    expect(new Set(reserved)).toEqual(new Set(['requests']));
  });

  it('tells what it may read', async () => {
    const sandbox = await sandboxOver({ videos: 0, tracks: 1 });
    const source = spotifyOf(sandbox, mode);
    const granted = mode === 'extended';
    expect(await source.probe(called().context)).toEqual({
      accountTitle: 'Small World',
      grants: { batches: granted, popularity: granted, followers: granted },
    });
    expect(await source.fetchAccount(null, called().context)).toEqual({
      externalId: artistId,
      title: 'Small World',
      recordedAt: testNow,
      metrics: granted ? { followers: 987, popularity: 50 } : {},
    });
    const idsAlone = spotifyOf(sandbox, mode, { artistId: null });
    expect((await idsAlone.probe(called().context)).grants).toEqual({
      batches: granted,
      popularity: null,
      followers: null,
    });
  });

  it('takes an id that is none of Spotify’s for missing, and the others as they are', async () => {
    const sandbox = await sandboxOver({ videos: 0, tracks: 3 });
    const { context, warnings } = called();
    const asked = [trackId(0), 'no/id?of theirs', trackId(1)];
    const batches = await collected(spotifyOf(sandbox, mode).describeContents(asked, context));
    expect(batches.flatMap(({ descriptions }) => descriptions)).toHaveLength(2);
    expect(batches.flatMap(({ missing }) => missing)).toEqual(['no/id?of theirs']);
    expect(warnings.join()).toContain('no/id?of theirs');
  });

  it('takes the times of missing tracks from the answers, not from the worker', async () => {
    const sandbox = await sandboxOver({ videos: 0, tracks: 1 });
    const { context } = called({ now: new Date('2026-03-01T00:00:00Z') });
    const [batch] = await collected(spotifyOf(sandbox, mode).fetchSnapshots([trackId(9)], null, context));
    expect(batch).toEqual({ observedAt: testNow, snapshots: [], missing: [trackId(9)] });
  });
});

it('answers for any moment where the address holds one', async () => {
  const sandbox = await sandboxOver({ videos: 0, tracks: 2 });
  const source = spotifyOf(sandbox, 'extended', { apiUrl: `${sandbox.url}/at/{at}/spotify/v1` });
  expect(source.capabilities.reports.counters?.history).toBe('range');
  const at = new Date('2026-01-05T17:25:31Z');
  const [batch] = await collected(source.fetchSnapshots([trackId(0)], at, called().context));
  expect(batch?.snapshots[0]?.recordedAt).toEqual(at);
});

it('has no daily figures', async () => {
  const sandbox = await sandboxOver({ videos: 0, tracks: 1 });
  const source = spotifyOf(sandbox, 'extended');
  const query = { from: '2026-01-01', to: '2026-01-02', externalIds: [trackId(0)] };
  expect((await failure(source.fetchDailyRows(query, called().context))).kind).toBe('unsupported');
  expect(source.capabilities.reports.daily).toBeUndefined();
});

it.each(['repeated-items', 'looping-page', 'shifting-total'] as const)(
  'takes each track once and ends, whatever the pages do: %s',
  async (kind) => {
    const sandbox = await sandboxOver({ videos: 0, tracks: 130 });
    sandbox.faults.add({ kind, path: '/spotify/v1/albums/*' });
    const contents = (await collected(spotifyOf(sandbox, 'extended').listContents(called().context))).flat();
    expect(contents.map(({ externalId }) => externalId).sort()).toEqual(ids(130));
    expect(sandbox.requestCounts()['GET /spotify/v1/albums/:id/tracks']).toBeLessThanOrEqual(12);
  },
);

type Case = [name: string, fault: Omit<Fault, 'path'>, kind: SourceErrorKind];
const broken: Case[] = [
  ['a 500', { kind: 'status', status: 500 } as Fault, 'transient'],
  ['a 503', { kind: 'status', status: 503 } as Fault, 'transient'],
  ['a 429', { kind: 'rate-limit' }, 'rate'],
  ['a 429 with hours to wait', { kind: 'rate-limit', retryAfterSeconds: 13_749 } as Fault, 'rate'],
  ['a 429 without a body', { kind: 'rate-limit', body: 'empty' } as Fault, 'rate'],
  ['a 429 with an empty object', { kind: 'rate-limit', body: 'object' } as Fault, 'rate'],
  ['a 429 that is a quota', { kind: 'rate-limit', reason: 'QUOTA_EXCEEDED' } as Fault, 'quota'],
  ['an exhausted quota', { kind: 'quota-exhausted' }, 'quota'],
  ['a page of HTML', { kind: 'html' }, 'malformed'],
  ['no body', { kind: 'empty' }, 'malformed'],
  ['half a body', { kind: 'truncated' }, 'malformed'],
  ['no JSON', { kind: 'bad-json' }, 'malformed'],
  ['a hang before the answer', { kind: 'hang', phase: 'connect' } as Fault, 'transient'],
  ['a hang inside the body', { kind: 'hang', phase: 'body' } as Fault, 'transient'],
  ['a slow drip', { kind: 'drip', bytesPerSecond: 20 } as Fault, 'transient'],
  ['a reset before the answer', { kind: 'reset', phase: 'connect' } as Fault, 'transient'],
  ['a reset inside the body', { kind: 'reset', phase: 'body' } as Fault, 'transient'],
];

describe.each(broken)('%s', (_name, fault, kind) => {
  it.each(modes)('fails with nothing yielded and nothing missing, in %s mode', async (mode) => {
    const sandbox = await sandboxOver({ videos: 0, tracks: 60 });
    sandbox.faults.add({ ...fault, path: '/spotify/v1/*' });
    const source = spotifyOf(sandbox, mode);
    const { context, exhausted } = called(deadlineFor(fault));
    const failures = [
      await failure(source.fetchSnapshots(ids(60), null, context)),
      await failure(source.describeContents(ids(60), context)),
      await failure(source.listContents(context)),
    ];
    expect(failures.map((failed) => failed.kind)).toEqual([kind, kind, kind]);
    expect(failures.map(({ yielded }) => yielded.length)).toEqual([0, 0, 0]);
    expect(exhausted.length).toBe(kind === 'quota' ? 3 : 0);
    for (const { error } of failures) expect(error.message).toMatch(/^Spotify /);
    sandbox.faults.clear();
    expect(await collected(source.fetchSnapshots(ids(60), null, called().context))).toHaveLength(2);
  });
});

describe('waiting', () => {
  it('is as long as Spotify asks, and unknown where it does not', async () => {
    const sandbox = await sandboxOver({ videos: 0, tracks: 1 });
    const source = spotifyOf(sandbox, 'extended');
    sandbox.faults.add({ kind: 'rate-limit', path: '/spotify/v1/*', retryAfterSeconds: 13_749, times: 1 });
    sandbox.faults.add({ kind: 'rate-limit', path: '/spotify/v1/*', body: 'object' });
    const ask = async () => (await failure(source.fetchSnapshots(ids(1), null, called().context))).error;
    expect(await ask()).toMatchObject({ retryAfterMs: 13_749_000, answeredAt: testNow });
    expect(await ask()).toMatchObject({ retryAfterMs: null });
  });

  it('for a quota is until it is told, or the next midnight UTC, and the gate hears of it', async () => {
    const sandbox = await sandboxOver({ videos: 0, tracks: 1 });
    sandbox.faults.add({ kind: 'quota-exhausted', path: '/spotify/v1/*' });
    const { context, exhausted } = called();
    await failure(spotifyOf(sandbox, 'extended').fetchSnapshots(ids(1), null, context));
    expect(exhausted).toEqual([{ bucket: 'requests', resetsAt: new Date('2026-02-02T00:00:00Z') }]);
  });

  it('is left to others: nothing is repeated, and few go out after the first refusal', async () => {
    const sandbox = await sandboxOver({ videos: 0, tracks: 300 });
    sandbox.faults.add({ kind: 'rate-limit', path: '/spotify/v1/tracks/*' });
    await failure(spotifyOf(sandbox, 'development').fetchSnapshots(ids(300), null, called().context));
    expect(sandbox.requestCounts()['GET /spotify/v1/tracks/:id']).toBeLessThanOrEqual(6);
  });
});

describe('credentials', () => {
  it('that are wrong or revoked are told as such, without their secret', async () => {
    const sandbox = await sandboxOver({ videos: 0, tracks: 1 });
    const wrong = spotifyOf(sandbox, 'extended', { clientSecret: 'CANARY-secret' });
    const { error } = await failure(wrong.fetchSnapshots(ids(1), null, called().context));
    expect(error).toMatchObject({ kind: 'auth', reason: 'invalid_client' });
    expect(`${error.message}${error.stack ?? ''}`).not.toContain('CANARY');
    sandbox.faults.add({ kind: 'token-revoked', path: '/spotify/api/*' });
    const revoked = await failure(
      spotifyOf(sandbox, 'extended').fetchSnapshots(ids(1), null, called().context),
    );
    expect(revoked.kind).toBe('auth');
    expect(sandbox.requestCounts()['GET /spotify/v1/tracks']).toBeUndefined();
  });

  it('whose token is withdrawn are renewed once', async () => {
    const sandbox = await sandboxOver({ videos: 0, tracks: 1 });
    const source = spotifyOf(sandbox, 'extended');
    sandbox.faults.add({ kind: 'token-revoked', path: '/spotify/v1/*', times: 1 });
    expect(await collected(source.fetchSnapshots(ids(1), null, called().context))).toHaveLength(1);
    expect(sandbox.requestCounts()['POST /spotify/api/token']).toBe(2);
    sandbox.faults.add({ kind: 'token-revoked', path: '/spotify/v1/*' });
    const { error } = await failure(source.fetchSnapshots(ids(1), null, called().context));
    expect(error).toMatchObject({ kind: 'auth', status: 401 });
    expect(sandbox.requestCounts()['POST /spotify/api/token']).toBe(3);
  });

  it('are asked for once, however many tracks wait for the token', async () => {
    const sandbox = await sandboxOver({ videos: 0, tracks: 60 });
    const source = spotifyOf(sandbox, 'development');
    await Promise.all([
      collected(source.fetchSnapshots(ids(30), null, called().context)),
      collected(source.describeContents(ids(60), called().context)),
    ]);
    expect(sandbox.requestCounts()['POST /spotify/api/token']).toBe(1);
  });
});

it("ends with the caller's own reason when the caller aborts", async () => {
  const sandbox = await sandboxOver({ videos: 0, tracks: 9 });
  sandbox.faults.add({ kind: 'hang', path: '/spotify/v1/*' });
  const { context, abort } = called({ deadlineMs: 60_000 });
  const reason = new Error('cancelled by the operator');
  const reading = collected(spotifyOf(sandbox, 'development').fetchSnapshots(ids(9), null, context));
  setTimeout(() => abort(reason), 50);
  await expect(reading).rejects.toBe(reason);
});
