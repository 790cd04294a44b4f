import { WorkflowFailedError, WorkflowIdReusePolicy } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureTypes } from '../../contracts/failures.js';
import { payloadCapBytes } from '../../contracts/payload-cap.js';
import { noRows } from '../../contracts/records.js';
import type {
  AnalysisStepName,
  AnalysisStepResult,
  AnalyzePerformanceResult,
  BackfillProgress,
  CollectProgress,
  PlanWindow,
} from '../../contracts/runs.js';
import { searchAttributes } from '../../contracts/search-attributes.js';
import { AuthError, QuotaError, RateError, UnsupportedError } from '../../sources/errors.js';
import { CollectionInterrupted } from '../../services/collect-progress.js';
import { testTemporal, type TestTemporal } from '../support/temporal.js';
import { openStage, type ActivityStubs } from './orchestration.js';
import { collection } from './pipeline.js';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await testTemporal();
});
afterAll(() => temporal.close());

const day = { from: '2026-01-05', to: '2026-01-06' };

/** Runs one workflow with the stubs and gives what came of it. */
async function perform(
  name: string,
  workflow: string,
  input: unknown,
  stubs: ActivityStubs,
): Promise<{
  result: unknown;
  failure: ApplicationFailure | null;
  failureKind: unknown;
  activities: string[];
}> {
  const stage = await openStage(temporal, `${name}-`, stubs);
  try {
    const handle = await temporal.client.workflow.start(workflow, {
      taskQueue: stage.taskQueue,
      workflowId: name,
      args: [input],
    });
    const outcome = await handle.result().then(
      (result: unknown) => ({ result, failure: null }),
      (error: unknown) => ({ result: null, failure: error }),
    );
    const { events } = await handle.fetchHistory();
    const activities = (events ?? []).flatMap(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? [],
    );
    const { typedSearchAttributes } = await handle.describe();
    return {
      result: outcome.result,
      failure: outcome.failure === null ? null : causeOf(outcome.failure),
      failureKind: typedSearchAttributes.get({ name: searchAttributes.failureKind, type: 'KEYWORD' }),
      activities,
    };
  } finally {
    await stage.stop();
  }
}

function causeOf(error: unknown): ApplicationFailure {
  if (error instanceof WorkflowFailedError && error.cause instanceof ApplicationFailure) return error.cause;
  throw error;
}

function stepResult(step: AnalysisStepName): AnalysisStepResult {
  return { step, state: 'succeeded', subjects: 1, found: 1, withheld: 0, failure: null };
}

const allSteps: ActivityStubs = Object.fromEntries(
  (
    [
      'detectAnomalies',
      'forecastTrends',
      'correlateFeatures',
      'generateInsights',
      'scoreReleases',
      'feedStockSources',
    ] as const
  ).map((step) => [step, () => Promise.resolve(stepResult(step))]),
);

describe('analyzePerformance', () => {
  it('runs the whole chain in its order', async () => {
    const { activities } = await perform('chain', 'analyzePerformance', input('full'), allSteps);
    expect(activities).toEqual([
      'beginRun',
      'detectAnomalies',
      'forecastTrends',
      'correlateFeatures',
      'generateInsights',
      'scoreReleases',
      'feedStockSources',
      'finishRun',
    ]);
  });

  it('sees a failed step as failed and lets the others’ results stand', async () => {
    let closedAs = '';
    const { result, failureKind } = await perform('one-fails', 'analyzePerformance', input('full'), {
      ...allSteps,
      correlateFeatures: () => Promise.reject(new UnsupportedError('no features here')),
      finishRun: ({ state }: { state: string }) => {
        closedAs = state;
        return Promise.resolve({ contents: 0, unavailable: 0 });
      },
    });
    const { steps } = result as AnalyzePerformanceResult;
    expect(steps.map(({ state }) => state)).toEqual([
      'succeeded',
      'succeeded',
      'failed',
      'succeeded',
      'succeeded',
      'succeeded',
    ]);
    expect(steps[2]?.failure).toBe('unsupported: no features here');
    expect(closedAs).toBe('partial');
    expect(failureKind).toBe('unsupported');
  });

  it('fails when every step does', async () => {
    const failing = () => Promise.reject(new UnsupportedError('nothing works'));
    const { failure, activities } = await perform('all-fail', 'analyzePerformance', input('touched'), {
      detectAnomalies: failing,
      forecastTrends: failing,
      scoreReleases: failing,
    });
    expect(failure).toMatchObject({ type: failureTypes.unsupported, message: 'nothing works' });
    expect(activities.at(-1)).toBe('failRun');
  });

  function input(chain: 'full' | 'touched') {
    return { scope: { kind: 'all' }, chain, cause: 'test' };
  }
});

