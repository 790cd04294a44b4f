/** Who asks: by a key in the header, by a session of the pages, or, where no authentication is asked for, anybody. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { verifyKey, verifySession } from '../../services/access-keys.js';
import { corsOrigins } from '../api/cors.js';
import type { ScopedServices, ServerDependencies } from '../dependencies.js';
import { Problem } from '../problems.js';
import { loopbackPrincipal, principalOf, type Principal, type RouteScope } from './principal.js';
import { isSafe } from './safe-requests.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null for a visitor that is nobody; routes that ask for a scope never see one. */
    principal: Principal | null;
  }
  interface FastifyContextConfig {
    /** Every route says what it asks; one that does not is refused when it is registered. */
    scope?: RouteScope;
    /** A page answers a failure with a page. */
    isPage?: boolean;
    /** The body is signed where a secret is set, and proves by itself who sent it; its bytes are kept as they came. */
    isSigned?: boolean;
  }
}

/** Where the API's description can be read. */
export const docsPath = '/docs';

export const sessionCookie = 'tidemark_session';

/** @throws Error when a route is registered that does not say which scope it asks for */
export function registerAuthentication(app: FastifyInstance, deps: ServerDependencies): void {
  const trusted = corsOrigins(deps.configuration.HTTP_CORS_ORIGINS);
  app.decorateRequest('principal', null);
  app.addHook('onRoute', (route) => {
    // The library that draws the API's description registers routes of its own, and nothing in it is secret.
    if (route.url.startsWith(docsPath)) route.config = { ...route.config, scope: 'public' };
    if (route.config?.scope === undefined)
      throw new Error(`The route ${String(route.method)} ${route.url} does not say which scope it asks for`);
  });
  app.addHook('onRequest', async (request) => {
    refuseForeignHost(request, deps);
    request.principal = await principalFor(request, deps);
    // What is nowhere is nobody's secret.
    const { scope = 'admin' } = request.is404 ? { scope: 'public' as const } : request.routeOptions.config;
    if (!isSafe(request)) refuseForeignOrigin(request, deps, trusted);
    if (scope === 'public') return;
    if (request.principal === null)
      throw new Problem(401, 'Say who you are: send a key as “Authorization: Bearer tmk_…”.');
    if (!request.principal.scopes.has(scope))
      throw new Problem(403, `This takes the scope “${scope}”, which ${request.principal.actor} lacks.`);
  });
  app.addHook('preHandler', (request, _reply, done) => {
    if (!isSafe(request) && request.principal?.by === 'session') requireCsrfToken(request, request.principal);
    done();
  });
}

/** The services as whoever asks may see them. */
export function servicesOf(request: FastifyRequest, deps: ServerDependencies): ScopedServices {
  return deps.servicesFor(principalOfRequest(request).artists);
}

export function principalOfRequest(request: FastifyRequest): Principal {
  if (request.principal === null) throw new Problem(401, 'Say who you are first.');
  return request.principal;
}

async function principalFor(request: FastifyRequest, deps: ServerDependencies): Promise<Principal | null> {
  const { clock } = deps;
  const { pool } = deps.servicesFor('all');
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const presented = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1];
    const key = presented === undefined ? null : await verifyKey(pool, presented, clock);
    // Also where none is asked for: who shows a key wants its rights, not all of them.
    if (key === null) throw new Problem(401, 'The key is unknown, revoked or expired.');
    return principalOf(key, 'key');
  }
  const token = request.cookies[sessionCookie];
  if (token !== undefined) {
    const key = await verifySession(pool, token, clock);
    if (key !== null) return principalOf(key, 'session', csrfTokenOf(token));
  }
  return deps.configuration.HTTP_AUTH === 'none' ? loopbackPrincipal : null;
}

/** Bound to the session and to nothing else, so a form survives a restart of the server. */
function csrfTokenOf(sessionToken: string): string {
  return createHmac('sha256', sessionToken).update('csrf').digest('base64url');
}

function requireCsrfToken(request: FastifyRequest, principal: Principal): void {
  const body: unknown = request.body;
  const told =
    request.headers['x-csrf-token'] ??
    (typeof body === 'object' && body !== null ? (Reflect.get(body, '_csrf') as unknown) : undefined) ??
    (request.query as Record<string, unknown>)['_csrf'];
  const expected = Buffer.from(principal.csrfToken);
  const given = Buffer.from(typeof told === 'string' ? told : '');
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new Problem(403, 'The form is too old or was not made here: open the page again and repeat.');
}

/** A page of somebody else's that posts here would act with the rights of whoever looks at it. */
function refuseForeignOrigin(
  request: FastifyRequest,
  { configuration }: ServerDependencies,
  trusted: ReadonlySet<string>,
): void {
  const isSigned = request.routeOptions.config.isSigned === true && configuration.WEBHOOK_SECRET !== null;
  if (request.headers.authorization !== undefined || isSigned) return;
  const { origin } = request.headers;
  // A session's form still needs its own token.
  if (origin !== undefined && trusted.has(origin)) return;
  const site = request.headers['sec-fetch-site'];
  const isForeign =
    (site !== undefined && site !== 'same-origin' && site !== 'none') ||
    (origin !== undefined && hostOf(origin) !== request.headers.host);
  if (isForeign) throw new Problem(403, 'A write must come from this very site, or bring a key.');
}

/** Without authentication, a name that a stranger's DNS points at this machine must not reach it. */
function refuseForeignHost(request: FastifyRequest, { configuration }: ServerDependencies): void {
  if (configuration.HTTP_AUTH !== 'none') return;
  if (!isLoopbackName(request.hostname))
    throw new Problem(421, 'Without authentication the site answers to localhost alone.');
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}

export function isLoopbackName(name: string): boolean {
  const bare = name.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  return bare === 'localhost' || bare === '::1' || /^127(\.\d{1,3}){3}$/.test(bare);
}
