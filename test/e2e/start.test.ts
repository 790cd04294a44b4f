/** Starting and stopping a world, as an operator and as accidents do it. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stopAbandonedPostgres } from '../../runtime/postgres-server.js';
import { commandLineOf, isRunning } from '../../runtime/processes.js';
import { environmentOfWorld, findWorlds } from '../../runtime/state.js';
import { stopAbandonedTemporal } from '../../runtime/temporal-server.js';
import { eventually } from '../support/eventually.js';
import { cleanEnvironment, documentOf, program, root, tidemark } from './command-line.js';

const settings = {
  // Nothing may collect by itself while two states are compared.
  SCHEDULES_PAUSED: 'true',
  POSTGRES_PORT: '56200',
  TEMPORAL_PORT: '17950',
  TEMPORAL_UI_PORT: '18950',
};
const startMs = 120_000;

let directory: string;
const blockers: Server[] = [];

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'tidemark-start-'));
  // Postgres must be able to walk in where root runs the tests.
  chmodSync(directory, 0o711);
  for (const port of [56_200, 17_950, 18_950]) {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    blockers.push(server);
  }
});

afterAll(async () => {
  for (const server of blockers) server.close();
  for (const started of starts) started.kill('SIGKILL');
  await stopAbandonedTemporal(directory);
  await stopAbandonedPostgres(directory);
  rmSync(directory, { recursive: true, force: true });
});

interface Started {
  pid: number;
  said(): string;
  /** To the process alone, or to its whole group as a terminal does at Ctrl-C. */
  kill(signal: NodeJS.Signals, whom?: 'process' | 'group'): void;
  ended: Promise<number | NodeJS.Signals>;
}
const starts: Started[] = [];

/** Starts the program in a process group of its own. */
function start(...args: string[]): Started {
  const child = spawn(process.execPath, [program, '--state-directory', directory, ...args], {
    cwd: root,
    env: cleanEnvironment(settings),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (said += data.toString()));
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? -1));
  });
  const pid = child.pid!;
  const started: Started = {
    pid,
    said: () => said,
    kill(signal, whom = 'process') {
      if (isRunning(pid)) process.kill(whom === 'group' ? -pid : pid, signal);
    },
    ended,
  };
  starts.push(started);
  return started;
}

async function up(): Promise<Started> {
  const started = start('up');
  await eventually(
    () => {
      if (!isRunning(started.pid)) throw new Error(`It ended: ${started.said()}`);
      return started.said().includes('Staying up');
    },
    { timeoutMs: startMs, what: 'the world to be up' },
  );
  return started;
}

/** Processes that have to do with the state directory, by their command line or their settings. */
function processesOfState(): string[] {
  if (!existsSync('/proc/self/environ'))
    return execFileSync('ps', ['-Ao', 'pid=,command='], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes(directory));
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && isRunning(Number(name)))
    .filter((pid) => {
      try {
        return ['cmdline', 'environ'].some((file) =>
          readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(directory),
        );
      } catch {
        return false;
      }
    })
    .map((pid) => `${pid} ${commandLineOf(Number(pid)) ?? ''}`);
}

/** What must be the same whenever the world is up. */
async function stateOfWorld(): Promise<unknown> {
  const [world] = await findWorlds(directory);
  const { DATABASE_URL } = await environmentOfWorld(world!);
  const client = new pg.Client({ connectionString: DATABASE_URL });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(
      `select tidemark_digest() as digest, (select count(*)::int from releases) as releases,
         (select count(*)::int from runs) as runs`,
    );
    return { ...rows[0], world: readFileSync(path.join(directory, 'world.json'), 'utf8') };
  } finally {
    await client.end();
  }
}

describe('a world', () => {
  let state: unknown;

  it('comes up, steps around taken ports, and leaves no process behind at Ctrl-C', async () => {
    const started = await up();
    for (const port of ['56200', '17950', '18950']) expect(started.said()).toContain(`Port ${port} is taken`);
    const finished = await tidemark(['--state-directory', directory, 'doctor', '--json']);
    const checks = documentOf(finished) as { name: string; state: string; found: string }[];
    expect(checks.filter(({ state: found }) => found !== 'ok')).toEqual([]);
    expect(finished.exitCode).toBe(0);
    const second = await tidemark(['--state-directory', directory, 'up']);
    expect(second).toMatchObject({ exitCode: 7, stdout: '' });
    expect(second.stderr).toMatch(/runs already out of .*\(process \d+\).*tidemark down/);
    expect(processesOfState()).not.toEqual([]);
    started.kill('SIGINT', 'group');
    expect(await started.ended).toBe(0);
    expect(processesOfState()).toEqual([]);
    expect(await findWorlds(directory)).toEqual([]);
  });

  it('stops at once when it is interrupted in its start', async () => {
    const started = start('up');
    await eventually(() => existsSync(path.join(directory, 'temporal.json')), { timeoutMs: startMs });
    started.kill('SIGINT');
    expect(await started.ended).toBe(130);
    expect(processesOfState()).toEqual([]);
  });

  it('goes on with the main job after a kill -9 in the middle of it, and prints what came of it', async () => {
    const struck = start('demo');
    await eventually(() => /Backfill the year’s counters: [1-9]/.test(struck.said()), { timeoutMs: startMs });
    struck.kill('SIGKILL');
    expect(await struck.ended).toBe('SIGKILL');
    const started = start('demo', '--once');
    expect({ exitCode: await started.ended, said: started.said() }).toMatchObject({ exitCode: 0 });
    for (const heading of ['Stock sources', 'Latest anomalies', 'Forecasts', 'Insights', 'Runs, each with'])
      expect(started.said()).toContain(`\n${heading}`);
    expect(started.said()).not.toMatch(/failed —|Warning/);
    expect(processesOfState()).toEqual([]);
  });

  it('is recovered after a kill -9: the same past, and nothing told anew', async () => {
    const first = await up();
    state = await stateOfWorld();
    expect(state).toMatchObject({ releases: 24 });
    first.kill('SIGKILL');
    await first.ended;
    expect(processesOfState()).not.toEqual([]);
    const second = await up();
    expect(second.said()).toMatch(
      /Postgres .*taken over[\s\S]*Temporal .*taken over|Temporal .*taken over[\s\S]*Postgres/,
    );
    expect(await stateOfWorld()).toEqual(state);
    second.kill('SIGINT');
    expect(await second.ended).toBe(0);
    expect(processesOfState()).toEqual([]);
  });

  it('is taken down from elsewhere, with its supervisor or without', async () => {
    const first = await up();
    expect(await stateOfWorld()).toEqual(state);
    const down = ['--state-directory', directory, 'down', '--json'];
    expect(documentOf(await tidemark(down))).toEqual({ stopped: [directory] });
    expect(await first.ended).toBe(0);
    expect(processesOfState()).toEqual([]);

    const second = await up();
    second.kill('SIGKILL');
    await second.ended;
    const finished = await tidemark(down);
    expect(finished).toMatchObject({ exitCode: 0 });
    expect(finished.stderr).toContain('Stopping what was left');
    expect(documentOf(finished)).toEqual({ stopped: [directory] });
    expect(processesOfState()).toEqual([]);
    expect(documentOf(await tidemark(down))).toEqual({ stopped: [] });
  });
});
