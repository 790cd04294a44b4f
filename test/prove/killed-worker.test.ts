/** The worker is killed twenty times in one backfill, at seeded points: the tables end as without any fault. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { planBackfill } from '../../operations/backfills.js';
import { generateWorld } from '../../sandbox/generated-world.js';
import { integer, keyOf, uniform } from '../../sandbox/random.js';
import { eventually } from '../support/eventually.js';
import { account, backfill, digest, startPipeline, type Pipeline } from '../workflows/pipeline.js';
import { writeEvidence } from './evidence.js';
import { startWorkerProcess } from '../support/worker-process.js';

const kills = 20;
const seed = 20_261;
const window = { from: '2025-03-03', to: '2026-03-02' };
const days = 364;
/** Four calls a reading: a strike can come between any two of them. */
const world = (): ReturnType<typeof generateWorld> =>
  generateWorld({ seed: 7, anchorDay: '2026-03-01', backCatalogue: 160 });
const callsADay = 4;
/** Commits every few days, so that strikes come before, between and after those of one window. */
const environment = { LOAD_CHUNK_ROWS: '500' };
const work = { concurrency: 4, daysPerWindow: 7 };
/** 184 contents a day. */
const daysACommit = 3;
/** Of one strike: the chunk that each window under way had not committed yet. */
const refetchedAtMost = work.concurrency * daysACommit * callsADay;

interface Strike {
  /** Days that were committed, and calls after that. */
  committedDays: number;
  furtherCalls: number;
}

/** One somewhere in each twentieth of nine tenths of the days, and up to some three days' calls on. */
const strikes: Strike[] = Array.from({ length: kills }, (_, index) => {
  const key = keyOf(seed, index);
  return {
    committedDays: Math.floor((0.9 * days * (index + uniform(key, 0))) / kills),
    furtherCalls: integer(0, 3 * callsADay, key, 1),
  };
});

const open: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of open.reverse()) await close();
});

it(`ends with the same digest after ${kills} kills`, async () => {
  const calm = await startPipeline({ world: world() });
  open.push(() => calm.close());
  await backfill(calm, { window });
  const expected = await digest(calm.pool);
  const needed = statsCalls(calm);

  const struck = await startPipeline({ world: world(), queuePrefix: '', work: false, environment });
  open.push(() => struck.close());
  const stateDirectory = await mkdtemp(path.join(tmpdir(), 'tidemark-kill-'));
  open.push(() => rm(stateDirectory, { recursive: true, force: true }));
  const settings = { ...struck.environment, TIDEMARK_STATE_DIRECTORY: stateDirectory };
  const plan = await planBackfill(struck.backfills, {
    ...account,
    report: 'counters',
    window,
    mode: 'missing',
  });
  let worker = await startWorkerProcess(settings);
  open.push(() => worker.end('SIGKILL'));
  const { workflowId } = await struck.starter.backfill({ planId: plan.id, ...work });
  const started = performance.now();
  for (const strike of strikes) {
    await until(struck, strike);
    await worker.end('SIGKILL');
    // The negative control: what a killed worker leaves behind is not what is expected.
    expect(await digest(struck.pool)).not.toBe(expected);
    worker = await startWorkerProcess(settings);
  }
  const result: unknown = await struck.client.workflow.getHandle(workflowId).result();
  const seconds = Math.round((performance.now() - started) / 1_000);
  expect(result).toMatchObject({ planned: days, done: days, failed: 0, state: 'finished' });
  expect(await digest(struck.pool)).toBe(expected);
  const refetched = statsCalls(struck) - needed;
  expect(refetched).toBeGreaterThan(0);
  expect(refetched).toBeLessThanOrEqual(kills * refetchedAtMost);
  expect(await worker.end('SIGTERM'), worker.output()).toBe(0);

  await writeEvidence(struck.pool, {
    name: 'killed-worker',
    finding:
      `The worker killed by SIGKILL at ${kills} seeded points in a backfill of ${days} days: the same digest as ` +
      `without a fault; ${refetched} calls were made again beside the ${needed} needed, ` +
      `${(refetched / kills).toFixed(1)} a kill.`,
    figures: { kills, seed, strikes, days, needed, refetched, seconds, digest: expected },
  });
});

/** Waits for the moment of the strike. */
async function until(pipeline: Pipeline, strike: Strike): Promise<void> {
  const options = { timeoutMs: 120_000, intervalMs: 2, what: 'the strike' };
  await eventually(async () => (await committedDays(pipeline)) >= strike.committedDays, options);
  const reached = statsCalls(pipeline) + strike.furtherCalls;
  await eventually(() => statsCalls(pipeline) >= reached, options);
}

async function committedDays({ pool }: Pipeline): Promise<number> {
  const { rows } = await pool.query<{ days: number }>(
    `select count(*)::int as days from coverage where state = 'final'`,
  );
  return rows[0]!.days;
}

function statsCalls({ sandbox }: Pipeline): number {
  return Object.entries(sandbox.requestCounts())
    .filter(([route]) => route.includes('batchGetStats'))
    .reduce((sum, [, count]) => sum + count, 0);
}
