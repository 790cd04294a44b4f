/** Whoever looks at a page, as far as the page has to know. */
import type { FastifyRequest } from 'fastify';
import type { Scope } from '../../../store/api-keys.js';
import { principalOfRequest } from '../../access/authentication.js';

export interface Viewer {
  actor: string;
  csrfToken: string;
  may(scope: Scope): boolean;
}

export function viewerOf(request: FastifyRequest): Viewer {
  const { actor, csrfToken, scopes } = principalOfRequest(request);
  return { actor, csrfToken, may: (scope) => scopes.has(scope) };
}
