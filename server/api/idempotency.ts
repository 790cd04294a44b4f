/**
 * `Idempotency-Key`: a write that is sent again under the same key is done once, and answered as it was the first time.
 *
 * It works for every POST of the API that asks for more than `read`, without the route's doing. A route that starts a
 * run gives it the name of `requestNameOf(request)`, so that even a request whose answer was lost with the process
 * meets the run that it started.
 */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  claimIdempotencyKey,
  keepAnswer,
  releaseIdempotencyKey,
  type IdempotencyClaim,
} from '../../store/idempotency.js';
import type { ServerDependencies } from '../dependencies.js';
import { Problem } from '../problems.js';
import { nameOfClaim, type HeldClaim } from '../request-name.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The key that this request holds until it is answered; null where it brought none. */
    idempotencyClaim: HeldClaim | null;
  }
  interface FastifyContextConfig {
    /** The answer holds a secret and must not be kept, so a repetition is done anew. */
    isAnsweredOnce?: boolean;
  }
}

const header = 'idempotency-key';
/** Printable ASCII; a UUID is usual. */
const validKey = /^[\x21-\x7e]{1,200}$/;

/** To be registered after authentication: what is refused takes no key. */
export function registerIdempotency(app: FastifyInstance, deps: ServerDependencies): void {
  const { pool } = deps.servicesFor('all');
  app.decorateRequest('idempotencyClaim', null);
  app.addHook('preHandler', async (request, reply) => {
    const key = request.headers[header];
    if (key === undefined || !takesKey(request)) return;
    if (typeof key !== 'string' || !validKey.test(key))
      throw new Problem(400, 'Idempotency-Key: has 1 to 200 printable characters without spaces.');
    const claim: IdempotencyClaim = {
      actor: request.principal?.actor ?? 'nobody',
      key,
      requestSha256: digestOf(request),
    };
    const { kept, firstAt } = await claimIdempotencyKey(pool, { ...claim, now: deps.clock.now() });
    if (kept === null) {
      request.idempotencyClaim = { ...claim, firstAt };
      return;
    }
    if (!kept.requestSha256.equals(claim.requestSha256))
      throw new Problem(409, 'The Idempotency-Key was used for another request: take a new one.');
    if (kept.status === null) {
      void reply.header('retry-after', '1');
      throw new Problem(
        409,
        'The first request of this Idempotency-Key is still being worked on: ask again.',
      );
    }
    void reply.code(kept.status).header('idempotent-replayed', 'true');
    if (kept.location !== null) void reply.header('location', kept.location);
    return reply
      .type(kept.status < 400 ? 'application/json; charset=utf-8' : 'application/problem+json')
      .serializer((body: unknown) => JSON.stringify(body))
      .send(kept.body);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const claim = request.idempotencyClaim;
    if (claim === null) return payload;
    const { statusCode: status } = reply;
    // What failed by our fault, or by a passing state of things, may be tried again under the same key.
    if (status >= 500 || status === 429 || typeof payload !== 'string')
      await releaseIdempotencyKey(pool, claim.actor, claim.key);
    else {
      const location = reply.getHeader('location');
      const body: unknown = payload === '' ? null : JSON.parse(payload);
      await keepAnswer(pool, {
        ...claim,
        status,
        body,
        location: typeof location === 'string' ? location : null,
      });
    }
    return payload;
  });
}

/**
 * The name of what this request makes: the same when it is sent again under its Idempotency-Key, null without one.
 */
export function requestNameOf({ idempotencyClaim }: FastifyRequest): string | null {
  return idempotencyClaim === null ? null : nameOfClaim(idempotencyClaim);
}

function takesKey({ method, routeOptions }: FastifyRequest): boolean {
  const { scope, isPage, isAnsweredOnce } = routeOptions.config;
  if (isAnsweredOnce === true) return false;
  return method === 'POST' && isPage !== true && scope !== undefined && !['public', 'read'].includes(scope);
}

function digestOf({ method, url, body }: FastifyRequest): Buffer {
  return createHash('sha256')
    .update(`${method} ${url}\n${JSON.stringify(body ?? null)}`)
    .digest();
}
