import type { FastifyRequest } from 'fastify';

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether the method asks and changes nothing (RFC 9110, 9.2.1). */
export function isSafe({ method }: Pick<FastifyRequest, 'method'>): boolean {
  return safeMethods.has(method);
}

/** Whether the request may have written; a POST that only asks has not. */
export function mayHaveWritten(request: FastifyRequest): boolean {
  return !isSafe(request) && request.routeOptions.config.scope !== 'read';
}
