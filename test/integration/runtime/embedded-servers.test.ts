import { fork, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Connection } from '@temporalio/client';
import { optionalTsToMs } from '@temporalio/common/lib/time.js';
import { afterEach, describe, expect, it } from 'vitest';
import { searchAttributes } from '../../../contracts/search-attributes.js';
import { canTraverse } from '../../../runtime/postgres-home.js';
import {
  startPostgres,
  stopAbandonedPostgres,
  type PostgresServer,
} from '../../../runtime/postgres-server.js';
import { isRunning } from '../../../runtime/processes.js';
import { findTemporalBinary } from '../../../runtime/temporal-binary.js';
import { startTemporal, stopAbandonedTemporal } from '../../../runtime/temporal-server.js';
import { eventually } from '../../support/eventually.js';

const holder = new URL('../../support/hold-servers.mjs', import.meta.url).pathname;

const directories: string[] = [];
const supervisors: ChildProcess[] = [];
const blockers: Server[] = [];
const said: string[] = [];
const announce = (line: string): void => void said.push(line);

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-servers-'));
  chmodSync(directory, 0o711);
  directories.push(directory);
  return directory;
}

/** A supervisor in a process of its own, so that it can be killed. */
async function hold(what: 'postgres' | 'temporal', directory: string, port: number): Promise<Held> {
  const child = fork(holder, [what, directory, String(port)], { silent: true });
  supervisors.push(child);
  const told = await new Promise<{ pid: number; url: string }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { pid: number; url: string }));
    child.once('exit', (code) => reject(new Error(`The supervisor ended with ${String(code)}`)));
  });
  return {
    ...told,
    async kill() {
      child.removeAllListeners('exit');
      child.kill('SIGKILL');
      await eventually(() => !isRunning(child.pid!));
    },
  };
}
interface Held {
  pid: number;
  url: string;
  kill(): Promise<void>;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

async function block(port: number): Promise<void> {
  const server = createServer();
  blockers.push(server);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
}

afterEach(async () => {
  for (const child of supervisors.splice(0)) child.kill('SIGKILL');
  for (const server of blockers.splice(0)) server.close();
  for (const directory of directories.splice(0)) {
    await stopAbandonedPostgres(directory);
    await stopAbandonedTemporal(directory);
    rmSync(directory, { recursive: true, force: true });
  }
  said.length = 0;
});

describe('the embedded Postgres', () => {
  it('keeps its data over a stop, steps around a taken port, and hides its password', async () => {
    const directory = newDirectory();
    await block(55_600);
    let server: PostgresServer = await startPostgres({ directory, preferredPort: 55_600, announce });
    expect(server.port).toBeGreaterThan(55_600);
    expect(said.join('\n')).toContain(`Port 55600 is taken; Postgres uses ${server.port}.`);
    await query(server.url, 'create table kept as select 1 as n');
    await server.stop();
    expect(isRunning(server.pid)).toBe(false);
    await server.stop();
    server = await startPostgres({ directory, preferredPort: 55_610, announce });
    expect(server.adopted).toBe(false);
    expect(await query(server.url, 'select n from kept')).toEqual([{ n: 1 }]);
    expect(await query(server.url, 'show timezone')).toEqual([{ TimeZone: 'UTC' }]);
    const password = join(directory, 'postgres.password');
    expect(statSync(password).mode & 0o777).toBe(0o600);
    expect(server.url).toContain(readFileSync(password, 'utf8').trim());
    expect(said.join()).not.toContain(readFileSync(password, 'utf8').trim());
    await expect(query(server.url.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toThrow(/password/);
    await server.stop();
  });

  it('is taken over after its supervisor was killed, and recovers after it was killed itself', async () => {
    const directory = newDirectory();
    const held = await hold('postgres', directory, 55_620);
    await query(held.url, 'create table kept as select generate_series(1, 1000) as n');
    await held.kill();
    expect(isRunning(held.pid)).toBe(true);

    const adopted = await startPostgres({ directory, preferredPort: 55_630, announce });
    expect(adopted).toMatchObject({ adopted: true, pid: held.pid, url: held.url });
    await query(adopted.url, 'insert into kept values (1001)');
    process.kill(adopted.pid, 'SIGKILL');
    expect(await adopted.ended).toContain('exit code');

    const recovered = await startPostgres({ directory, preferredPort: 55_630, announce });
    expect(recovered.adopted).toBe(false);
    expect(said.join('\n')).toContain('it recovers from its log');
    expect(await query(recovered.url, 'select count(*)::int as n from kept')).toEqual([{ n: 1001 }]);
    await recovered.stop();
  });

  it('is not misled by a lock file whose process id is another program’s by now', async () => {
    const directory = newDirectory();
    const first = await startPostgres({ directory, preferredPort: 55_640, announce });
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    const lock = join(first.dataDirectory, 'postmaster.pid');
    const lines = readFileSync(lock, 'utf8').split('\n');
    writeFileSync(lock, [String(process.pid), ...lines.slice(1)].join('\n'));
    const second = await startPostgres({ directory, preferredPort: 55_640, announce });
    expect(await query(second.url, 'select 1 as n')).toEqual([{ n: 1 }]);
    await second.stop();
  });

  it('stays in its folder unless root starts it where the account that it runs as may not enter', async () => {
    const directory = newDirectory();
    chmodSync(directory, 0o700);
    expect(canTraverse(directory, { uid: 65_534, gid: 65_534 })).toBe(false);
    const server = await startPostgres({ directory, preferredPort: 55_650, announce });
    const moved = process.getuid?.() === 0;
    expect(server.dataDirectory.startsWith(directory)).toBe(!moved);
    expect(await query(server.url, 'select 1 as n')).toEqual([{ n: 1 }]);
    await server.stop();
    rmSync(join(server.dataDirectory, '..'), { recursive: true });
  });
});

describe('the embedded Temporal', () => {
  it('keeps closed runs for 30 days, knows the search attributes, and survives kills', async () => {
    const directory = newDirectory();
    const held = await hold('temporal', directory, 17_600);
    const connection = await Connection.connect({ address: held.url });
    const { config } = await connection.workflowService.describeNamespace({ namespace: 'default' });
    expect(optionalTsToMs(config?.workflowExecutionRetentionTtl)).toBe(30 * 86_400_000);
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace: 'default',
    });
    expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(Object.values(searchAttributes)));
    await connection.close();
    await held.kill();
    expect(isRunning(held.pid)).toBe(true);

    const { path: binary } = await findTemporalBinary({ environment: process.env, announce });
    const options = { directory, binary, preferredPort: 17_610, preferredUiPort: 18_610, announce };
    const adopted = await startTemporal(options);
    expect(adopted).toMatchObject({ adopted: true, pid: held.pid, address: held.url });
    expect((await fetch(adopted.uiUrl)).ok).toBe(true);
    process.kill(adopted.pid, 'SIGKILL');
    await adopted.ended;

    await block(18_610);
    const restarted = await startTemporal(options);
    expect(restarted.adopted).toBe(false);
    expect(restarted.uiUrl).not.toContain('18610');
    expect(said.join('\n')).toContain("Port 18610 is taken; Temporal's UI uses");
    await restarted.stop();
    expect(isRunning(restarted.pid)).toBe(false);
  });
});
