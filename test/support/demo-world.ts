/** The demonstration as `npm start` makes it, in a folder of a test's own, with everything that was planted. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { isRunning } from '../../runtime/processes.js';
import { stopAbandonedPostgres } from '../../runtime/postgres-server.js';
import { environmentOfWorld, findWorlds } from '../../runtime/state.js';
import { stopAbandonedTemporal } from '../../runtime/temporal-server.js';
import type { WorldAnswers } from '../../sandbox/world-answers.js';
import { cleanEnvironment, program, root } from '../e2e/command-line.js';
import { eventually } from './eventually.js';

export interface DemoWorldAtHand {
  /** Root of the site, without a slash at its end. */
  siteUrl: string;
  /** Where it keeps its state. */
  directory: string;
  answers: WorldAnswers;
  pool: pg.Pool;
  /** What the command told. */
  said(): string;
  stop(): Promise<void>;
}

const readyMs = 300_000;

/** @param firstPort of the four that are tried; taken ones are stepped around */
export async function startDemoWorld(
  firstPort: number,
  settings: Record<string, string> = {},
): Promise<DemoWorldAtHand> {
  const directory = mkdtempSync(path.join(tmpdir(), 'tidemark-demo-'));
  // Postgres must be able to walk in where root runs the tests.
  chmodSync(directory, 0o711);
  const child = spawn(process.execPath, [program, '--state-directory', directory, 'demo'], {
    cwd: root,
    env: cleanEnvironment({
      SCHEDULES_PAUSED: 'true',
      HTTP_PORT: String(firstPort),
      POSTGRES_PORT: String(firstPort + 100),
      TEMPORAL_PORT: String(firstPort + 200),
      TEMPORAL_UI_PORT: String(firstPort + 300),
      HTTP_RATE_LIMIT_PER_MINUTE: '0',
      ...settings,
    }),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (said += data.toString()));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const clear = async (): Promise<void> => {
    if (isRunning(child.pid!)) child.kill('SIGINT');
    await ended;
    await stopAbandonedTemporal(directory);
    await stopAbandonedPostgres(directory);
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await eventually(
      () => {
        if (!isRunning(child.pid!)) throw new Error(`The demonstration ended: ${said}`);
        return said.includes('Staying up');
      },
      { timeoutMs: readyMs, what: 'the demonstration to be ready' },
    );
    const [world] = await findWorlds(directory);
    const { DATABASE_URL } = await environmentOfWorld(world!);
    const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 2 });
    pool.on('error', () => undefined);
    const siteUrl = /The overview: +(http\S+?)\/?\n/.exec(said)![1]!;
    const answers = JSON.parse(readFileSync(path.join(directory, 'answers.json'), 'utf8')) as WorldAnswers;
    return {
      siteUrl,
      directory,
      answers,
      pool,
      said: () => said,
      async stop() {
        await pool.end();
        await clear();
      },
    };
  } catch (error) {
    await clear();
    throw error;
  }
}
