/** Batches of 100, and of 50 while the process is past 1,000 MiB. */
import { pino } from 'pino';
import { afterEach, expect, it, vi } from 'vitest';
import { defaultAnalysisSettings } from '../../../services/analysis-settings.js';
import { walkBatches, type AnalysisDeps, type AnalysisStepInput } from '../../../services/analysis-step.js';

afterEach(() => vi.restoreAllMocks());

async function batchSizes(residentMiB: readonly number[]): Promise<number[]> {
  const sizes: number[] = [];
  const spy = vi.spyOn(process.memoryUsage, 'rss');
  for (const told of residentMiB) spy.mockReturnValueOnce(told * 2 ** 20);
  const deps = { settings: defaultAnalysisSettings, logger: pino({ level: 'silent' }) } as AnalysisDeps;
  const input: AnalysisStepInput = {
    ...{ runId: '1', scope: { kind: 'all' }, signal: new AbortController().signal },
    ...{ onProgress: () => undefined, resumeFrom: null },
  };
  const ids = Array.from({ length: 250 }, (_, index) => index + 1);
  await walkBatches('detectAnomalies', deps, input, ids, (batch) => {
    sizes.push(batch.length);
    return Promise.resolve({ subjects: batch.length, found: 0, withheld: 0 });
  });
  return sizes;
}

it('halves while memory runs short, and no longer', async () => {
  expect(await batchSizes([1_000, 1_000, 1_000])).toEqual([100, 100, 50]);
  expect(await batchSizes([999, 1_001, 1_001, 1_000])).toEqual([100, 50, 50, 50]);
  expect(await batchSizes([1_001, 1_000, 1_000])).toEqual([50, 100, 100]);
});
