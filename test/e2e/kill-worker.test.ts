/**
 * The worker is killed in the middle of a backfill, at seeded points, and started again: the tables end as
 * they do without any fault.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { planBackfill, startBackfill } from '../../operations/backfills.js';
import { keyOf, uniform } from '../../sandbox/random.js';
import { showPlan } from '../../store/backfill-plans.js';
import { eventually } from '../support/eventually.js';
import { account, backfill, digest, startPipeline, type Pipeline } from '../workflows/pipeline.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const window = { from: '2025-12-22', to: '2026-03-02' };
const days = 70;
const kills = 2;
const seed = 20_260;
/** Windows under way at once, and days that a window fetches before it commits them. */
const lostAtMost = 4 * 7;

const open: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of open.reverse()) await close();
});

interface WorkerProcess {
  process: ChildProcess;
  output(): string;
}

/** The worker as an operator starts it. */
async function startWorker(pipeline: Pipeline, stateDirectory: string): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [path.join(root, 'bin', 'tidemark.js'), 'worker'], {
    cwd: root,
    env: { ...process.env, ...pipeline.environment, TIDEMARK_STATE_DIRECTORY: stateDirectory },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (output += data.toString()));
  open.push(() => kill(child, 'SIGKILL'));
  await eventually(
    () => {
      if (child.exitCode !== null) throw new Error(`The worker ended: ${output}`);
      return output.includes('Working on');
    },
    { timeoutMs: 90_000, what: 'the worker to be ready' },
  );
  return { process: child, output: () => output };
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await exited;
}

function statsRequests({ sandbox }: Pipeline): number {
  return Object.entries(sandbox.requestCounts())
    .filter(([route]) => route.includes('batchGetStats'))
    .reduce((sum, [, count]) => sum + count, 0);
}

describe('a worker killed in the middle of a backfill', () => {
  it('leaves the same tables as one that was not, having fetched a chunk again at most', async () => {
    const calm = await startPipeline();
    open.push(() => calm.close());
    await backfill(calm, { window });
    const expected = await digest(calm.pool);
    const needed = statsRequests(calm);

    const struck = await startPipeline({ queuePrefix: '', work: false });
    open.push(() => struck.close());
    const stateDirectory = await mkdtemp(path.join(tmpdir(), 'tidemark-kill-'));
    open.push(() => rm(stateDirectory, { recursive: true, force: true }));
    const plan = await planBackfill(struck.backfills, {
      ...account,
      report: 'counters',
      window,
      mode: 'missing',
    });
    let worker = await startWorker(struck, stateDirectory);
    const { workflowId } = await startBackfill(struck.backfills, plan.id);
    for (let strike = 0; strike < kills; strike += 1) {
      // Somewhere in the strike's own part of the work.
      const share = (strike + 0.2 + 0.6 * uniform(keyOf(seed, strike))) / kills;
      const at = Math.floor(needed * share);
      await eventually(() => statsRequests(struck) >= at, {
        timeoutMs: 120_000,
        intervalMs: 2,
        what: 'the strike',
      });
      await kill(worker.process, 'SIGKILL');
      // The negative control: what a killed worker leaves behind is not what is expected.
      expect(await digest(struck.pool)).not.toBe(expected);
      worker = await startWorker(struck, stateDirectory);
    }
    const result: unknown = await struck.client.workflow.getHandle(workflowId).result();
    expect(result).toMatchObject({ planned: days, done: days, failed: 0, state: 'finished' });
    expect((await showPlan(struck.pool, plan.id)).state).toBe('finished');
    expect(await digest(struck.pool)).toBe(expected);
    expect(statsRequests(struck) - needed).toBeLessThanOrEqual(kills * lostAtMost);

    await kill(worker.process, 'SIGTERM');
    expect({ code: worker.process.exitCode, output: worker.output() }).toMatchObject({ code: 0 });
  }, 400_000);
});
