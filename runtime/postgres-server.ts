/** The embedded Postgres of one state directory: made once, started, taken over after a crash, stopped. */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Announce } from './announce.js';
import { ServerStartError } from './errors.js';
import { choosePort } from './ports.js';
import {
  clusterExists,
  ensurePassword,
  makeCluster,
  serverEnvironment,
  superuser,
} from './postgres-cluster.js';
import { locatePostgresDirectory, preparePostgresHome, type PostgresHome } from './postgres-home.js';
import type { BackgroundProcess } from './processes.js';
import {
  adoptProcess,
  isProcessOf,
  isRunning,
  lastLines,
  startBackground,
  stopProcess,
} from './processes.js';

export interface PostgresOptions {
  /** The state directory; data, log and password stand in it. */
  directory: string;
  preferredPort?: number;
  database?: string;
  /** Server settings by name, such as `{ fsync: 'off' }`. */
  settings?: Readonly<Record<string, string>>;
  announce: Announce;
}

export interface PostgresServer {
  /** With the superuser's password: never logged. */
  url: string;
  port: number;
  pid: number;
  dataDirectory: string;
  /** True when a server that an earlier run left behind was taken over. */
  adopted: boolean;
  ended: Promise<string>;
  /** Ends sessions and waits for a clean shutdown; safe to call twice. */
  stop(): Promise<void>;
}

const defaultPort = 54_320;
const startupMs = 60_000;
const mend = (log: string): string => `Look at ${log}, or set DATABASE_URL to a Postgres of your own.`;

/**
 * Starts the embedded Postgres of a state directory, making its cluster first where there is none, and
 * creates the database. A server that still runs there after a crash is taken over; what a dead one left is
 * recovered from by Postgres itself.
 *
 * @throws ServerStartError with the end of the server's log.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const directory = resolve(options.directory);
  await mkdir(directory, { recursive: true });
  const logFile = join(directory, 'postgres.log');
  const home = await preparePostgresHome(directory);
  const dataDirectory = join(home.directory, 'data');
  const password = await ensurePassword(directory, dataDirectory);
  if (!clusterExists(dataDirectory)) {
    options.announce('Making a Postgres cluster …');
    await makeCluster(home, dataDirectory, password);
  }
  const urlAt = (port: number, database: string): string =>
    `postgres://${superuser}:${password}@127.0.0.1:${port}/${database}`;

  const running = await takeOver(dataDirectory, urlAt, options.announce);
  const { server, port } = running ?? (await launch(home, dataDirectory, logFile, options, urlAt));
  const database = options.database ?? 'tidemark';
  await ensureDatabase(urlAt(port, 'postgres'), database);
  return {
    url: urlAt(port, database),
    port,
    pid: server.pid,
    dataDirectory,
    adopted: running !== null,
    ended: server.ended,
    stop: () => stopPostgres(server.pid, dataDirectory),
  };
}

/** Ends the server of a state directory that nobody supervises any more, if there is one. */
export async function stopAbandonedPostgres(directory: string): Promise<void> {
  const dataDirectory = join(locatePostgresDirectory(directory), 'data');
  const lock = await readLock(dataDirectory);
  if (lock !== null) await stopPostgres(lock.pid, dataDirectory);
}

async function stopPostgres(pid: number, dataDirectory: string): Promise<void> {
  if (!isProcessOf(pid, dataDirectory)) return;
  // INT is the fast shutdown (sessions end, a checkpoint is written), QUIT the one that needs recovery.
  await stopProcess(pid, [
    { signal: 'SIGINT', waitMs: 30_000 },
    { signal: 'SIGQUIT', waitMs: 10_000 },
    { signal: 'SIGKILL', waitMs: 5_000 },
  ]);
}

interface Running {
  server: BackgroundProcess;
  port: number;
}

const lockName = 'postmaster.pid';

/** What the server wrote about itself when it started: the first and fourth line are its id and port. */
async function readLock(dataDirectory: string): Promise<{ pid: number; port: number } | null> {
  const file = join(dataDirectory, lockName);
  if (!existsSync(file)) return null;
  const lines = (await readFile(file, 'utf8')).split('\n');
  return { pid: Number(lines[0]), port: Number(lines[3]) };
}

/** A server that still serves this cluster, if there is one; one that does not answer is ended instead. */
async function takeOver(
  dataDirectory: string,
  urlAt: (port: number, database: string) => string,
  announce: Announce,
): Promise<Running | null> {
  const lock = await readLock(dataDirectory);
  if (lock === null) return null;
  const { pid, port } = lock;
  if (!isProcessOf(pid, dataDirectory)) {
    // Postgres would take another program that has this id by now for a running server, and refuse.
    if (isRunning(pid)) await rm(join(dataDirectory, lockName), { force: true });
    announce('Postgres was not shut down cleanly; it recovers from its log.');
    return null;
  }
  const deadline = Date.now() + 15_000;
  while (isRunning(pid) && Date.now() < deadline) {
    if ((await answers(urlAt(port, 'postgres'))) === null) {
      announce(`Postgres still runs from before on port ${port}; it is taken over.`);
      return { server: adoptProcess(pid), port };
    }
    await pause(200);
  }
  announce('A Postgres from before does not answer; it is restarted.');
  await stopPostgres(pid, dataDirectory);
  return null;
}

async function launch(
  home: PostgresHome,
  dataDirectory: string,
  logFile: string,
  options: PostgresOptions,
  urlAt: (port: number, database: string) => string,
): Promise<Running> {
  const deadline = Date.now() + startupMs;
  const refused = new Set<number>();
  for (;;) {
    const port = await choosePort(
      options.preferredPort ?? defaultPort,
      'Postgres',
      options.announce,
      refused,
    );
    const server = await startBackground({
      command: home.postgres,
      args: ['-D', dataDirectory, '-p', String(port), ...settingsOf(options.settings ?? {})],
      env: serverEnvironment(),
      cwd: home.directory,
      account: home.account,
      logFile,
    });
    let failure: string | null = 'no answer yet';
    while (failure !== null && isRunning(server.pid) && Date.now() < deadline) {
      await pause(40);
      failure = await answers(urlAt(port, 'postgres'));
    }
    if (failure === null && isRunning(server.pid)) return { server, port };
    await stopPostgres(server.pid, dataDirectory);
    const log = lastLines(logFile, 8);
    // Another program may take the port in between; backends of a killed server take seconds to notice.
    const portLost = log.includes('could not bind') || log.includes('could not create any TCP');
    const transient = portLost || log.includes('still in use') || log.includes('lock file');
    if (!transient || Date.now() > deadline) {
      throw new ServerStartError('Postgres', `${failure ?? 'it ended at once'}\n${log}\n`, mend(logFile));
    }
    if (portLost) refused.add(port);
    await pause(300);
  }
}

function settingsOf(settings: Readonly<Record<string, string>>): string[] {
  const all: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    max_connections: '100',
    max_wal_size: '2GB',
    // The sums of a page over 20,000 contents sort in memory, not in files.
    work_mem: '16MB',
    shared_buffers: '256MB',
    ...settings,
  };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Null when the server takes a query; otherwise why not. */
async function answers(url: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  // A connection that breaks after it was made reports it here, beside the query's own rejection.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function ensureDatabase(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const known = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (known.rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}
