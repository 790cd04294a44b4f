import { describe, expect, it } from 'vitest';
import { sandboxCredentials } from '../../../sandbox/credentials.js';
import type { Fault } from '../../../sandbox/faults.js';
import { generateWorld } from '../../../sandbox/generated-world.js';
import { anchorDay, askedSandbox, type Asked, type Json } from './asking.js';

const key = sandboxCredentials.google.apiKey;
const videosPath = '/google/youtube/v3/videos';

function videosQuery(asked: Asked): string {
  const id = asked.world.releases.slice(0, 3).map(({ videoId }) => videoId);
  return `${videosPath}?part=id,statistics&id=${id.join()}&key=${key}`;
}

async function struck(fault: Fault): Promise<Asked & { path: string }> {
  const asked = await askedSandbox();
  asked.sandbox.faults.add(fault);
  return { ...asked, path: videosQuery(asked) };
}

describe('faults of sending', () => {
  it('a burst of 5xx, and then all is well', async () => {
    const { get, path, sandbox } = await struck({
      path: `${videosPath}*`,
      kind: 'status',
      status: 503,
      times: 3,
    });
    const statuses: number[] = [];
    for (let i = 0; i < 5; i += 1) statuses.push((await get(path)).status);
    expect(statuses).toEqual([503, 503, 503, 200, 200]);
    expect(sandbox.requestCounts()['GET /google/youtube/v3/videos']).toBe(5);
  });

  it('429 with, without and with a huge Retry-After', async () => {
    const { get, path, sandbox } = await struck({
      path: '*',
      kind: 'rate-limit',
      retryAfterSeconds: 7,
      times: 1,
    });
    sandbox.faults.add({ path: '*', kind: 'rate-limit', times: 1 });
    sandbox.faults.add({
      path: '*',
      kind: 'rate-limit',
      retryAfterSeconds: 13_749,
      body: 'object',
      times: 1,
    });
    sandbox.faults.add({ path: '*', kind: 'rate-limit', body: 'empty', times: 1 });
    const answers = [await get(path), await get(path), await get(path), await get(path)];
    expect(answers.map(({ status }) => status)).toEqual([429, 429, 429, 429]);
    expect(answers.map(({ headers }) => headers.get('retry-after'))).toEqual(['7', null, '13749', null]);
    expect(answers[0]?.body).toMatchObject({
      error: { code: 429, errors: [{ reason: 'rateLimitExceeded' }] },
    });
    expect([answers[2]?.text, answers[3]?.text]).toEqual(['{}', '']);
  });

  it('Spotify’s 429 for a rate, and for a quota', async () => {
    const { get, sandbox, world, spotifyToken } = await askedSandbox();
    const token = await spotifyToken();
    sandbox.faults.add({ path: '/spotify/v1/*', kind: 'rate-limit', times: 1 });
    sandbox.faults.add({ path: '/spotify/v1/*', kind: 'rate-limit', reason: 'QUOTA_EXCEEDED', times: 1 });
    const path = `/spotify/v1/tracks/${world.releases[0]!.trackId}`;
    expect((await get(path, token)).body).toEqual({
      error: { status: 429, message: 'API rate limit exceeded' },
    });
    expect((await get(path, token)).body).toMatchObject({ error: { reason: 'QUOTA_EXCEEDED' } });
    expect((await get(path, token)).status).toBe(200);
  });

  it('200 with HTML, with nothing, with half a body, and with bad JSON', async () => {
    const { get, path, sandbox } = await struck({ path: '*', kind: 'html', times: 1 });
    for (const kind of ['empty', 'truncated', 'bad-json'] as const)
      sandbox.faults.add({ path: '*', kind, times: 1 });
    const html = await get(path);
    expect([html.status, html.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const [empty, truncated, bad, whole] = [
      await get(path),
      await get(path),
      await get(path),
      await get(path),
    ];
    expect([empty, truncated, bad].map(({ status, body }) => [status, body])).toEqual(
      Array.from({ length: 3 }, () => [200, null]),
    );
    expect(whole.body).toMatchObject({ kind: 'youtube#videoListResponse' });
    expect(empty.text).toBe('');
    expect(whole.text.startsWith(truncated.text)).toBe(true);
    expect(truncated.headers.get('content-length')).toBe(String(truncated.text.length));
  });

  it.each(['connect', 'body'] as const)('a hang while it waits for the %s', async (phase) => {
    const { sandbox, path } = await struck({ path: '*', kind: 'hang', phase });
    const controller = new AbortController();
    const asking = fetch(sandbox.url + path, { signal: controller.signal }).then((response) =>
      response.text(),
    );
    const answered = await Promise.race([
      asking.then(() => true),
      new Promise<false>((resolve) => setTimeout(() => resolve(false), 300)),
    ]);
    expect(answered).toBe(false);
    controller.abort();
    await expect(asking).rejects.toThrow();
  });

  it('closes while a client hangs', async () => {
    const { sandbox, path } = await struck({ path: '*', kind: 'hang' });
    const asking = fetch(sandbox.url + path).catch(() => 'cut');
    await expect.poll(() => sandbox.requestCounts()['GET /google/youtube/v3/videos']).toBe(1);
    await sandbox.close();
    expect(await asking).toBe('cut');
  });

  it.each(['connect', 'body'] as const)('a reset at the %s', async (phase) => {
    const { get, path } = await struck({ path: '*', kind: 'reset', phase, times: 1 });
    await expect(get(path)).rejects.toThrow();
    expect((await get(path)).status).toBe(200);
  });

  it('a slow drip, whole at the end', async () => {
    const { get, path } = await struck({ path: '*', kind: 'drip', bytesPerSecond: 1000, times: 1 });
    const start = performance.now();
    const dripped = await get(path);
    expect(performance.now() - start).toBeGreaterThan(dripped.text.length * 0.9);
    expect(dripped.text).toBe((await get(path)).text);
  });
});

interface Page {
  items: Json[];
  nextPageToken?: string;
  pageInfo: { totalResults: number };
}

describe('faults of the data', () => {
  it('a quota that the platform calls exhausted', async () => {
    const { get, path } = await struck({ path: videosPath, kind: 'quota-exhausted', times: 1 });
    expect((await get(path)).body).toMatchObject({
      error: { code: 403, errors: [{ reason: 'quotaExceeded' }] },
    });
    expect((await get(path)).status).toBe(200);
  });

  it('items that go missing: some, or all', async () => {
    const { get, path, sandbox, world } = await struck({ path: '/none', kind: 'html' });
    const gone = world.releases[1]!.videoId;
    const ids = async (): Promise<unknown[]> => (await get<Page>(path)).body.items.map(({ id }) => id);
    const whole = await ids();
    const some = sandbox.faults.add({ path: videosPath, kind: 'missing-items', ids: [gone] });
    expect(await ids()).toEqual(whole.filter((id) => id !== gone));
    sandbox.faults.remove(some);
    sandbox.faults.add({ path: videosPath, kind: 'missing-items' });
    expect(await ids()).toEqual([]);
  });

  it('a counter that falls', async () => {
    const { get, path, sandbox, world } = await struck({ path: '/none', kind: 'html' });
    const views = async (): Promise<number[]> =>
      (await get<Page>(path)).body.items.map(({ statistics }) => Number((statistics as Json)['viewCount']));
    const before = await views();
    sandbox.faults.add({
      path: videosPath,
      kind: 'counter-falls',
      share: 0.2,
      ids: [world.releases[0]!.videoId],
    });
    expect(await views()).toEqual([Math.floor(before[0]! * 0.8), before[1], before[2]]);
  });

  it('pages that repeat items, loop, or change their total', async () => {
    const world = generateWorld({ seed: 11, anchorDay });
    const { get, sandbox } = await askedSandbox({}, world);
    const playlist = world.youtube.channel(world.youtube.ownChannelId)!.uploadsPlaylist;
    const page = async (token = ''): Promise<Page> =>
      (
        await get<Page>(
          `/google/youtube/v3/playlistItems?part=contentDetails&maxResults=10&playlistId=${playlist}&key=${key}${token === '' ? '' : `&pageToken=${token}`}`,
        )
      ).body;
    const ids = ({ items }: Page): unknown[] => items.map(({ id }) => id);
    const first = await page();
    const scope = { path: '/google/youtube/v3/playlistItems' };
    sandbox.faults.add({ ...scope, kind: 'repeated-items', times: 1 });
    expect(ids(await page(first.nextPageToken)).slice(0, 2)).toEqual(ids(first).slice(-2));
    sandbox.faults.add({ ...scope, kind: 'shifting-total', times: 1 });
    expect((await page(first.nextPageToken)).pageInfo.totalResults).toBe(first.pageInfo.totalResults + 2);
    const looping = sandbox.faults.add({ ...scope, kind: 'looping-page' });
    const second = await page(first.nextPageToken);
    expect(ids(await page(second.nextPageToken))).toEqual(ids(first));
    sandbox.faults.remove(looping);
    const rest = await page((await page(first.nextPageToken)).nextPageToken);
    expect([rest.items.length, rest.nextPageToken]).toEqual([4, undefined]);
  });
});

describe('the control plane', () => {
  it('switches faults for another process, and tells what was asked', async () => {
    const asked = await askedSandbox();
    const { sandbox, get } = asked;
    const send = (method: string, path: string, body?: unknown): Promise<Response> =>
      fetch(sandbox.url + path, {
        method,
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
    const added = await send('POST', '/sandbox/faults', {
      path: `${videosPath}*`,
      kind: 'status',
      status: 500,
    });
    const { id } = (await added.json()) as { id: string };
    expect(added.status).toBe(201);
    expect((await get(videosQuery(asked))).status).toBe(500);
    expect((await get<{ faults: Json[] }>('/sandbox/faults')).body.faults).toMatchObject([{ id, hits: 1 }]);
    expect((await send('DELETE', `/sandbox/faults/${id}`)).status).toBe(204);
    expect((await send('DELETE', `/sandbox/faults/${id}`)).status).toBe(404);
    expect((await get(videosQuery(asked))).status).toBe(200);
    expect((await get<{ counts: Json }>('/sandbox/counts')).body.counts).toEqual({
      'GET /google/youtube/v3/videos': 2,
    });
    await send('DELETE', '/sandbox/counts');
    expect(sandbox.requestCounts()).toEqual({});
    const refused = await send('POST', '/sandbox/faults', { path: '*', kind: 'flood' });
    expect(refused.status).toBe(400);
    expect(((await refused.json()) as { problems: string[] }).problems[0]).toMatch(/^kind: /);
    await send('POST', '/sandbox/faults', { path: '*', kind: 'html' });
    expect((await send('DELETE', '/sandbox/faults')).status).toBe(204);
    expect(sandbox.faults.list()).toEqual([]);
    expect((await get('/sandbox/health')).body).toEqual({ status: 'ok' });
  });
});
