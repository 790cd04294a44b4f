/** The embedded Temporal server of one state directory: started, taken over after a crash, stopped. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { z } from 'zod';
import { searchAttributeTypes } from '../contracts/search-attributes.js';
import type { Announce } from './announce.js';
import { ServerStartError } from './errors.js';
import { choosePort } from './ports.js';
import type { BackgroundProcess } from './processes.js';
import {
  adoptProcess,
  isProcessOf,
  isRunning,
  lastLines,
  startBackground,
  stopProcess,
} from './processes.js';
import { keepClosedRunsFor } from './temporal-namespace.js';

export interface TemporalOptions {
  /** The state directory; the server's database and log stand in it. */
  directory: string;
  /** The program, as `findTemporalBinary` tells it. */
  binary: string;
  namespace?: string;
  /** Further namespaces with the same search attributes. */
  moreNamespaces?: readonly string[];
  preferredPort?: number;
  preferredUiPort?: number;
  /** How long closed runs can be read in the UI. */
  retentionDays?: number;
  announce: Announce;
}

export interface TemporalServer {
  address: string;
  namespace: string;
  uiUrl: string;
  pid: number;
  /** True when a server that an earlier run left behind was taken over. */
  adopted: boolean;
  ended: Promise<string>;
  /** Waits for a clean shutdown; safe to call twice. */
  stop(): Promise<void>;
}

const startupMs = 60_000;
const defaultRetentionDays = 30;

const portsSchema = z.object({ pid: z.number(), port: z.number(), uiPort: z.number() });
type Ports = z.infer<typeof portsSchema>;

interface Running extends Ports {
  server: BackgroundProcess;
}

/**
 * Starts Temporal's development server with its UI over a database file in the state directory, with
 * Tidemark's search attributes registered and closed runs kept for `retentionDays`. A server that still
 * runs over that file after a crash is taken over.
 *
 * @throws ServerStartError with the end of the server's log.
 */
export async function startTemporal(options: TemporalOptions): Promise<TemporalServer> {
  const directory = resolve(options.directory);
  await mkdir(directory, { recursive: true });
  const database = join(directory, 'temporal.db');
  const namespace = options.namespace ?? 'default';
  const before = await takeOver(directory, database, options.announce);
  const { server, port, uiPort, pid } = before ?? (await launch(directory, database, namespace, options));
  const address = `127.0.0.1:${port}`;
  await keepClosedRunsFor(address, namespace, options.retentionDays ?? defaultRetentionDays);
  return {
    address,
    namespace,
    uiUrl: `http://127.0.0.1:${uiPort}`,
    pid,
    adopted: before !== null,
    ended: server.ended,
    async stop() {
      await stopTemporal(pid, database);
      await rm(portsFile(directory), { force: true });
    },
  };
}

/** Ends the server of a state directory that nobody supervises any more, if there is one. */
export async function stopAbandonedTemporal(directory: string): Promise<void> {
  const ports = await readPorts(directory);
  if (ports !== null) await stopTemporal(ports.pid, join(resolve(directory), 'temporal.db'));
  await rm(portsFile(directory), { force: true });
}

async function stopTemporal(pid: number, database: string): Promise<void> {
  if (!isProcessOf(pid, database)) return;
  await stopProcess(pid, [
    { signal: 'SIGTERM', waitMs: 15_000 },
    { signal: 'SIGKILL', waitMs: 5_000 },
  ]);
}

function portsFile(directory: string): string {
  return join(directory, 'temporal.json');
}

async function readPorts(directory: string): Promise<Ports | null> {
  try {
    const parsed = portsSchema.safeParse(JSON.parse(await readFile(portsFile(directory), 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

async function takeOver(directory: string, database: string, announce: Announce): Promise<Running | null> {
  const ports = await readPorts(directory);
  if (ports === null || !isProcessOf(ports.pid, database)) return null;
  const deadline = Date.now() + 10_000;
  while (isRunning(ports.pid) && Date.now() < deadline) {
    if ((await answers(ports)) === null) {
      announce(`Temporal still runs from before on port ${ports.port}; it is taken over.`);
      return { ...ports, server: adoptProcess(ports.pid) };
    }
    await pause(200);
  }
  announce('A Temporal server from before does not answer; it is restarted.');
  await stopTemporal(ports.pid, database);
  return null;
}

async function launch(
  directory: string,
  database: string,
  namespace: string,
  options: TemporalOptions,
): Promise<Running> {
  const logFile = join(directory, 'temporal.log');
  const deadline = Date.now() + startupMs;
  const refused = new Set<number>();
  for (;;) {
    const port = await choosePort(options.preferredPort ?? 7233, 'Temporal', options.announce, refused);
    const uiPort = await choosePort(
      options.preferredUiPort ?? 8233,
      "Temporal's UI",
      options.announce,
      new Set([...refused, port]),
    );
    const server = await startBackground({
      command: options.binary,
      args: serverArguments(database, port, uiPort, [namespace, ...(options.moreNamespaces ?? [])]),
      env: process.env,
      cwd: directory,
      account: null,
      logFile,
    });
    const ports: Ports = { pid: server.pid, port, uiPort };
    await writePorts(directory, ports);
    let failure: string | null = 'no answer yet';
    while (failure !== null && isRunning(server.pid) && Date.now() < deadline) {
      await pause(50);
      failure = await answers(ports);
    }
    if (failure === null && isRunning(server.pid)) return { ...ports, server };
    await stopTemporal(server.pid, database);
    const log = lastLines(logFile, 8);
    // Another program may take a port between the choice and the start.
    const portLost = log.includes('address already in use') || log.includes("can't listen");
    if (!portLost || Date.now() > deadline) {
      throw new ServerStartError(
        'Temporal',
        `${failure ?? 'it ended at once'}\n${log}\n`,
        `Look at ${logFile}, or set TEMPORAL_ADDRESS to a server that runs already.`,
      );
    }
    refused.add(port).add(uiPort);
  }
}

function serverArguments(
  database: string,
  port: number,
  uiPort: number,
  namespaces: readonly string[],
): string[] {
  return [
    'server',
    'start-dev',
    ...['--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort)],
    ...['--db-filename', database, '--log-level', 'warn'],
    ...namespaces.filter((name) => name !== 'default').flatMap((name) => ['--namespace', name]),
    ...Object.entries(searchAttributeTypes).flatMap(([name, type]) => [
      '--search-attribute',
      `${name}=${type}`,
    ]),
  ];
}

async function writePorts(directory: string, ports: Ports): Promise<void> {
  const file = portsFile(directory);
  await writeFile(`${file}.partial`, JSON.stringify(ports));
  await rename(`${file}.partial`, file);
}

/** Null when the server and its UI take calls; otherwise why not. */
async function answers(ports: Ports): Promise<string | null> {
  try {
    const connection = await Connection.connect({
      address: `127.0.0.1:${ports.port}`,
      connectTimeout: 2_000,
    });
    try {
      await connection.workflowService.describeNamespace({ namespace: 'default' });
    } finally {
      await connection.close();
    }
    const page = await fetch(`http://127.0.0.1:${ports.uiPort}/`, { signal: AbortSignal.timeout(2_000) });
    await page.body?.cancel();
    return page.ok ? null : `the UI answered ${page.status}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
