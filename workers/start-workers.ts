/** Composition root of the workers: what activities are made of, one worker a queue, and an orderly end. */
import { Worker, type NativeConnection, type WorkflowBundleOption } from '@temporalio/worker';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { activityInterceptor } from '../activities/interceptor.js';
import type { ActivityDependencies } from '../activities/dependencies.js';
import {
  createControlActivities,
  createFileActivities,
  createMaintenanceActivities,
  createPlatformActivities,
} from '../activities/index.js';
import { createAnalysisActivities } from '../activities/analysis/analysis-activities.js';
import { platformQueue, prefixedQueue, taskQueues } from '../contracts/task-queues.js';
import type { Platform } from '../contracts/vocabulary.js';
import { createClock } from '../runtime/clock.js';
import type { AnalyticsConfig } from '../runtime/configuration.js';
import { UnreachableError } from '../runtime/errors.js';
import type { Log } from '../runtime/logger.js';
import { assertReachable, createPool } from '../runtime/pool.js';
import { connectTemporal, temporalTarget } from '../runtime/temporal-connection.js';
import { connectTemporalWorker } from '../runtime/temporal-worker-connection.js';
import { createAnalysisThreads } from '../services/analysis-threads.js';
import { collectedPlatforms } from '../sources/registry.js';
import { pipelineSettings } from './pipeline-settings.js';
import { createSourceFor } from '../sources/configured-sources.js';
import { workflowBundle } from './workflow-bundle.js';

export interface WorkersOptions {
  configuration: AnalyticsConfig;
  log: Log;
  /** Used where DATABASE_URL is not set: the embedded server's. */
  databaseUrl?: string | null;
  /** Used where TEMPORAL_ADDRESS is not set: the embedded server's. */
  temporalAddress?: string | null;
  /** Queues to work on, without the prefix: `control`, `files`, `analysis`, `platform-youtube`; all by default. */
  queues?: readonly string[];
  /** Tells deployments apart that share a namespace. */
  queuePrefix?: string;
  /** Built, or taken from the cache, when it is not given. */
  bundle?: WorkflowBundleOption;
}

export interface Workers {
  queues: string[];
  /** Settles when a worker has ended without being asked: with how, in words. */
  ended: Promise<string>;
  /** Stops polling, lets activities finish or gives them back, and closes connections; safe to call twice. */
  shutdown(): Promise<void>;
}

/** Every queue, without a prefix. */
export const allQueues: readonly string[] = [
  taskQueues.control,
  taskQueues.files,
  taskQueues.analysis,
  ...collectedPlatforms.map(platformQueue),
];

/**
 * Starts a worker for each queue and returns once all of them poll.
 * @throws UnreachableError with what to do, when Postgres or Temporal does not answer
 */
export async function startWorkers(options: WorkersOptions): Promise<Workers> {
  const { configuration, log, queuePrefix = '' } = options;
  const logger = log.component('worker');
  const pool = await openPool(options, logger);
  const threads = createAnalysisThreads();
  let connection: NativeConnection | null = null;
  const close = async (): Promise<void> => {
    await Promise.allSettled([connection?.close(), threads.close(), pool.end()]);
  };
  try {
    const target = temporalTarget(configuration, options.temporalAddress ?? null);
    // A client finds out about the namespace, and says what to do; a native connection only fails to poll.
    await (await connectTemporal(target)).close();
    connection = await connectTemporalWorker(target);
    const clock = createClock(configuration.TIDEMARK_CLOCK);
    const deps: ActivityDependencies = {
      pool,
      clock,
      threads,
      logger: log.component('activity'),
      settings: pipelineSettings(configuration),
      sourceFor: createSourceFor(configuration),
    };
    const queues = [...(options.queues ?? allQueues)];
    const bundle = queues.includes(taskQueues.control)
      ? (options.bundle ?? (await workflowBundle(logger)))
      : undefined;
    const workers: Worker[] = [];
    for (const queue of queues)
      workers.push(
        await Worker.create({
          connection,
          namespace: target.namespace,
          taskQueue: prefixedQueue(queuePrefix, queue),
          ...queueOptions(queue, deps, configuration, bundle),
          interceptors: { activity: [activityInterceptor(deps)] },
          maxHeartbeatThrottleInterval: heartbeatThrottleMs,
          defaultHeartbeatThrottleInterval: heartbeatThrottleMs,
          shutdownGraceTime: configuration.WORKER_DRAIN_SECONDS * 1_000,
        }),
      );
    logger.info({ queues, namespace: target.namespace }, 'Workers are polling');
    return running(workers, queues, close, logger);
  } catch (error) {
    await close();
    throw error;
  }
}

