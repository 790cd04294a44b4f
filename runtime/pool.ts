/** The pool of connections to Postgres. */
import pg from 'pg';
import type { Logger } from 'pino';
import { UnreachableError } from './errors.js';
import { redactConnectionString } from './sanitise.js';
import type { Settings } from './settings.js';

export type PoolSettings = Pick<
  Settings,
  'DB_POOL_SIZE' | 'DB_STATEMENT_TIMEOUT_SECONDS' | 'SLOW_QUERY_SECONDS'
>;

export interface PoolOptions {
  url: string;
  settings: PoolSettings;
  logger: Logger;
  /** Shown in `pg_stat_activity`. */
  applicationName: string;
}

const shownStatementLength = 300;

/**
 * Creates a pool whose connections may break without taking the process along, whose statements end at the
 * time limit, and whose slow statements are logged (their text, never their values).
 */
export function createPool({ url, settings, logger, applicationName }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: settings.DB_POOL_SIZE,
    application_name: applicationName,
    connectionTimeoutMillis: 15_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    statement_timeout: settings.DB_STATEMENT_TIMEOUT_SECONDS * 1_000,
  });
  pool.on('error', (err) => {
    // A pool that ends does not wait for its connections to close; a server that stops next finds some open.
    if (!pool.ending) logger.warn({ err }, 'an idle connection to Postgres was lost');
  });
  pool.on('connect', (client) => {
    // The pool listens for errors while a client is idle only; one that breaks while it is checked out
    // would end the process. Whoever holds it is told by the rejection of its query.
    client.on('error', (err) => logger.debug({ err }, 'a connection to Postgres in use was lost'));
    logSlowStatements(client, settings.SLOW_QUERY_SECONDS * 1_000, logger);
  });
  return pool;
}

/** @throws UnreachableError when the database does not answer a query. */
export async function assertReachable(pool: pg.Pool, url: string): Promise<void> {
  try {
    await pool.query('select 1');
  } catch (error) {
    const code = (error as { code?: string }).code ?? '';
    const refused = code.startsWith('28') || code === '3D000';
    throw new UnreachableError(
      'Postgres',
      redactConnectionString(url),
      error instanceof Error && error.message !== '' ? error.message : code,
      refused
        ? 'Check user, password and database in DATABASE_URL.'
        : 'Check DATABASE_URL, and that the server runs and can be reached from here.',
      { cause: error },
    );
  }
}

function logSlowStatements(client: pg.PoolClient, thresholdMs: number, logger: Logger): void {
  const original = client.query.bind(client) as (...args: unknown[]) => unknown;
  const timed = (...args: unknown[]): unknown => {
    const started = performance.now();
    const finish = (): void => {
      const durationMs = performance.now() - started;
      if (durationMs < thresholdMs) return;
      logger.warn({ durationMs: Math.round(durationMs), statement: statementOf(args[0]) }, 'slow query');
    };
    const last = args.at(-1);
    if (typeof last === 'function') {
      args[args.length - 1] = (...outcome: unknown[]): unknown => {
        finish();
        return Reflect.apply(last, undefined, outcome) as unknown;
      };
      return original(...args);
    }
    const result = original(...args);
    if (result instanceof Promise) result.then(finish, finish);
    return result;
  };
  client.query = timed as typeof client.query;
}

function statementOf(query: unknown): string {
  const text = typeof query === 'string' ? query : (query as { text?: unknown }).text;
  return String(text).replaceAll(/\s+/g, ' ').trim().slice(0, shownStatementLength);
}
