/** The pipeline over the recordings: their sandbox, their clock, their releases. */
import { addDays } from '../../analytics/calendar.js';
import type { BackfillProgress, CollectStatsResult, DayWindow } from '../../contracts/runs.js';
import { seedWorld, accountNames } from '../../cli/demo/seed.js';
import { recordedMomentsByDay, settingsOf, type DemoWorld } from '../../cli/demo/worlds.js';
import { planBackfill, startBackfill } from '../../operations/backfills.js';
import { createRunStarter, type OperatorRunStarter } from '../../operations/run-starter.js';
import { createClock } from '../../runtime/clock.js';
import { AnalyticsConfig } from '../../runtime/configuration.js';
import { readRecordedWorld } from '../../sandbox/recorded-world.js';
import { startSandbox } from '../../sandbox/server.js';
import { createSourceFor } from '../../sources/configured-sources.js';
import { startWorkers } from '../../workers/start-workers.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { testTemporal, type TestTemporal } from '../support/temporal.js';
import { silentLog, testBundle } from '../workflows/pipeline.js';

const platform = 'youtube';
const account = accountNames.recorded;

export interface RecordedPipeline {
  database: TestDatabase;
  temporal: TestTemporal;
  starter: OperatorRunStarter;
  /** Every recorded day, and the moments on it as the plan takes them. */
  moments: ReadonlyMap<string, readonly string[]>;
  backfill(window: DayWindow): Promise<BackfillProgress>;
  collectDay(day: string): Promise<CollectStatsResult>;
  close(): Promise<void>;
}

export async function startRecordedPipeline(dataDirectory: string): Promise<RecordedPipeline> {
  const world = await readRecordedWorld(dataDirectory);
  const demo: DemoWorld = { kind: 'recorded', world, dataDirectory };
  const [database, temporal] = await Promise.all([createTestDatabase(), testTemporal()]);
  const sandbox = await startSandbox({ world, clock: () => clock.now(), quotaUnitsPerDay: Infinity });
  const configuration = new AnalyticsConfig({
    ...settingsOf(demo, sandbox.url),
    PLATFORM_SETTINGS: '{"youtube":{"requests_per_second":200,"quota_units_per_day":null}}',
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
  });
  const clock = createClock(configuration.TIDEMARK_CLOCK);
  await seedWorld(database.pool, demo);
  const ui = { uiUrl: temporal.uiUrl, namespace: temporal.namespace };
  const { client } = temporal;
  const starter = createRunStarter({ client, pool: database.pool, ui, queuePrefix: '' });
  const workers = await startWorkers({ configuration, log: silentLog, bundle: await testBundle() });
  const deps = { pool: database.pool, clock, client, starter, sourceFor: createSourceFor(configuration) };
  const moments = recordedMomentsByDay(world);
  return {
    database,
    temporal,
    starter,
    moments,
    async backfill(window) {
      const plan = await planBackfill(deps, {
        platform,
        account,
        report: 'counters',
        window,
        mode: 'missing',
        concurrency: 8,
        moments,
      });
      const { workflowId } = await startBackfill(deps, plan.id);
      return (await client.workflow.getHandle(workflowId).result()) as BackfillProgress;
    },
    async collectDay(day) {
      const { workflowId, runId } = await starter.collect({
        platform,
        account,
        report: 'counters',
        window: { from: day, to: addDays(day, 1) },
        moments: [...(moments.get(day) ?? [])],
        reading: 1,
        analyze: false,
        planId: null,
      });
      return (await client.workflow.getHandle(workflowId, runId).result()) as CollectStatsResult;
    },
    async close() {
      await workers.shutdown();
      await sandbox.close();
      await database.drop();
      await temporal.close();
    },
  };
}

export async function digestOf({ database }: RecordedPipeline): Promise<string> {
  const { rows } = await database.pool.query<{ digest: string }>('select tidemark_digest() as digest');
  return rows[0]!.digest;
}
