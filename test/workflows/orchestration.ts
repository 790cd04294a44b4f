/** Workflows alone, with activities that a test gives them: what is orchestrated, and nothing else. */
import { Worker } from '@temporalio/worker';
import { activityInterceptor } from '../../activities/interceptor.js';
import type { Activities } from '../../activities/index.js';
import { platformQueue, prefixedQueue, taskQueues } from '../../contracts/task-queues.js';
import { noRows } from '../../contracts/records.js';
import type { TestTemporal } from '../support/temporal.js';
import { testBundle } from './pipeline.js';

export type ActivityStubs = { [Name in keyof Activities]?: (...args: never[]) => Promise<unknown> };

/** Ledgers that accept everything, and platforms that have nothing. */
const quiet: ActivityStubs = {
  beginRun: () => Promise.resolve({ runId: '1' }),
  finishRun: () => Promise.resolve({ contents: 0, unavailable: 0 }),
  failRun: () => Promise.resolve(),
  pauseAccount: () => Promise.resolve(),
  refreshCatalogue: () => Promise.resolve({ read: false, described: 0, tracked: 1, warnings: [] }),
  collectCounters: () =>
    Promise.resolve({ step: 1, offset: 0, counts: noRows, coveredDays: 1, warnings: [] }),
};

export interface Stage {
  /** Control queue to start workflows on. */
  taskQueue: string;
  stop(): Promise<void>;
}

/** Workers for the control queue and those beside it, with the stubs in place of the activities. */
export async function openStage(
  temporal: TestTemporal,
  queuePrefix: string,
  stubs: ActivityStubs,
  options: { maxCachedWorkflows?: number } = {},
): Promise<Stage> {
  const activities: Record<string, (...args: never[]) => Promise<unknown>> = { ...quiet, ...stubs };
  const shared = {
    connection: temporal.nativeConnection,
    namespace: temporal.namespace,
    activities,
    interceptors: { activity: [activityInterceptor({ clock: { now: () => new Date() } })] },
    shutdownGraceTime: '1 second',
  };
  const workers = [
    await Worker.create({
      ...shared,
      ...options,
      taskQueue: prefixedQueue(queuePrefix, taskQueues.control),
      workflowBundle: await testBundle(),
    }),
  ];
  for (const queue of [taskQueues.analysis, taskQueues.files, platformQueue('youtube')])
    workers.push(await Worker.create({ ...shared, taskQueue: prefixedQueue(queuePrefix, queue) }));
  const runs = Promise.all(workers.map((worker) => worker.run()));
  return {
    taskQueue: prefixedQueue(queuePrefix, taskQueues.control),
    async stop() {
      for (const worker of workers) worker.shutdown();
      await runs;
    },
  };
}
