/**
 * The worker is killed in the middle of a backfill, at seeded points, and started again: the tables end as
 * they do without any fault.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { planBackfill, startBackfill } from '../../operations/backfills.js';
import { keyOf, uniform } from '../../sandbox/random.js';
import { showPlan } from '../../store/backfill-plans.js';
import { eventually } from '../support/eventually.js';
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.js';
import { account, backfill, digest, startPipeline, type Pipeline } from '../workflows/pipeline.js';

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

/** A worker that is gone with the test, however that ends. */
async function startWorker(pipeline: Pipeline, stateDirectory: string): Promise<WorkerProcess> {
  const worker = await startWorkerProcess({
    ...pipeline.environment,
    TIDEMARK_STATE_DIRECTORY: stateDirectory,
  });
  open.push(async () => {
    await worker.end('SIGKILL');
  });
  return worker;
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
      await worker.end('SIGKILL');
      // The negative control: what a killed worker leaves behind is not what is expected.
      expect(await digest(struck.pool)).not.toBe(expected);
      worker = await startWorker(struck, stateDirectory);
    }
    const result: unknown = await struck.client.workflow.getHandle(workflowId).result();
    expect(result).toMatchObject({ planned: days, done: days, failed: 0, state: 'finished' });
    expect((await showPlan(struck.pool, plan.id)).state).toBe('finished');
    expect(await digest(struck.pool)).toBe(expected);
    expect(statsRequests(struck) - needed).toBeLessThanOrEqual(kills * lostAtMost);

    const code = await worker.end('SIGTERM');
    expect({ code, output: worker.output() }).toMatchObject({ code: 0 });
  }, 400_000);
});
