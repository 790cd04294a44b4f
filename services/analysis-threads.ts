/** The analyses' CPU work, spread over worker threads so that heartbeats and queries go on meanwhile. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { runAnalysisTask, type AnalysisTask, type AnalysisTaskResult } from './analysis-tasks.js';

export class AnalysisThreadError extends Error {
  override readonly name = 'AnalysisThreadError';
}

export interface AnalysisThreads {
  /**
   * Runs the tasks and returns their results in the same order.
   * @throws the signal's reason once it is aborted, AnalysisThreadError when a task or its thread fails.
   */
  run<T extends AnalysisTask>(tasks: readonly T[], signal: AbortSignal): Promise<AnalysisTaskResult<T>[]>;
  /** Ends the threads; what still runs is rejected. */
  close(): Promise<void>;
}

interface Job {
  task: AnalysisTask;
  settle(result: unknown): void;
  fail(error: Error): void;
}

interface Thread {
  worker: Worker;
  job: Job | null;
}

interface Reply {
  id: number;
  result?: unknown;
  failure?: string;
}

/** Below this many points a thread's start and the copying cost more than they save. */
const inThreadPoints = 4_000;

/**
 * A pool that starts its threads when they are first needed: at most one less than the machine's cores, and at
 * least one. Idle threads do not keep the process alive.
 */
export function createAnalysisThreads(size = Math.max(1, availableParallelism() - 1)): AnalysisThreads {
  const threads: Thread[] = [];
  const queue: Job[] = [];
  let jobs = 0;
  let closed = false;

  function retire(thread: Thread, error: Error): void {
    const index = threads.indexOf(thread);
    if (index >= 0) threads.splice(index, 1);
    thread.job?.fail(error);
    thread.job = null;
  }

  function startThread(): Thread {
    const worker = new Worker(new URL('./analysis-thread-entry.mjs', import.meta.url));
    const thread: Thread = { worker, job: null };
    worker.unref();
    worker.on('message', (reply: Reply) => {
      const job = thread.job;
      thread.job = null;
      worker.unref();
      if (reply.failure === undefined) job?.settle(reply.result);
      else job?.fail(new AnalysisThreadError(`The analysis of a series failed: ${reply.failure}`));
      assign();
    });
    worker.on('error', (error) => {
      retire(thread, new AnalysisThreadError('An analysis thread failed', { cause: error }));
      assign();
    });
    worker.on('exit', () => retire(thread, new AnalysisThreadError('An analysis thread ended early')));
    threads.push(thread);
    return thread;
  }

  function assign(): void {
    while (queue.length > 0) {
      const thread =
        threads.find(({ job }) => job === null) ?? (threads.length < size ? startThread() : null);
      if (thread === null) return;
      const job = queue.shift()!;
      thread.job = job;
      thread.worker.ref();
      thread.worker.postMessage({ id: ++jobs, task: job.task });
    }
  }

  function submit(task: AnalysisTask): { job: Job; done: Promise<unknown> } {
    let job!: Job;
    const done = new Promise<unknown>((settle, fail) => {
      job = { task, settle, fail };
    });
    queue.push(job);
    return { job, done };
  }

  return {
    async run<T extends AnalysisTask>(
      tasks: readonly T[],
      signal: AbortSignal,
    ): Promise<AnalysisTaskResult<T>[]> {
      signal.throwIfAborted();
      if (closed) throw new AnalysisThreadError('The analysis threads are closed');
      const points = tasks.reduce((sum, task) => sum + task.values.length, 0);
      if (points < inThreadPoints) return tasks.map((task) => runAnalysisTask(task));
      const submitted = tasks.map(submit);
      const abandon = (): void => {
        // What waits is taken back; a task under way takes milliseconds and its answer is dropped.
        for (const { job } of submitted) {
          const index = queue.indexOf(job);
          if (index >= 0) queue.splice(index, 1);
          job.fail(signal.reason as Error);
        }
      };
      signal.addEventListener('abort', abandon, { once: true });
      assign();
      try {
        return (await Promise.all(submitted.map(({ done }) => done))) as AnalysisTaskResult<T>[];
      } finally {
        signal.removeEventListener('abort', abandon);
      }
    },
    async close() {
      closed = true;
      for (const job of queue.splice(0)) job.fail(new AnalysisThreadError('The analysis threads are closed'));
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}
