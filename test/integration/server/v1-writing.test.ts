import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestSite, type TestSite } from '../../support/site.js';
import { seedTenant, type Tenant } from '../sql/tenants.js';

let site: TestSite;
let tenant: Tenant;
let headers: { authorization: string };
beforeAll(async () => {
  site = await createTestSite();
  tenant = await seedTenant(site.database.pool, 'aardvark');
  headers = await site.keyHeader('admin');
});
afterAll(() => site.close());

async function send<Data>(method: 'POST' | 'DELETE', url: string, payload?: object): Promise<[number, Data]> {
  const answer = await site.app.inject({
    method,
    url: `/api/v1/${url}`,
    headers,
    ...(payload && { payload }),
  });
  return [answer.statusCode, answer.json<{ data: Data }>().data];
}
const id = (column: string): number =>
  [...tenant.own[column]!].find((one): one is number => typeof one === 'number')!;

it('adds an annotation once and removes it', async () => {
  const note = { text: 'A list took it up', at: '2026-01-02T08:00:00+02:00', release_id: id('release_id') };
  const [status, added] = await send<{ id: string; at: string }>('POST', 'annotations', note);
  expect([status, added.at]).toEqual([201, '2026-01-02T06:00:00.000Z']);
  expect((await send('DELETE', `annotations/${added.id}`))[0]).toBe(200);
  expect((await send('DELETE', `annotations/${added.id}`))[0]).toBe(404);
});

it('records a value and a clip, and refuses a release that is none', async () => {
  const value = { release_id: id('release_id'), platform: 'X', metric_name: 'views', metric_value: 7 };
  expect(await send('POST', 'performance-records', value)).toEqual([201, { recorded: true }]);
  expect((await send('POST', 'performance-records', { ...value, release_id: 99 }))[0]).toBe(404);
  const clip = { source_name: 'Archive', clip_id: 'c1', release_id: id('release_id') };
  expect((await send('POST', 'clip-usages', clip))[0]).toBe(201);
});

it('dismisses an insight for a reason, in the caller’s name', async () => {
  const insight = `insights/${id('insight_id')}`;
  expect((await send('POST', `${insight}/dismiss`, {}))[0]).toBe(400);
  const [status, shown] = await send('POST', `${insight}/dismiss`, { reason: 'Not ours' });
  expect([status, shown]).toMatchObject([200, { status: 'dismissed' }]);
});

it('tells a new key once, even under an Idempotency-Key, and revokes it', async () => {
  const answer = await site.app.inject({
    ...{ method: 'POST', url: '/api/v1/keys', payload: { name: 'script', scopes: ['read'] } },
    headers: { ...headers, 'idempotency-key': 'one' },
  });
  expect(answer.statusCode).toBe(201);
  const { key, kept } = answer.json<{ data: { key: string; kept: { id: number } } }>().data;
  const { rows } = await site.database.pool.query('select body from idempotent_requests');
  expect(JSON.stringify(rows)).not.toContain(key);
  const asKey = (): Promise<number> =>
    site.app
      .inject({ url: '/api/v1/artists', headers: { authorization: `Bearer ${key}` } })
      .then(({ statusCode }) => statusCode);
  expect(await asKey()).toBe(200);
  expect((await send('DELETE', `keys/${kept.id}`))[0]).toBe(200);
  expect(await asKey()).toBe(401);
});
