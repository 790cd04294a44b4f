import type { ApiKey, Scope } from '../../store/api-keys.js';
import type { ArtistScope } from '../../store/artist-scope.js';

/** Who asks, and what that one may do. */
export interface Principal {
  /** As the audit log names it. */
  actor: string;
  scopes: ReadonlySet<Scope>;
  artists: ArtistScope;
  /** By what it was known: nothing at all on loopback, a key in the header, or a session of the pages. */
  by: 'loopback' | 'key' | 'session';
  /** What forms have to send back; empty where no cookie lends anybody rights. */
  csrfToken: string;
}

export const loopbackPrincipal: Principal = {
  actor: 'loopback',
  scopes: new Set<Scope>(['read', 'write', 'operate', 'admin']),
  artists: 'all',
  by: 'loopback',
  csrfToken: '',
};

export function principalOf(key: ApiKey, by: 'key' | 'session', csrfToken = ''): Principal {
  return {
    actor: `key ${String(key.id)} (${key.name})`,
    scopes: new Set(key.scopes),
    artists: key.artistIds ?? 'all',
    by,
    csrfToken,
  };
}

/** What a route asks of whoever calls it; `public` asks nothing. */
export type RouteScope = Scope | 'public';
