import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { revokeApiKey, listApiKeys } from '../../../store/api-keys.js';
import { listAuditEntries } from '../../../store/audit-log.js';
import { createTestSite, type TestSite } from '../../support/site.js';

let site: TestSite;
beforeAll(async () => {
  site = await createTestSite();
});
afterAll(() => site.close());

const html = { accept: 'text/html' };

describe('a visitor', () => {
  it('is sent to sign in from a page that does not exist for it, and told a problem by the API', async () => {
    const missing = await site.app.inject({ url: '/api/v1/nothing' });
    expect(missing.statusCode).toBe(404);
    expect(missing.headers['content-type']).toContain('application/problem+json');
    expect(missing.json()).toMatchObject({ status: 404, instance: '/api/v1/nothing' });
    expect(missing.json<{ request_id: string }>().request_id).toBe(missing.headers['x-request-id']);
  });

  it('may see what is public', async () => {
    const answer = await site.app.inject({ url: '/analytics/health' });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ data: { status: 'ok', database: { connected: true } } });
  });
});

describe('signing in', () => {
  const form = { ...html, 'content-type': 'application/x-www-form-urlencoded' };

  it('turns a key into a session, and leaving ends it', async () => {
    const { authorization } = await site.keyHeader('analyst');
    const key = authorization.replace('Bearer ', '');
    const entered = await site.app.inject({
      method: 'POST',
      url: '/login',
      headers: form,
      payload: new URLSearchParams({ key, next: '//elsewhere.example/' }).toString(),
    });
    expect(entered.statusCode).toBe(303);
    expect(entered.headers.location).toBe('/');
    const cookie = entered.cookies[0]!;
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    const cookies = { [cookie.name]: cookie.value };
    const refused = await site.app.inject({ method: 'POST', url: '/logout', headers: form, cookies });
    expect(refused.statusCode).toBe(403);
    const page = await site.app.inject({ url: '/login', headers: html, cookies });
    const token = /name="_csrf" value="([^"]+)"/.exec(page.body)![1]!;
    const left = await site.app.inject({
      method: 'POST',
      url: '/logout',
      headers: form,
      cookies,
      payload: new URLSearchParams({ _csrf: token }).toString(),
    });
    expect(left.statusCode).toBe(303);
    const after = await site.app.inject({ url: '/login', headers: html, cookies });
    expect(after.body).not.toContain('_csrf');
  });

  it('tells of a key that does not hold, and shows nothing of it', async () => {
    const { authorization } = await site.keyHeader('viewer');
    const pool = site.deps.servicesFor('all').pool;
    const newest = (await listApiKeys(pool)).at(-1)!;
    await revokeApiKey(pool, newest.id, new Date());
    const answer = await site.app.inject({
      method: 'POST',
      url: '/login',
      headers: form,
      payload: new URLSearchParams({ key: authorization.replace('Bearer ', '') }).toString(),
    });
    expect(answer.statusCode).toBe(401);
    expect(answer.body).toContain('revoked');
    expect(answer.body).not.toContain('tmk_' + authorization.slice(-10));
  });

  it('refuses a form of another site', async () => {
    const answer = await site.app.inject({
      method: 'POST',
      url: '/login',
      headers: { ...form, origin: 'https://elsewhere.example' },
      payload: 'key=x',
    });
    expect(answer.statusCode).toBe(403);
  });
});

describe('the audit log', () => {
  it('names who wrote what, and not what was sent', async () => {
    const entries = await listAuditEntries(site.deps.servicesFor('all').pool);
    expect(entries.map(({ action }) => action)).toContain('POST /login');
    expect(JSON.stringify(entries)).not.toContain('tmk_');
  });
});

describe('without authentication', () => {
  it('answers to loopback names alone', async () => {
    const open = await createTestSite({ environment: { HTTP_AUTH: 'none' } });
    try {
      const near = await open.app.inject({ url: '/analytics/health', headers: { host: 'localhost:8000' } });
      expect(near.statusCode).toBe(200);
      const far = await open.app.inject({ url: '/analytics/health', headers: { host: 'rebound.example' } });
      expect(far.statusCode).toBe(421);
    } finally {
      await open.close();
    }
  });
});
