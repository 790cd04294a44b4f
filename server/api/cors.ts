/** Which other sites' pages may call the API from a browser: those of HTTP_CORS_ORIGINS, with a key and never by cookie. */
import type { FastifyInstance } from 'fastify';
import { ConfigurationError } from '../../runtime/read-settings.js';

const forPrograms = /^\/(api|analytics|docs)(\/|\?|$)/;
const taken = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const takenHeaders = 'authorization, content-type, idempotency-key, if-none-match';
const shownHeaders =
  'etag, location, retry-after, x-request-id, idempotent-replayed, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset';

/** The origins of the setting, set apart by commas. @throws ConfigurationError for one that is none */
export function corsOrigins(setting: string | null): ReadonlySet<string> {
  const told = (setting ?? '')
    .split(',')
    .map((text) => text.trim().replace(/\/$/, ''))
    .filter((text) => text !== '');
  const wrong = told.find((text) => !URL.canParse(text) || new URL(text).origin !== text);
  if (wrong !== undefined)
    throw new ConfigurationError([
      {
        name: 'HTTP_CORS_ORIGINS',
        origin: 'environment',
        problem: `“${wrong}” is no origin`,
        mend: 'Write scheme, host and port of each site, set apart by commas, such as https://tools.example.',
      },
    ]);
  return new Set(told);
}

/** To be registered before authentication: a browser asks for leave without a key. */
export function registerCors(app: FastifyInstance, origins: ReadonlySet<string>): void {
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    if (origin === undefined || !forPrograms.test(request.url)) return;
    void reply.header('vary', 'origin');
    if (!origins.has(origin)) return;
    void reply.headers({
      'access-control-allow-origin': origin,
      'access-control-expose-headers': shownHeaders,
      'cross-origin-resource-policy': 'cross-origin',
    });
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined)
      return;
    return reply
      .code(204)
      .headers({
        'access-control-allow-methods': taken,
        'access-control-allow-headers': takenHeaders,
        'access-control-max-age': '600',
      })
      .send();
  });
}
