import { afterAll, describe, expect, it } from 'vitest';
import { addDays } from '../../analytics/calendar.js';
import { planBackfill, startBackfill } from '../../operations/backfills.js';
import { showBackfill, signalBackfill } from '../../operations/running-backfills.js';
import { showPlan } from '../../store/backfill-plans.js';
import { eventually } from '../support/eventually.js';
import { account, backfill, collectDayByDay, digest, startPipeline, type Pipeline } from './pipeline.js';

const window = { from: '2026-01-28', to: '2026-02-09' };
const open: Pipeline[] = [];

async function pipeline(): Promise<Pipeline> {
  const started = await startPipeline();
  open.push(started);
  return started;
}

afterAll(() => Promise.all(open.map((started) => started.close())));

describe('backfill', () => {
  it('ends like a collection day by day, whichever way round it goes', async () => {
    const [inOneGo, reversed, dayByDay] = [await pipeline(), await pipeline(), await pipeline()];
    const progress = await backfill(inOneGo, { window });
    expect(progress).toMatchObject({ planned: 12, done: 12, failed: 0, state: 'finished' });
    const other = await backfill(reversed, { window, newestFirst: false, concurrency: 2 });
    expect(other.counts).toEqual(progress.counts);
    await collectDayByDay(dayByDay, window);
    const digests = await Promise.all([inOneGo, reversed, dayByDay].map(({ pool }) => digest(pool)));
    expect(new Set(digests).size).toBe(1);
    const again = await backfill(inOneGo, { window, mode: 'all' });
    expect(again.counts).toMatchObject({ inserted: 0, updated: 0 });
    expect(await digest(inOneGo.pool)).toBe(digests[0]);
  });

  it('leaves out what is final, with the reason, and refuses an overlapping plan', async () => {
    const [first] = open;
    const plan = await planBackfill(first!.backfills, {
      ...account,
      report: 'counters',
      window: { from: window.from, to: addDays(window.to, 2) },
      mode: 'missing',
    });
    expect(plan.counts).toMatchObject({ open: 2, skipped: 12 });
    await expect(
      planBackfill(first!.backfills, { ...account, report: 'counters', window, mode: 'all' }),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  it('pauses before the next window, goes on when resumed, and ends when cancelled', async () => {
    const paused = await pipeline();
    const plan = await planBackfill(paused.backfills, {
      ...account,
      report: 'counters',
      window: { from: '2025-12-01', to: '2026-03-01' },
      mode: 'all',
      concurrency: 1,
    });
    const { workflowId } = await startBackfill(paused.backfills, plan.id);
    await signalBackfill(paused.backfills, plan.id, 'pause');
    await eventually(async () => (await showPlan(paused.pool, plan.id)).state === 'paused');
    const shown = await showBackfill(paused.backfills, plan.id);
    expect(shown.progress?.state).toBe('paused');
    expect(shown.plan.counts.done).toBeLessThanOrEqual(7);
    await signalBackfill(paused.backfills, plan.id, 'resume');
    await eventually(async () => (await showPlan(paused.pool, plan.id)).counts.done > 7, {
      timeoutMs: 60_000,
    });
    await signalBackfill(paused.backfills, plan.id, 'cancel');
    const result: unknown = await paused.client.workflow.getHandle(workflowId).result();
    expect(result).toMatchObject({ state: 'cancelled', failed: 0 });
    const ended = await showPlan(paused.pool, plan.id);
    expect(ended.state).toBe('cancelled');
    expect(ended.counts).toMatchObject({ started: 0, failed: 0 });
    expect(ended.counts.done + ended.counts.open).toBe(90);
    expect(ended.counts.open).toBeGreaterThan(0);
  });

  it('parks while the platform’s quota is empty, asks nothing meanwhile, and goes on after the reset', async () => {
    const parked = await pipeline();
    const id = parked.sandbox.faults.add({ kind: 'quota-exhausted', path: '*batchGetStats*' });
    const plan = await planBackfill(parked.backfills, {
      ...account,
      report: 'counters',
      window: { from: '2026-02-01', to: '2026-02-05' },
      mode: 'all',
      concurrency: 1,
    });
    const { workflowId } = await startBackfill(parked.backfills, plan.id);
    await eventually(async () => (await showPlan(parked.pool, plan.id)).state === 'parked', {
      timeoutMs: 30_000,
    });
    const { progress } = await showBackfill(parked.backfills, plan.id);
    expect(Date.parse(progress!.parkedUntil!)).toBeGreaterThan(Date.now());
    const asked = parked.sandbox.requestCounts();
    await expect(
      eventually(
        () => {
          expect(parked.sandbox.requestCounts()).toEqual(asked);
          return false;
        },
        { timeoutMs: 2_000, what: 'a call while parked' },
      ),
    ).rejects.toThrow('in vain');
    // The operator's resume stands for the reset: nobody waits here until midnight in Los Angeles.
    parked.sandbox.faults.remove(id);
    await parked.pool.query('update quota_usage set exhausted_until = null');
    await signalBackfill(parked.backfills, plan.id, 'resume');
    const result: unknown = await parked.client.workflow.getHandle(workflowId).result();
    expect(result).toMatchObject({ state: 'finished', done: 4, failed: 0 });
  });
});
