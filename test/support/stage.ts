/** One demonstration, seen through sites of every kind: on time and late, with and without its servers, by keys. */
import path from 'node:path';
import { Connection } from '@temporalio/client';
import pg from 'pg';
import { pino } from 'pino';
import { DevelopmentConfig } from '../../runtime/configuration.js';
import type { Log } from '../../runtime/logger.js';
import { environmentOfWorld, findWorlds } from '../../runtime/state.js';
import { startServer, type RunningServer } from '../../server/start-server.js';
import { createKey, type KeyRequest } from '../../services/access-keys.js';
import { migrate } from '../../store/migrate.js';
import { eventually } from './eventually.js';
import type { Places } from './furnish.js';

/** Whom and what a page is looked at through. */
export type SiteName =
  | 'demo'
  /** Twelve days after the last collection. */
  | 'late'
  /** The same data while Temporal is away. */
  | 'alone'
  /** Its database is gone. */
  | 'broken'
  /** Nothing was ever told to it. */
  | 'bare'
  /** Asked by nobody whom it knows, a viewer, a viewer of another artist, and a key that may not read. */
  | 'nobody'
  | 'viewer'
  | 'stranger'
  | 'blind';

export interface SiteAtHand {
  url: string;
  cookie: { name: string; value: string } | null;
}

export interface Stage {
  sites: Readonly<Record<SiteName, SiteAtHand>>;
  close(): Promise<void>;
}

const lateMs = 12 * 86_400_000;
const silent = pino({ level: 'silent' });
const log: Log = { root: silent, component: () => silent, flush: () => undefined };

/** @param directory state directory of a demonstration that runs, and is furnished */
export async function openStage(directory: string, siteUrl: string, places: Places): Promise<Stage> {
  const [world] = await findWorlds(directory);
  const ofWorld: NodeJS.ProcessEnv = {
    ...(await environmentOfWorld(world!)),
    TIDEMARK_STATE_DIRECTORY: directory,
  };
  const databaseUrl = ofWorld['DATABASE_URL']!;
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  pool.on('error', () => undefined);
  const open: (() => Promise<unknown>)[] = [() => pool.end()];
  const serve = async (url: string, settings: NodeJS.ProcessEnv): Promise<RunningServer> => {
    const configuration = new DevelopmentConfig({
      ...{ ...ofWorld, HTTP_PORT: '0', HTTP_RATE_LIMIT_PER_MINUTE: '0', HTTP_AUTH: 'none' },
      ...{ ...settings, DATABASE_URL: url },
    });
    const server = await startServer({ configuration, log, databaseUrl: url, demo: null });
    open.push(() => server.stop());
    return server;
  };
  const database = async (name: string): Promise<string> => {
    await pool.query(`drop database if exists ${name} with (force)`);
    await pool.query(`create database ${name}`);
    open.push(() => pool.query(`drop database if exists ${name} with (force)`));
    const url = new URL(databaseUrl);
    url.pathname = `/${name}`;
    await migrate({ databaseUrl: url.href, logger: silent });
    return url.href;
  };
  const close = async (): Promise<void> => {
    // The pool was opened first and drops the databases of the others.
    for (const step of open.splice(0).reverse()) await step();
  };
  try {
    const namespace = await emptyNamespace(ofWorld['TEMPORAL_ADDRESS']!);
    const late = await serve(databaseUrl, {
      TIDEMARK_CLOCK: new Date(Date.now() + lateMs).toISOString(),
    });
    const alone = await serve(databaseUrl, { TEMPORAL_ADDRESS: '127.0.0.1:1' });
    const bare = await serve(await database('stage_bare'), {
      TEMPORAL_NAMESPACE: namespace,
      TIDEMARK_STATE_DIRECTORY: path.join(directory, 'stage-bare'),
    });
    const broken = await serve(await database('stage_broken'), {});
    await pool.query('drop database stage_broken with (force)');
    const keys = await serve(databaseUrl, { HTTP_AUTH: 'keys' });
    const enter = async (wish: KeyRequest): Promise<SiteAtHand> => {
      const { key } = await createKey(pool, wish, { now: () => new Date() });
      const answer = await fetch(`${keys.url}/login`, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ key }).toString(),
      });
      const [, name, value] = /^(\w+)=([^;]+)/.exec(answer.headers.getSetCookie()[0] ?? '')!;
      return { url: keys.url, cookie: { name: name!, value: value! } };
    };
    const plain = ({ url }: { url: string }): SiteAtHand => ({ url, cookie: null });
    return {
      sites: {
        demo: { url: siteUrl, cookie: null },
        ...{ late: plain(late), alone: plain(alone), bare: plain(bare), broken: plain(broken) },
        nobody: plain(keys),
        viewer: await enter({ name: 'viewer', scopes: ['read'] }),
        stranger: await enter({
          ...{ name: 'viewer of others', scopes: ['read'] },
          artistIds: [places.foreignArtistId],
        }),
        blind: await enter({ name: 'writer', scopes: ['write'] }),
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** One in which nothing was ever scheduled. */
async function emptyNamespace(address: string): Promise<string> {
  const namespace = 'stage-bare';
  const connection = await Connection.connect({ address });
  try {
    await connection.workflowService
      .registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: 86_400 as never } })
      .catch((error: unknown) => {
        if (!/already/i.test(String(error))) throw error;
      });
    // The server learns of it a moment later.
    await eventually(
      async () => connection.workflowService.listWorkflowExecutions({ namespace, pageSize: 1 }),
      { timeoutMs: 60_000, what: 'the namespace' },
    );
    return namespace;
  } finally {
    await connection.close();
  }
}
