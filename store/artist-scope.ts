/** Connections that see what one set of artists may see, and nothing else. */
import type { Pool, PoolClient } from 'pg';
import { storeError } from './errors.js';

/** Every artist and what belongs to none, or the artists of these ids alone. */
export type ArtistScope = 'all' | readonly number[];

/** The role that row security binds; it owns nothing. */
const applicationRole = 'tidemark_app';

/** What a connection was last told; connections go back to the pool with it. */
const toldScopes = new WeakMap<PoolClient, string>();

/**
 * The pool as callers of one scope see it: every connection taken from it acts as the application's role and with the
 * scope's artists in its setting, for single statements and transactions alike. A connection that cannot be told is
 * thrown away, so nothing is ever read under another's scope.
 *
 * The setting belongs to the connection and is compared at each taking: most requests follow one of the same scope and
 * pay nothing, where a setting local to a transaction costs two more round trips a statement.
 */
export function scopedPool(pool: Pool, scope: ArtistScope): Pool {
  const setting = settingOf(scope);
  const connect = async (): Promise<PoolClient> => {
    const client = await pool.connect();
    if (toldScopes.get(client) === setting) return client;
    try {
      // No value of a caller's is in it: the scope's numbers are whole, or the star.
      await client.query(
        `select set_config('role', '${applicationRole}', false), set_config('tidemark.artists', '${setting}', false)`,
      );
      toldScopes.set(client, setting);
      return client;
    } catch (error) {
      client.release(true);
      throw storeError(error);
    }
  };
  const query = async (...args: unknown[]): Promise<unknown> => {
    const client = await connect();
    let failure: unknown;
    try {
      const run = client.query.bind(client) as (...given: unknown[]) => Promise<unknown>;
      return await run(...args);
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      // A connection whose server is gone would fail its next taker too.
      client.release(failure !== undefined && storeError(failure).code === 'unreachable');
    }
  };
  return new Proxy(pool, {
    get(target, property): unknown {
      if (property === 'connect') return connect;
      if (property === 'query') return query;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** How the scope stands in the session's setting; an empty set sees nothing. @throws RangeError for an id that is none */
export function settingOf(scope: ArtistScope): string {
  if (scope === 'all') return '*';
  for (const id of scope)
    if (!Number.isSafeInteger(id)) throw new RangeError(`${String(id)} is no artist's id`);
  return [...new Set(scope)].sort((a, b) => a - b).join(',');
}
