import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureTypes } from '../../contracts/failures.js';
import { searchAttributes } from '../../contracts/search-attributes.js';
import { getAccount, resumeAccount } from '../../store/accounts.js';
import { coverageOf } from '../../store/coverage.js';
import { listRuns } from '../../store/runs.js';
import { eventually } from '../support/eventually.js';
import { account, collect, collection, digest, startPipeline, type Pipeline } from './pipeline.js';

const day = { from: '2026-02-10', to: '2026-02-11' };
let pipeline: Pipeline;

beforeAll(async () => {
  pipeline = await startPipeline();
});
afterAll(() => pipeline.close());

describe('collectStats', () => {
  it('collects a day of counters, and once more without changing anything', async () => {
    const first = await collect(pipeline, collection(day));
    expect(first.counts.inserted).toBeGreaterThan(10);
    expect(first).toMatchObject({ coveredDays: 1, contents: first.counts.inserted });
    const before = await digest(pipeline.pool);
    const second = await collect(pipeline, collection(day, { reading: 2 }));
    const { inserted } = first.counts;
    expect(second.counts).toEqual({ inserted: 0, updated: 0, unchanged: inserted, stale: 0, quarantined: 0 });
    expect(await digest(pipeline.pool)).toBe(before);
    const runs = await listRuns(pipeline.pool);
    expect(runs.map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);
  });

  it('collects the daily report, final where it is settled', async () => {
    const window = { from: '2026-02-10', to: '2026-02-17' };
    const result = await collect(pipeline, collection(window, { report: 'daily' }));
    expect(result.coveredDays).toBe(7);
    expect(result.counts.inserted).toBeGreaterThan(50);
    const { id } = await getAccount(pipeline.pool, account.platform, account.account);
    const covered = await coverageOf(pipeline.pool, id, 'daily', window.from, window.to);
    expect(covered.map(({ state }) => state)).toEqual(Array.from({ length: 7 }, () => 'final'));
  });

  it('can be found by platform and window, and its page tells what it did', async () => {
    const { client } = pipeline;
    const { platform, runKind, windowStart } = searchAttributes;
    const query = `${platform} = "youtube" and ${runKind} = "collect" and ${windowStart} >= "2026-02-10T00:00:00Z" and ${windowStart} < "2026-02-11T00:00:00Z"`;
    const listed = await eventually(async () => {
      const ids: string[] = [];
      for await (const { workflowId } of client.workflow.list({ query })) ids.push(workflowId);
      if (ids.length !== 3) throw new Error(`Listed: ${ids.join(', ')}`);
      return ids;
    });
    expect(listed).toContain('collect/youtube/main/2026-02-10');
    const handle = client.workflow.getHandle('collect/youtube/main/2026-02-10');
    const description = await handle.describe();
    expect(await description.staticSummary()).toBe('Collect youtube counters of main, 2026-02-10');
    expect(await description.staticDetails()).toContain('**Window:** 2026-02-10');
    const told = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(told.currentDetails).toMatch(/^\d+ contents over 1 days: \d+ inserted, 0 updated/);
  });

  it('takes up what it had committed when its worker is stopped in the middle', async () => {
    const [stopped, calm] = [
      await startPipeline({ work: false, environment: { WORKER_DRAIN_SECONDS: '1' } }),
      await startPipeline(),
    ];
    const window = { from: '2026-01-01', to: '2026-01-29' };
    await collect(calm, collection(window));
    stopped.sandbox.faults.add({ kind: 'drip', path: '*batchGetStats*', bytesPerSecond: 60_000 });
    const first = await stopped.startWorkers();
    const { workflowId } = await stopped.starter.collect(collection(window));
    await eventually(() => statsRequests(stopped) > 3, { timeoutMs: 60_000 });
    await first.shutdown();
    stopped.sandbox.faults.clear();
    const second = await stopped.startWorkers();
    const result: unknown = await stopped.client.workflow.getHandle(workflowId).result();
    expect(result).toMatchObject({ coveredDays: 28 });
    expect(await digest(stopped.pool)).toBe(await digest(calm.pool));
    await second.shutdown();
    await Promise.all([stopped.close(), calm.close()]);
  });

  it('fails with the reason when the credential is revoked: the account is paused, the day is failed', async () => {
    const { pool, client, sandbox } = pipeline;
    const id = sandbox.faults.add({ kind: 'token-revoked', path: '*' });
    const revoked = { from: '2026-02-20', to: '2026-02-21' };
    await expect(collect(pipeline, collection(revoked, { report: 'daily' }))).rejects.toMatchObject({
      cause: { type: failureTypes.auth },
    });
    sandbox.faults.remove(id);
    const owner = await getAccount(pool, account.platform, account.account);
    expect(owner.state).toBe('paused');
    expect(owner.stateReason).not.toBeNull();
    const [failed] = await coverageOf(pool, owner.id, 'daily', revoked.from, revoked.to);
    expect(failed).toMatchObject({ state: 'failed', failureKind: 'auth' });
    const [run] = await listRuns(pool, { state: 'failed' });
    expect(run).toMatchObject({ failureKind: 'auth', windowFrom: revoked.from });
    const query = `${searchAttributes.failureKind} = "auth"`;
    await eventually(async () => {
      for await (const { workflowId } of client.workflow.list({ query }))
        return workflowId.endsWith(revoked.from);
      return false;
    });
    await resumeAccount(pool, owner.id);
    // A failed run's id may be used again: the same collection succeeds now.
    expect(await collect(pipeline, collection(revoked, { report: 'daily' }))).toMatchObject({
      coveredDays: 1,
    });
  });
});

function statsRequests({ sandbox }: Pipeline): number {
  return Object.entries(sandbox.requestCounts())
    .filter(([route]) => route.includes('batchGetStats'))
    .reduce((sum, [, count]) => sum + count, 0);
}
