import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ActiveFault } from './faults.js';
import { googleError, PlatformError, spotifyError } from './platform-error.js';

const page =
  '<!DOCTYPE html>\n<html lang="en"><head><title>Sign in to the network</title></head>' +
  '<body><h1>Sign in to the network</h1></body></html>\n';

/**
 * Carries out a fault before the request is answered. True when nothing more is to be done: the connection
 * hangs, was reset, or an answer has been sent.
 */
export function strikeBefore(fault: ActiveFault, request: FastifyRequest, reply: FastifyReply): boolean {
  switch (fault.kind) {
    case 'hang':
      if (fault.phase === 'body') return false;
      reply.hijack();
      return true;
    case 'reset':
      if (fault.phase === 'body') return false;
      reply.hijack();
      request.raw.socket.resetAndDestroy();
      return true;
    case 'html':
      void reply.code(200).type('text/html; charset=utf-8').send(page);
      return true;
    case 'empty':
      void reply.code(200).type('application/json; charset=utf-8').send('');
      return true;
    case 'status':
      throw errorOf(request, fault.status);
    case 'rate-limit':
      throw rateLimit(request, fault);
    default:
      return false;
  }
}

function isSpotify(request: FastifyRequest): boolean {
  return request.url.startsWith('/spotify/');
}

function errorOf(request: FastifyRequest, status: number): PlatformError {
  if (isSpotify(request))
    return spotifyError(status, status === 503 ? 'Service unavailable' : 'Server error');
  return googleError(status, {
    reason: 'backendError',
    message: status === 503 ? 'The service is currently unavailable.' : 'Internal error encountered.',
  });
}

function rateLimit(
  request: FastifyRequest,
  fault: Extract<ActiveFault, { kind: 'rate-limit' }>,
): PlatformError {
  const error = isSpotify(request)
    ? spotifyError(429, 'API rate limit exceeded', fault.reason)
    : googleError(429, {
        domain: 'usageLimits',
        reason: fault.reason ?? 'rateLimitExceeded',
        message: 'Resource has been exhausted (e.g. check quota).',
      });
  const bodies = { error: error.body, object: {}, empty: '' };
  const headers: Record<string, string> =
    fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) };
  return new PlatformError(429, bodies[fault.body], headers);
}

/** Carries out a fault on the body that is about to be sent; what it returns is sent in its place. */
export function strikeBody(fault: ActiveFault, request: FastifyRequest, body: string): string | Readable {
  const half = Math.max(1, Math.floor(body.length / 2));
  switch (fault.kind) {
    case 'truncated':
      return body.slice(0, half);
    case 'bad-json':
      return `${body.slice(0, half)}\u0000,,${body.slice(half)}`;
    case 'hang':
      return Readable.from(partThenSilence(body.slice(0, half)));
    case 'reset':
      return Readable.from(partThenReset(body.slice(0, half), request));
    case 'drip':
      return Readable.from(drip(body, fault.bytesPerSecond, request));
    default:
      return body;
  }
}

async function* partThenSilence(part: string): AsyncGenerator<string> {
  yield part;
  await new Promise<never>(() => undefined);
}

async function* partThenReset(part: string, request: FastifyRequest): AsyncGenerator<string> {
  yield part;
  // The part has to leave before the connection breaks, or the client sees no answer at all.
  await delay(20);
  request.raw.socket.resetAndDestroy();
}

async function* drip(body: string, bytesPerSecond: number, request: FastifyRequest): AsyncGenerator<string> {
  const pauseMs = Math.max(1, 1000 / bytesPerSecond);
  for (const character of body) {
    if (request.raw.socket.destroyed) return;
    yield character;
    await delay(pauseMs);
  }
}