function running(workers: Worker[], queues: string[], close: () => Promise<void>, logger: Logger): Workers {
  let stopping: Promise<void> | null = null;
  const runs = workers.map((worker) => worker.run());
  const all = Promise.all(runs);
  const stop = async (): Promise<void> => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    const outcomes = await Promise.allSettled(runs);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') logger.error({ err: outcome.reason as unknown }, 'A worker failed');
    await close();
    logger.info('Workers have stopped');
  };
  return {
    queues,
    ended: all.then(
      () => 'asked to stop',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    ),
    shutdown: () => (stopping ??= stop()),
  };
}

type QueueOptions = Pick<
  Parameters<typeof Worker.create>[0],
  | 'activities'
  | 'workflowBundle'
  | 'maxTaskQueueActivitiesPerSecond'
  | 'maxConcurrentActivityTaskExecutions'
  | 'maxCachedWorkflows'
>;

/** Activities of one attempt each at most so many side by side: each holds a connection and a chunk in memory. */
const concurrency = { control: 20, platform: 8, files: 2, analysis: 2 } as const;
/**
 * Heartbeats carry the cursor that the next attempt resumes from: sent this often, a crash loses one chunk at
 * most, and a cancellation arrives as soon.
 */
const heartbeatThrottleMs = 1_000;
/** A cached run costs some 300 KB; evicted ones are replayed. */
const maxCachedWorkflows = 200;

function queueOptions(
  queue: string,
  deps: ActivityDependencies,
  configuration: AnalyticsConfig,
  bundle: WorkflowBundleOption | undefined,
): QueueOptions {
  if (queue === taskQueues.control)
    return {
      activities: { ...createControlActivities(deps), ...createMaintenanceActivities(deps) },
      ...(bundle === undefined ? {} : { workflowBundle: bundle }),
      maxConcurrentActivityTaskExecutions: concurrency.control,
      maxCachedWorkflows,
    };
  if (queue === taskQueues.files)
    return { activities: createFileActivities(deps), maxConcurrentActivityTaskExecutions: concurrency.files };
  if (queue === taskQueues.analysis)
    return {
      activities: createAnalysisActivities({ ...deps, settings: deps.settings.analysis }),
      maxConcurrentActivityTaskExecutions: concurrency.analysis,
    };
  const platform = platformOf(queue);
  return {
    activities: createPlatformActivities(deps),
    maxConcurrentActivityTaskExecutions: concurrency.platform,
    maxTaskQueueActivitiesPerSecond: configuration.getPlatformConfig(platform).requests_per_second,
  };
}

function platformOf(queue: string): Platform {
  const platform = collectedPlatforms.find((name) => platformQueue(name) === queue);
  if (platform === undefined)
    throw new RangeError(`There is no queue «${queue}»; the queues are ${allQueues.join(', ')}`);
  return platform;
}

async function openPool({ configuration, databaseUrl }: WorkersOptions, logger: Logger): Promise<Pool> {
  const url = configuration.DATABASE_URL?.reveal() ?? databaseUrl ?? null;
  if (url === null)
    throw new UnreachableError(
      'Postgres',
      '(no address)',
      'none runs here and DATABASE_URL is not set',
      'Start one with `npm start`, or set DATABASE_URL.',
    );
  const pool = createPool({ url, settings: configuration, logger, applicationName: 'tidemark worker' });
  try {
    await assertReachable(pool, url);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return pool;
}
