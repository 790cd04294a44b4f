/** The whole pipeline on real parts: a database, the sandbox platforms, Temporal and workers. */
import type { Client } from '@temporalio/client';
import type { WorkflowBundleOption } from '@temporalio/worker';
import { pino } from 'pino';
import type { Pool } from 'pg';
import type {
  BackfillProgress,
  CollectStatsInput,
  CollectStatsResult,
  DayWindow,
} from '../../contracts/runs.js';
import { addDays, eachDay } from '../../analytics/calendar.js';
import {
  planBackfill,
  startBackfill,
  type BackfillDeps,
  type BackfillRequest,
} from '../../operations/backfills.js';
import { createRunStarter, type OperatorRunStarter } from '../../operations/run-starter.js';
import { AnalyticsConfig } from '../../runtime/configuration.js';
import { createClock } from '../../runtime/clock.js';
import type { Log } from '../../runtime/logger.js';
import { installTemporalRuntime } from '../../runtime/temporal-log.js';
import { sandboxCredentials } from '../../sandbox/credentials.js';
import { generateWorld, type GeneratedWorld } from '../../sandbox/generated-world.js';
import { startSandbox, type Sandbox } from '../../sandbox/server.js';
import { upsertAccount } from '../../store/accounts.js';
import { addArtist } from '../../store/artists.js';
import { startWorkers, type Workers } from '../../workers/start-workers.js';
import { createSourceFor } from '../../sources/configured-sources.js';
import { workflowBundle } from '../../workers/workflow-bundle.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { testTemporal } from '../support/temporal.js';

const anchorDay = '2026-03-01';
/** Three days past the anchor: the last days of the history are settled. */
const fixedNow = '2026-03-04T12:00:00Z';

export const account = { platform: 'youtube', account: 'main' } as const;

export const silentLog: Log = {
  root: pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' }),
  component: (name) => pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent', base: { component: name } }),
  flush: () => undefined,
};

installTemporalRuntime(silentLog);

let bundle: Promise<WorkflowBundleOption> | null = null;
export function testBundle(): Promise<WorkflowBundleOption> {
  return (bundle ??= workflowBundle(silentLog.root));
}

export interface PipelineOptions {
  world?: GeneratedWorld;
  /** The sandbox's quota a day and bucket; none unless told. */
  quotaUnitsPerDay?: number;
  /** Further settings of the workers, by their environment variables. */
  environment?: Record<string, string>;
  queuePrefix?: string;
  /** False leaves the workers to the test. */
  work?: boolean;
}

export interface Pipeline {
  database: TestDatabase;
  pool: Pool;
  client: Client;
  sandbox: Sandbox;
  world: GeneratedWorld;
  configuration: AnalyticsConfig;
  environment: Record<string, string>;
  starter: OperatorRunStarter;
  backfills: BackfillDeps;
  startWorkers(): Promise<Workers>;
  close(): Promise<void>;
}

/** A pipeline in a namespace of its own, so that the ids of runs are nobody else's. */
export async function startPipeline(options: PipelineOptions = {}): Promise<Pipeline> {
  const temporal = await testTemporal();
  // Not the default, so that nothing relies on it.
  const queuePrefix = options.queuePrefix ?? 'test-';
  const world = options.world ?? generateWorld({ seed: 7, anchorDay });
  const [database, sandbox] = await Promise.all([
    createTestDatabase(),
    startSandbox({
      world,
      clock: () => new Date(fixedNow),
      quotaUnitsPerDay: options.quotaUnitsPerDay ?? Number.POSITIVE_INFINITY,
    }),
  ]);
  const environment = {
    TIDEMARK_CLOCK: fixedNow,
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    ...sandboxEnvironment(sandbox.url),
    ...options.environment,
  };
  const configuration = new AnalyticsConfig(environment);
  const artist = await addArtist(database.pool, world.artistName);
  await upsertAccount(database.pool, {
    platform: 'youtube',
    name: 'main',
    artistId: artist.id,
    externalId: world.youtube.ownChannelId,
    reports: ['counters', 'daily'],
  });
  const starter = createRunStarter({
    client: temporal.client,
    pool: database.pool,
    ui: { uiUrl: temporal.uiUrl, namespace: temporal.namespace },
    queuePrefix,
  });
  const open = async (): Promise<Workers> =>
    startWorkers({ configuration, log: silentLog, queuePrefix, bundle: await testBundle() });
  const workers = options.work === false ? null : await open();
  return {
    database,
    pool: database.pool,
    client: temporal.client,
    sandbox,
    world,
    configuration,
    environment,
    starter,
    backfills: {
      pool: database.pool,
      clock: createClock(configuration.TIDEMARK_CLOCK),
      client: temporal.client,
      starter,
      sourceFor: createSourceFor(configuration),
    },
    startWorkers: open,
    async close() {
      await workers?.shutdown();
      await sandbox.close();
      await database.drop();
      await temporal.close();
    },
  };
}

export function sandboxEnvironment(url: string): Record<string, string> {
  const { google, spotifyExtended } = sandboxCredentials;
  return {
    YOUTUBE_API_KEY: google.apiKey,
    YOUTUBE_CLIENT_ID: google.clientId,
    YOUTUBE_CLIENT_SECRET: google.clientSecret,
    YOUTUBE_REFRESH_TOKEN: google.refreshToken,
    YOUTUBE_ROOT_URL: `${url}/at/{at}/google`,
    YOUTUBE_ANALYTICS_ROOT_URL: `${url}/at/{at}/google`,
    YOUTUBE_TOKEN_URL: `${url}/google/token`,
    SPOTIFY_CLIENT_ID: spotifyExtended.clientId,
    SPOTIFY_CLIENT_SECRET: spotifyExtended.clientSecret,
    SPOTIFY_API_URL: `${url}/at/{at}/spotify/v1`,
    SPOTIFY_ACCOUNTS_URL: `${url}/spotify`,
  };
}

export function collection(window: DayWindow, more: Partial<CollectStatsInput> = {}): CollectStatsInput {
  return {
    ...account,
    report: 'counters',
    window,
    moments: [],
    reading: 1,
    analyze: false,
    planId: null,
    ...more,
  };
}

/** Starts a collection and waits for its end. */
export async function collect(pipeline: Pipeline, input: CollectStatsInput): Promise<CollectStatsResult> {
  const { workflowId, runId } = await pipeline.starter.collect(input);
  return (await pipeline.client.workflow.getHandle(workflowId, runId).result()) as CollectStatsResult;
}

/** A day at a time, in order. */
export async function collectDayByDay(pipeline: Pipeline, window: DayWindow): Promise<void> {
  for (const day of eachDay(window.from, window.to))
    await collect(pipeline, collection({ from: day, to: addDays(day, 1) }));
}

/** Plans a backfill of the account's counters, runs it and waits for its end. */
export async function backfill(
  pipeline: Pipeline,
  request: Partial<BackfillRequest> & Pick<BackfillRequest, 'window'>,
): Promise<BackfillProgress> {
  const plan = await planBackfill(pipeline.backfills, {
    ...account,
    report: 'counters',
    mode: 'missing',
    ...request,
  });
  const { workflowId } = await startBackfill(pipeline.backfills, plan.id);
  return (await pipeline.client.workflow.getHandle(workflowId).result()) as BackfillProgress;
}

/** One text for everything that collections write; see `tidemark_digest` in SQL. */
export async function digest(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ digest: string }>('select tidemark_digest() as digest');
  return rows[0]!.digest;
}
