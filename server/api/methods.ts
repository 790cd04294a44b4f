/** Which addresses there are and what each takes, so that a wrong method is told from a wrong address. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RouteScope } from '../access/principal.js';
import { Problem } from '../problems.js';

export interface TakenRoute {
  method: string;
  url: string;
  scope: RouteScope | undefined;
  isPage: boolean;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route as it was registered. */
    takenRoutes: readonly TakenRoute[];
  }
}

/** To be registered before any route. */
export function registerMethods(app: FastifyInstance): void {
  const taken: TakenRoute[] = [];
  app.decorate('takenRoutes', taken);
  app.addHook('onRoute', (route) => {
    for (const method of Array.isArray(route.method) ? route.method : [route.method])
      taken.push({
        method,
        url: route.url,
        // Read when it is asked for: a later hook may still set it.
        get scope() {
          return route.config?.scope;
        },
        isPage: route.config?.isPage === true,
      });
  });
}

/** Where there is nothing, no body is read. To be registered after authentication, which refuses foreign hosts first. */
export function registerNowhere(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404) throw nowhere(app, request, reply);
    return Promise.resolve();
  });
}

/** Tells a wrong method, with those that there are, from a wrong address. */
export function nowhere(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply): Problem {
  const path = request.url.split('?')[0]!;
  const methods = methodsAt(app, path);
  if (methods.length === 0) return new Problem(404, `There is nothing at ${request.method} ${path}.`);
  void reply.header('allow', methods.join(', '));
  return new Problem(405, `${path} takes ${methods.join(', ')} and not ${request.method}.`);
}

/** The methods of an address, as `Allow` lists them; empty where there is nothing at it. */
function methodsAt(app: FastifyInstance, path: string): string[] {
  const found = app.takenRoutes.filter(({ url }) => patternOf(url).test(path)).map(({ method }) => method);
  return [...new Set(found)].sort();
}

function patternOf(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part === '*') return '.*';
    return part
      .split(/(:\w+)/)
      .map((piece) => (piece.startsWith(':') ? '[^/]+' : piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
      .join('');
  });
  return new RegExp(`^${parts.join('/')}/?$`);
}
