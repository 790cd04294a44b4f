/** What can go wrong between us and Google, over real connections: the right error, no wrong result. */
import { connect, createServer } from 'node:net';
import { youtube } from 'googleapis/build/src/apis/youtube/index.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Fault } from '../../../sandbox/faults.js';
import { QuotaError, SourceError, type SourceErrorKind } from '../../../sources/errors.js';
import { called, collected, deadlineFor, failure, sandboxOver, testNow, youtubeOf } from './harness.js';
import { videoId } from './small-world.js';

type Broken = Exclude<Fault['kind'], 'missing-items' | 'counter-falls'>;
type Case = [name: string, fault: { kind: Broken } & Record<string, unknown>, kind: SourceErrorKind];

const broken: Case[] = [
  ['a 500', { kind: 'status', status: 500 }, 'transient'],
  ['a 503', { kind: 'status', status: 503 }, 'transient'],
  ['a 429 without Retry-After', { kind: 'rate-limit' }, 'rate'],
  ['a 429 with a huge Retry-After', { kind: 'rate-limit', retryAfterSeconds: 13_749 }, 'rate'],
  ['a 429 without a body', { kind: 'rate-limit', body: 'empty' }, 'rate'],
  ['a 429 with an empty object', { kind: 'rate-limit', body: 'object' }, 'rate'],
  ['a page of HTML', { kind: 'html' }, 'malformed'],
  ['no body', { kind: 'empty' }, 'malformed'],
  ['half a body', { kind: 'truncated' }, 'malformed'],
  ['no JSON', { kind: 'bad-json' }, 'malformed'],
  ['a hang before the answer', { kind: 'hang', phase: 'connect' }, 'transient'],
  ['a hang inside the body', { kind: 'hang', phase: 'body' }, 'transient'],
  ['a slow drip', { kind: 'drip', bytesPerSecond: 20 }, 'transient'],
  ['a reset before the answer', { kind: 'reset', phase: 'connect' }, 'transient'],
  ['a reset inside the body', { kind: 'reset', phase: 'body' }, 'transient'],
  ['an exhausted quota', { kind: 'quota-exhausted' }, 'quota'],
];

const asked = Array.from({ length: 120 }, (_, number) => videoId(number));

describe.each(broken)('%s', (_name, fault, kind) => {
  const strike = { ...fault, path: '/google/*' } as Fault;
  const spareToken = { ...fault, path: '/google/youtube/*' } as Fault;
  const reports = { ...fault, path: '/google/v2/*' } as Fault;

  it('fails counters, lists, descriptions and reports alike, with nothing yielded and nothing missing', async () => {
    const sandbox = await sandboxOver({ videos: 120 });
    sandbox.faults.add(spareToken);
    sandbox.faults.add(reports);
    const source = youtubeOf(sandbox);
    const { context } = called(deadlineFor(fault));
    const query = { from: '2026-01-10', to: '2026-01-20', externalIds: asked };
    const failures = [
      await failure(source.fetchSnapshots(asked, null, context)),
      await failure(source.describeContents(asked, context)),
      await failure(source.listContents(context)),
      await failure(source.fetchDailyRows(query, context)),
    ];
    expect(failures.map((failed) => failed.kind)).toEqual([kind, kind, kind, kind]);
    expect(failures.map(({ yielded }) => yielded.length)).toEqual([0, 0, 0, 0]);
    for (const { error } of failures) {
      expect(error.message).toMatch(/^YouTube /);
      expect(`${error.message}${error.stack ?? ''}`).not.toMatch(/key=|ya29|sandbox-client-secret/);
    }
  });

  it('keeps what came before it, and recovers once it is over', async () => {
    const sandbox = await sandboxOver({ videos: 120 });
    sandbox.faults.add({ ...strike, after: 3, times: 1 });
    const source = youtubeOf(sandbox);
    // A token, the channel, the first page; the fourth request is struck.
    const { error, yielded } = await failure(source.listContents(called(deadlineFor(fault)).context));
    expect(error.kind).toBe(kind);
    expect(yielded.flat()).toEqual([]);
    sandbox.faults.clear();
    expect((await collected(source.listContents(called().context))).flat()).toHaveLength(120);
  });
});

