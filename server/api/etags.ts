/** Weak entity tags on the API's readings: who asks again for what has not changed is told so, without the body. */
import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

/**
 * Tags every 200 of GET that is JSON, in all routes; nothing is asked of a route. To be registered before compression,
 * since the tag is that of the content, whatever its encoding (hence weak).
 */
export function registerEtags(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    const type = reply.getHeader('content-type');
    if (!isReading || reply.statusCode !== 200 || typeof payload !== 'string' || !isJson(type)) {
      done(null, payload);
      return;
    }
    const tag = `W/"${createHash('sha256').update(payload).digest('base64url').slice(0, 27)}"`;
    void reply.header('etag', tag);
    // Kept by the caller alone and asked about each time: what it shows is as new as the database.
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'private, no-cache');
    void reply.header('vary', 'authorization, cookie, origin, accept-encoding');
    if (!matches(request.headers['if-none-match'], tag)) {
      done(null, payload);
      return;
    }
    void reply.code(304).removeHeader('content-type').removeHeader('content-length');
    done(null, '');
  });
}

function isJson(type: unknown): boolean {
  return typeof type === 'string' && type.startsWith('application/json');
}

/** By weak comparison, RFC 9110 13.1.2: whether a tag is marked weak does not matter. */
function matches(told: string | undefined, tag: string): boolean {
  if (told === undefined) return false;
  if (told.trim() === '*') return true;
  const bare = tag.replace(/^W\//, '');
  return told.split(',').some((one) => one.trim().replace(/^W\//, '') === bare);
}
