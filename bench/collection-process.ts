/** The collecting process of the collection bench. */
import { median } from 'simple-statistics';
import { addDays } from '../analytics/calendar.js';
import type { CollectStatsInput } from '../contracts/runs.js';
import { createClock } from '../runtime/clock.js';
import { AnalyticsConfig } from '../runtime/configuration.js';
import { createLog } from '../runtime/logger.js';
import { createPool } from '../runtime/pool.js';
import { sandboxCredentials } from '../sandbox/credentials.js';
import type { CollectionDeps } from '../services/collection.js';
import { collectCounters } from '../services/collect-counters.js';
import { refreshCatalogue } from '../services/refresh-catalogue.js';
import { idsPerCall, parallelCalls } from '../sources/youtube/settings.js';
import { upsertAccount } from '../store/accounts.js';
import { addArtist } from '../store/artists.js';
import { trackedContents } from '../store/contents.js';
import { beginRun } from '../store/runs.js';
import { pipelineSettings } from '../workers/pipeline-settings.js';
import { createSourceFor } from '../sources/configured-sources.js';
import { serveMeasurement } from './measured-process.js';

export interface CollectionMeasurement {
  databaseUrl: string;
  sandboxUrl: string;
  channelId: string;
  /** RFC 3339. */
  now: string;
  /** ISO day: the measurements read the days before it. */
  lastDay: string;
  readings: number;
  repetitions: number;
}

/** Medians; contents a second are readings of a content's counters. */
export interface CollectionRates {
  contents: number;
  /** Fetched, parsed, stored with days, revisions and coverage. */
  collectedPerSecond: number;
  /** The same once more, which changes nothing. */
  rereadPerSecond: number;
  /** The same pages fetched with as many calls at a time, and dropped. */
  barePerSecond: number;
  /** Collected over bare. */
  ratio: number;
  /** Of the collecting process alone, Postgres and sandbox left out. */
  cpuSecondsPerThousand: { collected: number; bare: number };
  /** Contents listed and described a second, in the first walk of the catalogue. */
  describedPerSecond: number;
}

interface Timing {
  perSecond: number;
  cpuSecondsPerThousand: number;
}

const account = { platform: 'youtube', account: 'main' } as const;

serveMeasurement(async (measurement: CollectionMeasurement): Promise<CollectionRates> => {
  const configuration = new AnalyticsConfig({
    DATABASE_URL: measurement.databaseUrl,
    TIDEMARK_CLOCK: measurement.now,
    YOUTUBE_API_KEY: sandboxCredentials.google.apiKey,
    YOUTUBE_ROOT_URL: `${measurement.sandboxUrl}/at/{at}/google`,
    // The ledger is asked before each call all the same.
    PLATFORM_SETTINGS: '{"youtube":{"quota_units_per_day":100000000}}',
    LOG_LEVEL: 'warn',
  });
  const logger = createLog(configuration).component('bench');
  const pool = createPool({
    url: measurement.databaseUrl,
    settings: configuration,
    logger,
    applicationName: 'tidemark bench',
  });
  const deps: CollectionDeps = {
    pool,
    logger,
    clock: createClock(configuration.TIDEMARK_CLOCK),
    settings: pipelineSettings(configuration),
    sourceFor: createSourceFor(configuration),
  };
  try {
    return await measure(deps, measurement);
  } finally {
    await pool.end();
  }
});

