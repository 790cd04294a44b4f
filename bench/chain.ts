/** The analysis chain's time over that of a bare workflow of the same shape. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker, bundleWorkflowCode } from '@temporalio/worker';
import { median } from 'simple-statistics';
import { accountNames, seedWorld } from '../cli/demo/seed.js';
import { settingsOf } from '../cli/demo/worlds.js';
import type { AnalyzePerformanceResult } from '../contracts/runs.js';
import { prefixedQueue, taskQueues } from '../contracts/task-queues.js';
import { planBackfill, startBackfill } from '../operations/backfills.js';
import { createRunStarter } from '../operations/run-starter.js';
import { createClock } from '../runtime/clock.js';
import { AnalyticsConfig } from '../runtime/configuration.js';
import { createLog } from '../runtime/logger.js';
import { createPool } from '../runtime/pool.js';
import { connectTemporal, temporalTarget } from '../runtime/temporal-connection.js';
import { connectTemporalWorker } from '../runtime/temporal-worker-connection.js';
import { bridgeTemporalLog, installTemporalRuntime } from '../runtime/temporal-log.js';
import { generateWorld } from '../sandbox/generated-world.js';
import { startSandbox } from '../sandbox/server.js';
import { dailyStreamFiles } from '../sandbox/stream-exports.js';
import { createSourceFor } from '../sources/configured-sources.js';
import { startWorkers } from '../workers/start-workers.js';
import type { BareActivities, BareChainInput } from './bare-workflow.js';
import { inScratch, type Scratch } from './scratch.js';

export interface ChainBenchOptions {
  /** Runs of each, of which the median is told; 9 unless told. */
  repetitions?: number;
}

export interface ChainBenchResult {
  repetitions: number;
  /** Series that the first step looked at, and days of all contents that are stored. */
  series: number;
  days: number;
  activities: number;
  /** From the start's call to the result in hand; medians. */
  chainMs: number;
  bareMs: number;
  /** Chain over bare. */
  ratio: number;
}

const anchorDay = '2026-03-01';
const now = '2026-03-04T12:00:00Z';
const barePrefix = 'bare-';

/** The chain's own: one to open the run, six steps, one to close it. */
const shape: BareChainInput = {
  steps: [
    { taskQueue: prefixedQueue(barePrefix, taskQueues.control), count: 1 },
    { taskQueue: prefixedQueue(barePrefix, taskQueues.analysis), count: 6 },
    { taskQueue: prefixedQueue(barePrefix, taskQueues.control), count: 1 },
  ],
};

interface Sides {
  chain: () => Promise<AnalyzePerformanceResult>;
  bare: () => Promise<void>;
  storedDays: () => Promise<number>;
}

/**
 * `analyzePerformance` in full over the generated world's year, collected and imported before, against
 * activities that do nothing, one after another on queues and workers of the same kind.
 */
export async function runChainBench(options: ChainBenchOptions = {}): Promise<ChainBenchResult> {
  const { repetitions = 9 } = options;
  return inScratch(async (scratch) => {
    const { chain, bare, storedDays } = await prepare(scratch);
    const chainMs: number[] = [];
    const bareMs: number[] = [];
    let series = 0;
    // The first round warms both up and is not counted.
    for (let round = 0; round <= repetitions; round += 1) {
      const sides = [
        async () => {
          const [ms, { steps }] = await timed(chain);
          const failed = steps.find(({ state }) => state === 'failed');
          if (failed !== undefined) throw new Error(`${failed.step} failed: ${failed.failure ?? ''}`);
          series = steps[0]!.subjects;
          chainMs.push(ms);
        },
        async () => void bareMs.push((await timed(bare))[0]),
      ];
      for (const side of round % 2 === 0 ? sides : sides.reverse()) await side();
    }
    const [chainMedian, bareMedian] = [median(chainMs.slice(1)), median(bareMs.slice(1))];
    return {
      repetitions,
      series,
      days: await storedDays(),
      activities: shape.steps.reduce((sum, { count }) => sum + count, 0),
      chainMs: Math.round(chainMedian),
      bareMs: Math.round(bareMedian),
      ratio: Math.round((100 * chainMedian) / bareMedian) / 100,
    };
  });
}