describe('collectStats', () => {
  const committed: CollectProgress = { step: 3, offset: 0, counts: noRows, coveredDays: 3, warnings: [] };

  it.each([
    ['rate', () => new RateError('Slow down', 300)],
    ['quota', () => new QuotaError('Nothing left', 'data', new Date(Date.now() + 300))],
  ])('waits for a %s failure in the workflow, and goes on from what was committed', async (kind, failure) => {
    const resumed: (CollectProgress | null)[] = [];
    const { result, activities } = await perform(`wait-${kind}`, 'collectStats', collection(day), {
      collectCounters: ({ resumeFrom }: { resumeFrom: CollectProgress | null }) => {
        resumed.push(resumeFrom);
        if (resumed.length === 1) return Promise.reject(new CollectionInterrupted(failure(), committed));
        return Promise.resolve({ ...committed, step: 4, coveredDays: 4 });
      },
    });
    expect(resumed).toEqual([null, committed]);
    expect(result).toMatchObject({ coveredDays: 4 });
    expect(activities.filter((name) => name === 'collectCounters')).toHaveLength(2);
  });

  it('pauses the account of a revoked credential and fails with the reason', async () => {
    let pausedFor = '';
    const { failure, failureKind, activities } = await perform('revoked', 'collectStats', collection(day), {
      refreshCatalogue: () => Promise.reject(new AuthError('The refresh token is revoked')),
      pauseAccount: ({ reason }: { reason: string }) => {
        pausedFor = reason;
        return Promise.resolve();
      },
    });
    expect(failure).toMatchObject({ type: failureTypes.auth, nonRetryable: true });
    expect(failureKind).toBe('auth');
    expect(pausedFor).toBe('The refresh token is revoked');
    expect(activities).toEqual(['beginRun', 'refreshCatalogue', 'pauseAccount', 'failRun']);
  });

  it('gives up after waits that bring nothing', async () => {
    const { failure } = await perform('fruitless', 'collectStats', collection(day), {
      collectCounters: () => Promise.reject(new RateError('Slow down', 1)),
    });
    expect(failure?.type).toBe(failureTypes.rate);
  });

  it('fails at once on a payload over the cap', async () => {
    let attempts = 0;
    const { failure } = await perform('too-large', 'collectStats', collection(day), {
      collectCounters: () => {
        attempts += 1;
        return Promise.resolve({ ...committed, warnings: ['x'.repeat(payloadCapBytes)] });
      },
    });
    expect(failure).toMatchObject({ type: failureTypes.payloadTooLarge, nonRetryable: true });
    expect(attempts).toBe(1);
  });

  it('is one run however often it is triggered at once', async () => {
    let collected = 0;
    const stage = await openStage(temporal, 'fifty-', {
      collectCounters: () => {
        collected += 1;
        return Promise.resolve(committed);
      },
    });
    const start = () =>
      temporal.client.workflow.start('collectStats', {
        taskQueue: stage.taskQueue,
        workflowId: 'collect/youtube/main/2025-12-31',
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        args: [collection(day)],
      });
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, start));
    const handles = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(handles).toHaveLength(1);
    await handles[0]!.result();
    await expect(start()).rejects.toThrow();
    expect(collected).toBe(1);
    await stage.stop();
  });
});

describe('backfill', () => {
  const windows: PlanWindow[] = Array.from({ length: 52 }, (_, index) => {
    const from = new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10);
    const to = new Date(Date.UTC(2026, 0, 2 + index)).toISOString().slice(0, 10);
    return { window: { from, to }, moments: [], reading: 1 };
  });

  it('bounds how many run at once, records a failing window, and continues as new', async () => {
    const open = [...windows];
    let active = 0;
    let most = 0;
    const histories = new Set<string | null>();
    const { result } = await perform(
      'plan',
      'backfill',
      { planId: 1, concurrency: 3 },
      {
        ...planStubs(open),
        ...allSteps,
        openPlan: ({ runId }: { runId: string | null }) => {
          histories.add(runId);
          return Promise.resolve(opened(windows.length));
        },
        collectCounters: async ({ input }: { input: { window: { from: string } } }) => {
          active += 1;
          most = Math.max(most, active);
          await Promise.resolve();
          active -= 1;
          if (input.window.from === '2026-01-07') throw new UnsupportedError('not on a Wednesday');
          return { step: 1, offset: 0, counts: { ...noRows, inserted: 2 }, coveredDays: 1, warnings: [] };
        },
      },
    );
    const progress = result as BackfillProgress;
    expect(progress).toMatchObject({ planned: 52, done: 51, failed: 1, state: 'finished' });
    expect(progress.counts.inserted).toBe(102);
    expect(most).toBeLessThanOrEqual(3);
    expect([...histories]).toEqual([null, '9']);
  });

  function opened(planned: number) {
    return {
      ...{ runId: '9', platform: 'youtube', account: 'main', report: 'counters' },
      progress: {
        ...{ planned, done: 0, failed: 0, skipped: 0, state: 'running', parkedUntil: null },
        counts: noRows,
      },
    };
  }

  function planStubs(open: PlanWindow[]): ActivityStubs {
    return {
      takeWindows: ({ windows: limit }: { windows: number }) => Promise.resolve(open.splice(0, limit)),
      settleWindow: ({ failure }: { failure: unknown }) =>
        Promise.resolve(failure === null ? { done: 1, failed: 0 } : { done: 0, failed: 1 }),
      setPlanState: () => Promise.resolve(),
    };
  }
});
