/** Somebody who looks at the pages: signed in by a key, with a cookie and the token that forms send back. */
import type { LightMyRequestResponse } from 'fastify';
import pg from 'pg';
import type { Role } from '../../services/access-keys.js';
import type { TestSite } from './site.js';

export interface PageVisitor {
  get(url: string): Promise<LightMyRequestResponse>;
  /** Sends a form with the session's token; `_csrf` among the fields takes its place. */
  post(url: string, fields?: Record<string, string | readonly string[]>): Promise<LightMyRequestResponse>;
  /** Sends a form with a file, its token in the address; the form's fields stand before the file. */
  upload(
    url: string,
    fields: Record<string, string>,
    file: { name: string; content: string },
  ): Promise<LightMyRequestResponse>;
  /** The page that a redirection leads to, with the word about what was done. */
  follow(answer: LightMyRequestResponse): Promise<LightMyRequestResponse>;
}

const html = { accept: 'text/html' };
const form = { ...html, 'content-type': 'application/x-www-form-urlencoded' };

export async function visitAs(
  site: TestSite,
  role: Role,
  artistIds?: readonly number[],
): Promise<PageVisitor> {
  const { authorization } = await site.keyHeader(role, artistIds);
  const entered = await site.app.inject({
    method: 'POST',
    url: '/login',
    headers: form,
    payload: new URLSearchParams({ key: authorization.replace('Bearer ', '') }).toString(),
  });
  const { name, value } = entered.cookies[0]!;
  const cookies = { [name]: value };
  const get = (url: string, more: Record<string, string> = {}): Promise<LightMyRequestResponse> =>
    site.app.inject({ url, headers: html, cookies: { ...cookies, ...more } });
  const token = /name="_csrf" value="([^"]+)"/.exec((await get('/login')).body)![1]!;
  return {
    get: (url) => get(url),
    post(url, fields = {}) {
      const body = new URLSearchParams({ _csrf: token });
      for (const [field, told] of Object.entries(fields)) {
        body.delete(field);
        for (const one of typeof told === 'string' ? [told] : told) body.append(field, one);
      }
      return site.app.inject({ method: 'POST', url, headers: form, cookies, payload: body.toString() });
    },
    upload(url, fields, { name: fileName, content }) {
      const body = new FormData();
      for (const [field, told] of Object.entries(fields)) body.append(field, told);
      body.append('file', new File([content], fileName, { type: 'text/csv' }));
      const address = `${url}?_csrf=${token}`;
      return site.app.inject({ method: 'POST', url: address, headers: html, cookies, payload: body });
    },
    follow(answer) {
      const set = Object.fromEntries(answer.cookies.map((cookie) => [cookie.name, cookie.value]));
      return get(answer.headers.location!, set);
    },
  };
}

/** A pool with its owner's rights: connections of the site's own stay in the role and scope of the last request. */
export function ownerPool({ database }: { database: { url: string } }): pg.Pool {
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  pool.on('error', () => undefined);
  return pool;
}