async function timed<Result>(work: () => Promise<Result>): Promise<[number, Result]> {
  const started = performance.now();
  const result = await work();
  return [performance.now() - started, result];
}

/** Servers, both kinds of workers, and the year's data. */
async function prepare(scratch: Scratch): Promise<Sides> {
  const [databaseUrl, address] = await Promise.all([scratch.startDatabase(), scratch.startTemporal()]);
  const world = generateWorld({ seed: 7, anchorDay });
  const demo = { kind: 'generated', world } as const;
  const sandbox = await startSandbox({
    world,
    clock: () => new Date(now),
    quotaUnitsPerDay: Number.POSITIVE_INFINITY,
  });
  scratch.atEnd(() => sandbox.close());
  const configuration = new AnalyticsConfig({
    ...settingsOf(demo, sandbox.url),
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: address,
    TIDEMARK_CLOCK: now,
    LOG_LEVEL: 'error',
  });
  const log = createLog(configuration);
  installTemporalRuntime(log);
  const pool = createPool({
    url: databaseUrl,
    settings: configuration,
    logger: log.component('bench'),
    applicationName: 'tidemark bench',
  });
  scratch.atEnd(() => pool.end());
  await seedWorld(pool, demo);
  const workers = await startWorkers({ configuration, log });
  scratch.atEnd(() => workers.shutdown());
  const target = temporalTarget(configuration, null);
  const temporal = await connectTemporal(target);
  scratch.atEnd(() => temporal.close());
  const { client, namespace } = temporal;
  const starter = createRunStarter({ client, pool, ui: { uiUrl: '', namespace }, queuePrefix: '' });
  const clock = createClock(configuration.TIDEMARK_CLOCK);

  const exports = join(scratch.directory, 'exports');
  await mkdir(exports);
  for (const { name, text } of dailyStreamFiles(world)) await writeFile(join(exports, name), text);
  const account = accountNames.generated;
  const plan = await planBackfill(
    { pool, clock, sourceFor: createSourceFor(configuration) },
    {
      platform: 'youtube',
      account,
      report: 'counters',
      mode: 'missing',
      window: { from: world.firstDay, to: anchorDay },
    },
  );
  const loads = [
    await startBackfill({ pool, starter }, plan.id),
    await starter.importFile({ path: exports, format: 'daily-streams', account, analyze: false }),
  ];
  for (const { workflowId } of loads) await client.workflow.getHandle(workflowId).result();

  await startBareWorkers(scratch, await connectTemporalWorker(target), namespace, bridgeTemporalLog(log));
  let runs = 0;
  return {
    async chain() {
      const run = await starter.analyze({ scope: { kind: 'all' }, chain: 'full', cause: 'bench' });
      return (await client.workflow
        .getHandle(run.workflowId, run.runId)
        .result()) as AnalyzePerformanceResult;
    },
    async bare() {
      await client.workflow.execute('bareChain', {
        workflowId: `bare/${(runs += 1)}`,
        taskQueue: prefixedQueue(barePrefix, taskQueues.control),
        args: [shape],
      });
    },
    async storedDays() {
      const { rows } = await pool.query<{ days: number }>(
        'select count(*)::int as days from content_performance_history',
      );
      return rows[0]!.days;
    },
  };
}

type Connection = Awaited<ReturnType<typeof connectTemporalWorker>>;

async function startBareWorkers(
  scratch: Scratch,
  connection: Connection,
  namespace: string,
  logger: ReturnType<typeof bridgeTemporalLog>,
): Promise<void> {
  scratch.atEnd(() => connection.close());
  const activities: BareActivities = { nothing: () => Promise.resolve({ subjects: 0 }) };
  const workflowsPath = fileURLToPath(new URL('./bare-workflow.ts', import.meta.url));
  const common = { connection, namespace, activities };
  const workers = [
    await Worker.create({
      ...common,
      taskQueue: prefixedQueue(barePrefix, taskQueues.control),
      workflowBundle: await bundleWorkflowCode({ workflowsPath, logger }),
    }),
    await Worker.create({ ...common, taskQueue: prefixedQueue(barePrefix, taskQueues.analysis) }),
  ];
  const running = Promise.all(workers.map((worker) => worker.run()));
  scratch.atEnd(async () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await running;
  });
}
