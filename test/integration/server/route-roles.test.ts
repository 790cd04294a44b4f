/** Every route × everybody that may call it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RouteScope } from '../../../server/access/principal.js';
import type { TakenRoute } from '../../../server/api/methods.js';
import { roles } from '../../../services/access-keys.js';
import { listApiKeys, revokeApiKey, type Scope } from '../../../store/api-keys.js';
import { addArtist } from '../../../store/artists.js';
import { createTestSite, type TestSite } from '../../support/site.js';
import { routeScopes, routesOfEveryArtist } from './route-scopes.js';

interface Caller {
  name: string;
  headers: Record<string, string>;
  scopes: readonly Scope[];
  /** To some artists. */
  isLimited?: boolean;
  /** Shows a key that holds no longer: refused everywhere, also where nobody is asked. */
  isRefused: boolean;
}

let site: TestSite;
let callers: Caller[];
beforeAll(async () => {
  site = await createTestSite();
  const { pool } = site.deps.servicesFor('all');
  const newestId = async (): Promise<number> => (await listApiKeys(pool)).at(-1)!.id;
  const { id: artistId } = await addArtist(pool, 'An artist');
  callers = [{ name: 'nobody', headers: {}, scopes: [], isRefused: false }];
  for (const role of ['viewer', 'analyst', 'operator', 'admin'] as const)
    callers.push({ name: role, headers: await site.keyHeader(role), scopes: roles[role], isRefused: false });
  callers.push({
    name: 'an analyst limited to an artist',
    headers: await site.keyHeader('analyst', [artistId]),
    scopes: roles.analyst,
    isLimited: true,
    isRefused: false,
  });
  const revoked = await site.keyHeader('admin');
  await revokeApiKey(pool, await newestId(), new Date());
  callers.push({ name: 'a revoked admin', headers: revoked, scopes: [], isRefused: true });
  const expired = await site.keyHeader('admin');
  await pool.query(`update api_keys set expires_at = now() - interval '1 second' where id = $1`, [
    await newestId(),
  ]);
  callers.push({ name: 'an expired admin', headers: expired, scopes: [], isRefused: true });
});
afterAll(() => site.close());

function expectedScope({ method, url }: TakenRoute, scopes: typeof routeScopes): RouteScope | undefined {
  if (/^\/(docs|assets)(\/|$)/.test(url)) return 'public';
  return scopes[`${method === 'HEAD' ? 'GET' : method} ${url}`];
}

/** Routes nobody has said anything about. */
function unspoken(routes: readonly TakenRoute[]): string[] {
  return routes
    .filter((route) => expectedScope(route, routeScopes) === undefined)
    .map(({ method, url }) => `${method} ${url}`);
}

/** Of nothing: otherwise an admin would revoke the other callers' keys. */
const nobodysId = '999999999';

/** What differs from what the scopes say, by asking the route itself. */
async function surprises(route: TakenRoute, scopes: typeof routeScopes): Promise<string[]> {
  const scope = expectedScope(route, scopes);
  const found: string[] = [];
  for (const { name, headers, scopes: held, isLimited = false, isRefused } of callers) {
    const answer = await site.app.inject({
      method: route.method as 'GET',
      url: route.url.replaceAll(/:\w+/g, nobodysId).replace('*', 'index.css'),
      headers: {
        ...headers,
        ...(route.method === 'POST' && route.isPage
          ? { 'content-type': 'application/x-www-form-urlencoded' }
          : {}),
      },
    });
    const { statusCode: status } = answer;
    const isSentToSignIn = status === 303 && String(answer.headers.location).startsWith('/login?next=');
    const outcome = status === 401 || isSentToSignIn ? 'unknown' : status === 403 ? 'forbidden' : 'allowed';
    const isBeyond = isLimited && routesOfEveryArtist.has(`${route.method} ${route.url}`);
    const isAllowed = scope === 'public' || (scope !== undefined && held.includes(scope) && !isBeyond);
    const should =
      isRefused || (name === 'nobody' && scope !== 'public')
        ? 'unknown'
        : isAllowed
          ? 'allowed'
          : 'forbidden';
    // Temporal is away in this test, and that is said by 503.
    if (status >= 500 && status !== 503) found.push(`${name}: ${status}`);
    if (outcome !== should) found.push(`${name}: ${outcome} by ${status}, not ${should}`);
  }
  return found;
}

/** Signing in without a key is refused by itself, whoever tries. */
const refusesItself = new Set(['POST /login']);

describe('every route', () => {
  it('has an expectation, and every expectation a route', () => {
    expect(unspoken(site.app.takenRoutes), 'add them to route-scopes.ts').toEqual([]);
    const taken = new Set(site.app.takenRoutes.map(({ method, url }) => `${method} ${url}`));
    expect(Object.keys(routeScopes).filter((name) => !taken.has(name))).toEqual([]);
    const forgotten = { method: 'GET', url: '/forgotten', scope: 'public', isPage: false } as const;
    expect(unspoken([...site.app.takenRoutes, forgotten])).toEqual(['GET /forgotten']);
  });

  it('lets in whom it should, and nobody else', async () => {
    const found: Record<string, string[]> = {};
    let asked = 0;
    for (const route of site.app.takenRoutes) {
      const name = `${route.method} ${route.url}`;
      if (refusesItself.has(name)) continue;
      const wrong = await surprises(route, routeScopes);
      asked += callers.length;
      if (wrong.length > 0) found[name] = wrong;
    }
    expect(found).toEqual({});
    expect(asked).toBe((site.app.takenRoutes.length - refusesItself.size) * 8);
  });

  it('would be found out if it let too many or too few in', async () => {
    const find = (url: string): TakenRoute => site.app.takenRoutes.find((route) => route.url === url)!;
    const strict = { ...routeScopes, 'GET /analytics/system/status': 'admin' } as const;
    expect(await surprises(find('/analytics/system/status'), strict)).toHaveLength(4);
    const lax = { ...routeScopes, 'POST /analytics/admin/recalculate': 'read' } as const;
    expect(await surprises(find('/analytics/admin/recalculate'), lax)).toHaveLength(4);
  });
});