describe('requests', () => {
  it('are never repeated by the client itself, and few go out after the first failure', async () => {
    const sandbox = await sandboxOver({ videos: 120 });
    const many = Array.from({ length: 2_000 }, (_, number) => videoId(number));
    sandbox.faults.add({ kind: 'status', status: 503, path: '/google/youtube/*' });
    await failure(youtubeOf(sandbox).fetchSnapshots(many, null, called().context));
    // Four at once, out of forty.
    expect(sandbox.requestCounts()['GET /google/youtube/v3/videos:batchGetStats']).toBeLessThanOrEqual(4);
    expect(sandbox.requestCounts()['GET /google/youtube/v3/videos']).toBeUndefined();
  });

  it('carry the wait that the platform asks for', async () => {
    const sandbox = await sandboxOver({ videos: 1 });
    const source = youtubeOf(sandbox);
    for (const [retryAfterSeconds, retryAfterMs] of [
      [undefined, null],
      [0, 0],
      [1, 1_000],
      [13_749, 13_749_000],
    ] as const) {
      sandbox.faults.clear();
      sandbox.faults.add({
        kind: 'rate-limit',
        path: '/google/youtube/*',
        ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      });
      const { error } = await failure(source.fetchSnapshots([videoId(0)], null, called().context));
      expect(error).toMatchObject({ kind: 'rate', retryAfterMs, status: 429 });
    }
  });

  it("end with the caller's own reason when the caller aborts, not with a time-out", async () => {
    const sandbox = await sandboxOver({ videos: 1 });
    sandbox.faults.add({ kind: 'hang', path: '/google/youtube/*' });
    const { context, abort } = called({ deadlineMs: 60_000 });
    const reason = new Error('cancelled by the operator');
    const reading = collected(youtubeOf(sandbox).fetchSnapshots([videoId(0)], null, context));
    const timer = setTimeout(() => abort(reason), 50);
    await expect(reading).rejects.toBe(reason);
    clearTimeout(timer);
  });

  it('tell a server that is not there, and one that accepts and says nothing', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void silent.close());
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const sandbox = await sandboxOver({ videos: 1 });
    const hung = youtubeOf(sandbox, { rootUrl: `http://127.0.0.1:${port}/`, oauth: null, apiKey: 'CANARY' });
    const { error } = await failure(
      hung.fetchSnapshots([videoId(0)], null, called({ deadlineMs: 100 }).context),
    );
    expect(error.kind).toBe('transient');
    expect(error.message).toContain('within 100 ms');
    await new Promise<void>((resolve) => {
      const probe = connect(port, '127.0.0.1', () => {
        probe.destroy();
        resolve();
      });
    });
    const nobody = youtubeOf(sandbox, { rootUrl: 'http://127.0.0.1:1/', oauth: null, apiKey: 'CANARY' });
    const refused = await failure(nobody.fetchSnapshots([videoId(0)], null, called().context));
    expect(refused.error.message).toContain('ECONNREFUSED');
    const cause = refused.error.cause as Error;
    expect(`${cause.message} ${cause.stack ?? ''} ${JSON.stringify(cause)}`).not.toContain('CANARY');
  });
});

describe('an exhausted quota', () => {
  it('is told to the gate with its reset at midnight in Los Angeles, and nothing goes out afterwards', async () => {
    const sandbox = await sandboxOver({ videos: 120 }, { quotaUnitsPerDay: 2 });
    const source = youtubeOf(sandbox);
    const first = called();
    const { error } = await failure(
      source.fetchSnapshots(
        Array.from({ length: 250 }, (_, number) => videoId(number)),
        null,
        first.context,
      ),
    );
    expect(error).toMatchObject({ kind: 'quota', bucket: 'stats', reason: 'quotaExceeded', status: 403 });
    const resetsAt = new Date('2026-02-02T08:00:00Z');
    expect(error).toMatchObject({ resetsAt });
    expect(first.exhausted.every(({ bucket }) => bucket === 'stats')).toBe(true);
    expect(first.exhausted[0]).toEqual({ bucket: 'stats', resetsAt });
    const closed = new QuotaError('parked', 'stats', resetsAt);
    const before = sandbox.requestCounts();
    const parked = called({
      gate: { reserve: () => Promise.reject(closed), exhausted: () => Promise.resolve() },
    });
    const again = await failure(source.fetchSnapshots([videoId(0)], null, parked.context));
    expect(again.error).toBe(closed);
    expect(sandbox.requestCounts()).toEqual(before);
  });
});

