import type { FastifyRequest } from 'fastify';
import { principalOfRequest } from '../../access/authentication.js';
import { Problem } from '../../problems.js';

/** What concerns every artist is not for a key that is limited to some. @throws Problem 403 */
export function requireWholeView(request: FastifyRequest, what: string): void {
  const { artists, actor } = principalOfRequest(request);
  if (artists !== 'all')
    throw new Problem(403, `${what} concerns every artist, and ${actor} is limited to some.`);
}
