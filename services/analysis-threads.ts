/** The analyses' CPU work, spread over worker threads so that heartbeats and queries go on meanwhile. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { runAnalysisTask, taskSize, type AnalysisTask, type AnalysisTaskResult } from './analysis-tasks.js';

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
  /** What it has been given and not answered; empty when it is idle. */
  jobs: Job[];
}

interface Outcome {
  result?: unknown;
  failure?: string;
}

/** Below this many values a thread's start and the copying cost more than they save. */
const inThreadValues = 4_000;

/**
 * A thread that answers waits for its next message, on a busy machine longer than a series takes (1 to 5 ms for
 * a year of days). So it is given several at once, as long as enough is left for all to end at about the same
 * time.
 */
const mostTasksAMessage = 16;
const messagesLeftAThread = 4;

/**
 * A pool that starts its threads when they are first needed: at most one a core, since the thread that asks only
 * waits meanwhile. Idle threads do not keep the process alive. Series are copied to a thread, 2 µs for a year of
 * days: handing over their memory instead would leave the caller with empty ones.
 */
export function createAnalysisThreads(size = availableParallelism()): AnalysisThreads {
  const threads: Thread[] = [];
  let queue: Job[] = [];
  let closed = false;

  function retire(thread: Thread, error: Error): void {
    const index = threads.indexOf(thread);
    if (index >= 0) threads.splice(index, 1);
    for (const job of thread.jobs.splice(0)) job.fail(error);
  }

  function startThread(): Thread {
    const worker = new Worker(new URL('./analysis-thread-entry.mjs', import.meta.url));
    const thread: Thread = { worker, jobs: [] };
    worker.unref();
    worker.on('message', (outcomes: readonly Outcome[]) => {
      const answered = thread.jobs.splice(0);
      worker.unref();
      assign();
      answered.forEach((job, index) => {
        const { result, failure } = outcomes[index]!;
        if (failure === undefined) job.settle(result);
        else job.fail(new AnalysisThreadError(`An analysis failed: ${failure}`));
      });
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
        threads.find(({ jobs }) => jobs.length === 0) ?? (threads.length < size ? startThread() : null);
      if (thread === null) return;
      const fairShare = Math.ceil(queue.length / (size * messagesLeftAThread));
      thread.jobs = queue.splice(0, Math.min(mostTasksAMessage, fairShare));
      thread.worker.ref();
      thread.worker.postMessage(thread.jobs.map(({ task }) => task));
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
      const values = tasks.reduce((sum, task) => sum + taskSize(task), 0);
      if (values < inThreadValues) return tasks.map((task) => runAnalysisTask(task));
      const submitted = tasks.map(submit);
      const abandon = (): void => {
        // What waits is taken back; a task under way takes milliseconds and its answer is dropped.
        const abandoned = new Set(submitted.map(({ job }) => job));
        queue = queue.filter((job) => !abandoned.has(job));
        for (const job of abandoned) job.fail(signal.reason as Error);
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