describe('credentials', () => {
  it('that are revoked pause with their reason, without a call to the API', async () => {
    const sandbox = await sandboxOver({ videos: 1 });
    sandbox.faults.add({ kind: 'token-revoked', path: '/google/*' });
    const { error } = await failure(youtubeOf(sandbox).fetchSnapshots([videoId(0)], null, called().context));
    expect(error).toMatchObject({ kind: 'auth', reason: 'invalid_grant', status: 400 });
    expect(sandbox.requestCounts()).toEqual({ 'POST /google/token': 1 });
  });

  it('whose token is withdrawn are renewed once', async () => {
    const sandbox = await sandboxOver({ videos: 1 });
    const source = youtubeOf(sandbox);
    sandbox.faults.add({ kind: 'token-revoked', path: '/google/youtube/*', times: 1 });
    const batches = await collected(source.fetchSnapshots([videoId(0)], null, called().context));
    expect(batches[0]?.snapshots).toHaveLength(1);
    expect(sandbox.requestCounts()['POST /google/token']).toBe(2);
    sandbox.faults.add({ kind: 'token-revoked', path: '/google/youtube/*' });
    const { error } = await failure(source.fetchSnapshots([videoId(0)], null, called().context));
    expect(error).toMatchObject({ kind: 'auth', status: 401 });
    expect(sandbox.requestCounts()['POST /google/token']).toBe(3);
  });

  it('that are wrong are told as such', async () => {
    const sandbox = await sandboxOver({ videos: 1 });
    const wrongKey = youtubeOf(sandbox, { oauth: null, apiKey: 'CANARY-key' });
    const keyed = await failure(wrongKey.fetchSnapshots([videoId(0)], null, called().context));
    expect(keyed.error).toMatchObject({ kind: 'auth', reason: 'keyInvalid' });
    const wrongClient = youtubeOf(sandbox, {
      oauth: { clientId: 'nobody', clientSecret: 'CANARY-secret', refreshToken: 'CANARY-token' },
    });
    const granted = await failure(wrongClient.fetchSnapshots([videoId(0)], null, called().context));
    expect(granted.error).toMatchObject({ kind: 'auth', reason: 'invalid_client' });
    for (const { error } of [keyed, granted])
      expect(`${error.message}${error.stack ?? ''}`).not.toContain('CANARY');
  });

  it.each([
    ['html', 'malformed'],
    ['empty', 'malformed'],
    ['truncated', 'malformed'],
    ['reset', 'transient'],
    ['hang', 'transient'],
    ['drip', 'transient'],
    ['rate-limit', 'rate'],
    ['status', 'transient'],
  ] as const)('that cannot be exchanged because of %s are not taken for wrong', async (fault, kind) => {
    const sandbox = await sandboxOver({ videos: 1 });
    sandbox.faults.add({ kind: fault, path: '/google/token' });
    const source = youtubeOf(sandbox);
    const { error } = await failure(
      source.fetchSnapshots([videoId(0)], null, called(deadlineFor({ kind: fault })).context),
    );
    expect(error.kind).toBe(kind);
    sandbox.faults.clear();
    expect(await collected(source.fetchSnapshots([videoId(0)], null, called().context))).toHaveLength(1);
  });
});

it('would be no failure to the generated client alone, which is why every body is parsed', async () => {
  const sandbox = await sandboxOver({ videos: 1 });
  for (const kind of ['html', 'empty', 'truncated'] as const) {
    sandbox.faults.clear();
    sandbox.faults.add({ kind, path: '/google/youtube/*' });
    const answer = await youtube({ version: 'v3' }).videos.list(
      { part: ['id'], id: [videoId(0)], key: 'sandbox-test' },
      { rootUrl: `${sandbox.url}/google/`, retry: false },
    );
    expect(answer.status).toBe(200);
    expect(answer.data.items ?? []).toEqual([]);
  }
});

describe('missing items', () => {
  it('are told as missing, in a well-formed answer alone', async () => {
    const sandbox = await sandboxOver({ videos: 3 });
    sandbox.faults.add({ kind: 'missing-items', path: '/google/youtube/*', ids: [videoId(1)] });
    const ids = [0, 1, 2].map(videoId);
    const [batch] = await collected(youtubeOf(sandbox).fetchSnapshots(ids, null, called().context));
    expect(batch).toMatchObject({ observedAt: testNow, missing: [videoId(1)] });
    expect(batch?.snapshots).toHaveLength(2);
  });

  it('are passed on as lower counters where a counter falls', async () => {
    const sandbox = await sandboxOver({ videos: 1 });
    const source = youtubeOf(sandbox);
    const viewsNow = async () =>
      (await collected(source.fetchSnapshots([videoId(0)], null, called().context)))[0]?.snapshots[0]
        ?.metrics['views'];
    const before = await viewsNow();
    sandbox.faults.add({ kind: 'counter-falls', path: '/google/youtube/*', share: 0.5 });
    expect(await viewsNow()).toBe(Math.floor(before! / 2));
  });
});

it('throws nothing but its own classes', async () => {
  const sandbox = await sandboxOver({ videos: 1 });
  sandbox.faults.add({ kind: 'reset', path: '/google/*', rate: 0.5, seed: 3 });
  const source = youtubeOf(sandbox);
  for (let round = 0; round < 20; round += 1) {
    const outcome = await collected(source.fetchSnapshots([videoId(0)], null, called().context)).catch(
      (error: unknown) => error,
    );
    expect(Array.isArray(outcome) || outcome instanceof SourceError).toBe(true);
  }
});
