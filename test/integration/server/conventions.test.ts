/** What every route of the API does without saying so. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DevelopmentConfig } from '../../../runtime/configuration.js';
import { createTestSite, type TestSite } from '../../support/site.js';

const track = '/analytics/engagement/track';
const json = { 'content-type': 'application/json' };
const body = (views: number, contentId = 'c'): string =>
  JSON.stringify({ content_id: contentId, platform: 'youtube', metrics: { views } });

let now = new Date('2026-05-20T12:00:00.000Z');
let site: TestSite;
let writer: { authorization: string };
let other: { authorization: string };
beforeAll(async () => {
  site = await createTestSite({
    now: () => now,
    environment: { HTTP_CORS_ORIGINS: 'https://tools.example, http://localhost:3000' },
  });
  writer = await site.keyHeader('analyst');
  other = await site.keyHeader('analyst');
});
afterAll(() => site.close());

type Headers = Record<string, string>;
const post = (payload: string, headers: Headers) =>
  site.app.inject({ method: 'POST', url: track, headers: { ...json, ...headers }, payload });

async function snapshots(): Promise<number> {
  const { rows } = await site.database.pool.query<{ count: number }>(
    'select count(*)::int as count from engagement_snapshots',
  );
  return rows[0]!.count;
}

function later(ms: number): void {
  now = new Date(now.getTime() + ms);
}

describe('an Idempotency-Key', () => {
  it('does a write once, and answers again as the first time', async () => {
    const key = { ...writer, 'idempotency-key': 'k-1' };
    const first = await post(body(1), key);
    later(1_000);
    const again = await post(body(1), key);
    expect([first.statusCode, again.statusCode]).toEqual([200, 200]);
    expect(again.json()).toEqual(first.json());
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(first.headers['idempotent-replayed']).toBeUndefined();
    expect(await snapshots()).toBe(1);
    // Without it, the same request writes again.
    const bare = await post(body(1), writer);
    expect(bare.json()).not.toEqual(first.json());
    expect(await snapshots()).toBe(2);
  });

  it('is refused for another request, and free for another caller', async () => {
    const key = { 'idempotency-key': 'k-1' };
    expect((await post(body(2), { ...writer, ...key })).statusCode).toBe(409);
    expect((await post(body(2), { ...other, ...key })).statusCode).toBe(200);
  });

  it('lets one of several at the same moment through, and no second', async () => {
    const before = await snapshots();
    later(1_000);
    const key = { ...writer, 'idempotency-key': 'k-many' };
    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => post(body(3), key)));
    const statuses = answers.map(({ statusCode }) => statusCode);
    expect(statuses.filter((status) => status !== 200 && status !== 409)).toEqual([]);
    const worked = answers.filter(
      ({ statusCode, headers }) => statusCode === 200 && headers['idempotent-replayed'] === undefined,
    );
    expect(worked).toHaveLength(1);
    for (const { statusCode, headers } of answers)
      if (statusCode === 409) expect(headers['retry-after']).toBe('1');
    expect(await snapshots()).toBe(before + 1);
    expect((await post(body(3), key)).headers['idempotent-replayed']).toBe('true');
  });

  it('answers a refusal again, and tries what failed by the program’s fault again', async () => {
    const limited = await site.keyHeader('analyst', [1]);
    const refused = await post(body(4, 'unknown'), { ...limited, 'idempotency-key': 'k-no' });
    expect(refused.statusCode).toBe(403);
    const again = await post(body(4, 'unknown'), { ...limited, 'idempotency-key': 'k-no' });
    expect(again.headers).toMatchObject({ 'idempotent-replayed': 'true' });
    expect(again.headers['content-type']).toContain('application/problem+json');
    const key = { ...writer, 'idempotency-key': 'k-defect' };
    await site.database.pool.query(
      'reset role; alter table engagement_snapshots rename to hidden; set role tidemark_app',
    );
    const failed = await post(body(5), key);
    await site.database.pool.query(
      'reset role; alter table hidden rename to engagement_snapshots; set role tidemark_app',
    );
    expect(failed.statusCode).toBeGreaterThanOrEqual(500);
    const mended = await post(body(5), key);
    expect(mended.statusCode).toBe(200);
    expect(mended.headers['idempotent-replayed']).toBeUndefined();
  });

  it('is free again after a day, and after its process went down', async () => {
    const key = { ...writer, 'idempotency-key': 'k-1' };
    later(25 * 3_600_000);
    expect((await post(body(2), key)).statusCode).toBe(200);
    await site.database.pool.query(
      `update idempotent_requests set status = null, body = null where key = 'k-1'`,
    );
    expect((await post(body(2), key)).statusCode).toBe(409);
    later(11 * 60_000);
    expect((await post(body(2), key)).statusCode).toBe(200);
  });

  it('has printable characters', async () => {
    const refused = await post(body(1), { ...writer, 'idempotency-key': 'a b' });
    expect(refused.statusCode).toBe(400);
    expect(refused.json<{ detail: string }>().detail).toContain('Idempotency-Key');
  });
});

describe('an entity tag', () => {
  const url = '/analytics/realtime/metrics/tagged';
  const get = (headers: Headers) => site.app.inject({ url, headers });

  it('spares the body of what is as it was, and no other', async () => {
    await post(body(7, 'tagged'), writer);
    const first = await get(writer);
    const tag = String(first.headers['etag']);
    expect(tag).toMatch(/^W\/"[\w-]{27}"$/);
    expect(first.headers['cache-control']).toBe('private, no-cache');
    for (const told of [tag, tag.slice(2), `"x", ${tag}`, '*']) {
      const same = await get({ ...writer, 'if-none-match': told });
      expect(same.statusCode, told).toBe(304);
      expect(same.body).toBe('');
      expect(same.headers['etag']).toBe(tag);
    }
    expect((await get({ ...writer, 'if-none-match': '"x"' })).statusCode).toBe(200);
    later(1_000);
    await post(body(8, 'tagged'), writer);
    const changed = await get({ ...writer, 'if-none-match': tag });
    expect(changed.statusCode).toBe(200);
    expect(changed.headers['etag']).not.toBe(tag);
    const zipped = await get({ ...writer, 'accept-encoding': 'gzip' });
    expect(zipped.headers['etag']).toBe(changed.headers['etag']);
  });

  it('is not on writes and problems', async () => {
    expect((await post(body(9), writer)).headers['etag']).toBeUndefined();
    expect((await get({})).headers['etag']).toBeUndefined();
  });
});

describe('another site’s page', () => {
  const preflight = (origin: string, url = track) =>
    site.app.inject({ method: 'OPTIONS', url, headers: { origin, 'access-control-request-method': 'POST' } });

  it('may call where it is in the list, and by key alone', async () => {
    for (const origin of ['https://tools.example', 'http://localhost:3000']) {
      const leave = await preflight(origin);
      expect(leave.statusCode).toBe(204);
      expect(leave.headers['access-control-allow-origin']).toBe(origin);
      expect(leave.headers['access-control-allow-headers']).toContain('authorization');
      expect(leave.headers['access-control-allow-credentials']).toBeUndefined();
      const answer = await post(body(1), { ...writer, origin });
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['access-control-allow-origin']).toBe(origin);
      expect(answer.headers['access-control-expose-headers']).toContain('etag');
    }
    const problem = await post('{}', { ...writer, origin: 'https://tools.example' });
    expect(problem.headers['access-control-allow-origin']).toBe('https://tools.example');
  });

  it('may not where it is not, nor reach the pages', async () => {
    for (const origin of ['https://evil.example', 'https://tools.example.evil.example', 'null']) {
      const answer = await preflight(origin);
      expect(answer.statusCode).toBe(405);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
    const page = await preflight('https://tools.example', '/login');
    expect(page.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('is told by its whole origin, or the program does not start', async () => {
    for (const wrong of ['*', 'tools.example', 'https://tools.example/path'])
      await expect(
        createTestSite({ environment: { HTTP_CORS_ORIGINS: wrong } }).then((made) => made.close()),
        wrong,
      ).rejects.toThrow('HTTP_CORS_ORIGINS');
    expect(new DevelopmentConfig({}).HTTP_CORS_ORIGINS).toBeNull();
  });
});

describe('a request that cannot be read', () => {
  interface Told {
    status: number;
    detail: string;
    request_id: string;
    errors?: { pointer: string; detail: string }[];
  }
  const cases: [
    string,
    { method?: 'POST' | 'PUT' | 'GET'; url?: string; headers?: Headers; payload?: string },
    number,
    RegExp,
  ][] = [
    ['an address that is none', { method: 'GET', url: '/analytics/nothing' }, 404, /nothing at/],
    ['a method of another address', { method: 'PUT' }, 405, /takes POST/],
    ['a body too large', { payload: `"${'x'.repeat(9 * 2 ** 20)}"` }, 413, /large/i],
    ['a form', { headers: { 'content-type': 'text/plain' }, payload: 'x' }, 415, /Unsupported Media Type/],
    ['text that is no JSON', { payload: '{"content_id":' }, 400, /JSON/],
    ['a prototype', { payload: '{"__proto__": {"x": 1}}' }, 400, /prototype|JSON/],
    ['nesting', { payload: nested(33) }, 400, /nested deeper than 32/],
    ['a NUL', { payload: '{"content_id":"a\\u0000b"}' }, 400, /content_id: holds a NUL/],
    ['half a pair', { payload: '{"content_id":"\\ud800"}' }, 400, /surrogate/],
    ['a NUL in the address', { method: 'GET', url: '/analytics/realtime/metrics/a%00b' }, 400, /NUL/],
    ['a broken escape', { method: 'GET', url: '/analytics/realtime/metrics/%ff' }, 400, /./],
    [
      'a number past all',
      { payload: '{"metrics":{"views":-1e999}}' },
      400,
      /\/metrics\/views: is not a finite number/,
    ],
    [
      'an unknown field',
      { payload: '{"content_id":"c","platform":"x","metrics":{"v":1},"more":1}' },
      400,
      /\/more: is no field/,
    ],
    [
      'an unknown question',
      { method: 'GET', url: '/analytics/dashboard/overview?frame=7d' },
      400,
      /\/frame: is no field/,
    ],
  ];
  it.each(cases)('is told as a problem: %s', async (_name, request, status, detail) => {
    const { method = 'POST', url = track, headers, payload } = request;
    const answer = await site.app.inject({
      method,
      url,
      headers: { ...(method === 'GET' ? {} : json), ...writer, ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    const told = answer.json<Told>();
    expect(told).toMatchObject({ status, request_id: answer.headers['x-request-id'] });
    expect(told.detail).toMatch(detail);
  });

  it.each([
    [track, { content_id: '', metrics: { views: '12' } }, 'content_id', 'is empty'],
    [track, { platform: 'youtube', metrics: { views: 1 } }, 'content_id', 'is missing'],
    [
      track,
      { content_id: 'c', platform: 'youtube', metrics: { views: '12' } },
      'metrics/views',
      'is no number',
    ],
    [
      track,
      { content_id: 'c', platform: 'my', metrics: { views: 1 } },
      'platform',
      'is none of youtube, tiktok',
    ],
    ['/analytics/dashboard/trending?limit=0', null, 'limit', 'is less than 1'],
    ['/api/v1/anomalies?limit=100000', null, 'limit', 'is more than 500'],
    ['/api/v1/stock-sources?half_life_days=-1', null, 'half_life_days', 'is less than 0.01'],
    ['/api/v1/stock-sources?as_of=tomorrow', null, 'as_of', 'is no ISO day such as 2026-01-05'],
  ])('is told where it is wrong and what it takes: %s %j', async (url, payload, field, words) => {
    const answer = await (payload === null
      ? site.app.inject({ url, headers: writer })
      : post(JSON.stringify(payload), writer));
    expect(answer.statusCode).toBe(400);
    const { detail, errors } = answer.json<{
      detail: string;
      errors: { pointer: string; detail: string }[];
    }>();
    expect(errors).toContainEqual({ pointer: `/${field}`, detail: expect.stringContaining(words) as string });
    expect(detail).toContain(`/${errors[0]!.pointer.slice(1)}: ${errors[0]!.detail}`);
  });

  it('names the methods that there are', async () => {
    const answer = await site.app.inject({
      method: 'PUT',
      url: '/analytics/realtime/metrics/a%2Fb',
      headers: writer,
    });
    expect(answer.statusCode).toBe(405);
    expect(answer.headers.allow).toBe('GET, HEAD');
  });

  it('takes nesting up to the limit', async () => {
    const answer = await post(
      `{"content_id":"deep","platform":"x","metrics":{"views":1},"metadata":{"a":${nested(29)}}}`,
      writer,
    );
    expect(answer.statusCode).toBe(200);
  });

  it('is told when there were too many', async () => {
    const few = await createTestSite({ environment: { HTTP_RATE_LIMIT_PER_MINUTE: '2', HTTP_AUTH: 'none' } });
    try {
      const ask = () => few.app.inject({ url: '/analytics/health', headers: { host: 'localhost' } });
      await ask();
      expect((await ask()).statusCode).toBe(200);
      const refused = await ask();
      expect(refused.statusCode).toBe(429);
      expect(refused.headers['content-type']).toContain('application/problem+json');
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      expect(refused.json<Told>().request_id).toBe(refused.headers['x-request-id']);
    } finally {
      await few.close();
    }
  });
});

function nested(levels: number): string {
  return '['.repeat(levels) + ']'.repeat(levels);
}
