import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listRuns } from '../../store/runs.js';
import { collect, collection, digest, startPipeline, type Pipeline } from './pipeline.js';

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
    expect(first.coveredDays).toBe(1);
    const before = await digest(pipeline.pool);
    const second = await collect(pipeline, collection(day, { reading: 2 }));
    expect(second.counts).toEqual({
      inserted: 0,
      updated: 0,
      unchanged: first.counts.inserted,
      stale: 0,
      quarantined: 0,
    });
    expect(await digest(pipeline.pool)).toBe(before);
    const runs = await listRuns(pipeline.pool);
    expect(runs.map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);
  });
});
