/** Contents collected per second through the sandbox, beside bare fetches of the same pages. */
import { generateWorld } from '../sandbox/generated-world.js';
import { startSandbox } from '../sandbox/server.js';
import type { CollectionMeasurement, CollectionRates } from './collection-process.js';
import { measureInProcess } from './measured-process.js';
import { inScratch } from './scratch.js';

export interface CollectionBenchOptions {
  /** Uploads beside the world's 24 releases; 5,000 unless told. */
  backCatalogue?: number;
  /** Readings of every content a measurement; 4 unless told. */
  readings?: number;
  /** Measurements, of which the median is told; 5 unless told. */
  repetitions?: number;
}

export interface CollectionBenchResult extends CollectionRates {
  readings: number;
  repetitions: number;
  /** Of the collecting process, its start and the catalogue's walk included. */
  peakRssMiB: number;
}

const anchorDay = '2026-03-01';
/** Three days past the anchor: what is read has happened. */
const now = '2026-03-04T12:00:00Z';

/**
 * The sandbox stands in this process; the collecting one is another, with the real source, quota ledger and
 * load path over a Postgres of its own.
 */
export async function runCollectionBench(
  options: CollectionBenchOptions = {},
): Promise<CollectionBenchResult> {
  const { backCatalogue = 5_000, readings = 4, repetitions = 5 } = options;
  return inScratch(async (scratch) => {
    const databaseUrl = await scratch.startDatabase();
    const world = generateWorld({ seed: 7, anchorDay, backCatalogue });
    const sandbox = await startSandbox({
      world,
      clock: () => new Date(now),
      quotaUnitsPerDay: Number.POSITIVE_INFINITY,
    });
    scratch.atEnd(() => sandbox.close());
    const { result, peakRssMiB } = await measureInProcess<CollectionRates>(
      new URL('./collection-process.ts', import.meta.url),
      {
        databaseUrl,
        sandboxUrl: sandbox.url,
        channelId: world.youtube.ownChannelId,
        now,
        lastDay: anchorDay,
        readings,
        repetitions,
      } satisfies CollectionMeasurement,
    );
    return { ...result, readings, repetitions, peakRssMiB };
  });
}