async function measure(deps: CollectionDeps, measurement: CollectionMeasurement): Promise<CollectionRates> {
  const { id: artistId } = await addArtist(deps.pool, 'Bench');
  const { id: accountId } = await upsertAccount(deps.pool, {
    platform: account.platform,
    name: account.account,
    artistId,
    externalId: measurement.channelId,
    reports: ['counters'],
  });
  const catalogue = await timed(async () => {
    const { described } = await refreshCatalogue(deps, inputOver(0, measurement), signal);
    return described;
  });
  const ids = (await trackedContents(deps.pool, accountId, null)).map(({ externalId }) => externalId);
  const wanted = ids.length * measurement.readings;

  const bare: Timing[] = [];
  const collected: Timing[] = [];
  const reread: Timing[] = [];
  // The first round warms both sides up and is not counted.
  for (let round = 0; round <= measurement.repetitions; round += 1) {
    const input = inputOver(round, measurement);
    const sides = [
      async () => void bare.push(await timed(() => fetchBare(measurement, input.moments, ids))),
      async () => void collected.push(await timed(() => collect(deps, input, round, wanted, 'inserted'))),
    ];
    for (const side of round % 2 === 0 ? sides : sides.reverse()) await side();
    reread.push(await timed(() => collect(deps, input, round, wanted, 'unchanged')));
  }
  const rate = (timings: readonly Timing[]): number =>
    Math.round(median(timings.slice(1).map(({ perSecond }) => perSecond)));
  const cpu = (timings: readonly Timing[]): number =>
    rounded(median(timings.slice(1).map(({ cpuSecondsPerThousand }) => cpuSecondsPerThousand)));
  return {
    contents: ids.length,
    collectedPerSecond: rate(collected),
    rereadPerSecond: rate(reread),
    barePerSecond: rate(bare),
    ratio: rounded(rate(collected) / rate(bare)),
    cpuSecondsPerThousand: { collected: cpu(collected), bare: cpu(bare) },
    describedPerSecond: Math.round(catalogue.perSecond),
  };
}

const { signal } = new AbortController();

/** Readings on days of the round's own, each at its day's last second. */
function inputOver(round: number, { lastDay, readings }: CollectionMeasurement): CollectStatsInput {
  const from = addDays(lastDay, -readings * (round + 1));
  const days = Array.from({ length: readings }, (_, index) => addDays(from, index));
  return {
    ...account,
    report: 'counters',
    window: { from, to: addDays(from, readings) },
    moments: days.map((day) => `${day}T23:59:59Z`),
    reading: 1,
    analyze: false,
    planId: null,
  };
}

/** What the world keeps from being told: videos that are not out yet or in their planted outage. */
const silentShare = 0.001;

/** @throws Error when less came out than was asked for, of which the speed would mean nothing */
async function collect(
  deps: CollectionDeps,
  input: CollectStatsInput,
  round: number,
  wanted: number,
  as: 'inserted' | 'unchanged',
): Promise<number> {
  const runId = await beginRun(deps.pool, {
    kind: 'collect',
    workflowId: `bench/${as}/${round}`,
    temporalRunId: String(round),
    startedAt: deps.clock.now(),
  });
  const { counts } = await collectCounters(deps, {
    ...{ runId, input, signal },
    resumeFrom: null,
    onProgress: () => undefined,
  });
  if (counts[as] < (1 - silentShare) * wanted)
    throw new Error(`${counts[as]} of ${wanted} readings were ${as}`);
  return counts[as];
}

/** The source's own pages, as many at a time as it asks for, read to their last byte. */
async function fetchBare(
  { sandboxUrl }: CollectionMeasurement,
  moments: readonly string[],
  ids: readonly string[],
): Promise<number> {
  const parameters: string[] = [];
  for (let start = 0; start < ids.length; start += idsPerCall)
    parameters.push(
      ids
        .slice(start, start + idsPerCall)
        .map((id) => `&id=${id}`)
        .join(''),
    );
  const key = `key=${sandboxCredentials.google.apiKey}`;
  for (const moment of moments) {
    const pages = parameters.values();
    const lane = async (): Promise<void> => {
      for (const page of pages) {
        const response = await fetch(
          `${sandboxUrl}/at/${moment}/google/youtube/v3/videos:batchGetStats?part=id&part=statistics&${key}${page}`,
        );
        await response.arrayBuffer();
        if (!response.ok) throw new Error(`The sandbox answered ${response.status}`);
      }
    };
    await Promise.all(Array.from({ length: parallelCalls }, lane));
  }
  return ids.length * moments.length;
}

/** @param work returns how many contents it dealt with */
async function timed(work: () => Promise<number>): Promise<Timing> {
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  const count = await work();
  const seconds = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { perSecond: count / seconds, cpuSecondsPerThousand: (user + system) / 1_000 / count };
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
