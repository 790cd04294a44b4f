/** Counters of an account's contents at instants, fetched and loaded chunk by chunk. */
import { addDays, dayBounds } from '../analytics/calendar.js';
import { addCounts, type SnapshotBatch } from '../contracts/records.js';
import type { CollectProgress } from '../contracts/runs.js';
import { coverageOf } from '../store/coverage.js';
import { loadSnapshots } from '../store/load/load-snapshots.js';
import type { CoveredDay } from '../store/load/options.js';
import {
  capabilityOf,
  collectedContents,
  reportZone,
  openCollection,
  type CollectionDeps,
  type CollectionRequest,
  type OpenCollection,
} from './collection.js';
import { CollectionInterrupted, nothingCollected } from './collect-progress.js';
import { readingsOf, type Reading } from './collect-readings.js';
import { onceReachable } from './once-reachable.js';

/** A commit costs some 10 ms and a crash loses what is not committed: five seconds of fetching are neither. */
const commitEveryMs = 5_000;
/** Days that a collection which was away may have left provisional. */
const endedDaysLookback = 7;
/** A reading of more contents is committed in parts. */
const contentsPerPart = 5_000;

/**
 * Reads the counters of everything tracked at each instant of the window. A day is covered by the transaction
 * that commits its last reading. Running it again changes nothing, and so does resuming it.
 *
 * @throws CollectionInterrupted with the source's or the store's error and what was committed by then
 */
export async function collectCounters(
  deps: CollectionDeps,
  request: CollectionRequest,
): Promise<CollectProgress> {
  const collection = await openCollection(deps, request.input, request.signal);
  const load = new CounterLoad(deps, request, collection);
  try {
    await load.readAll();
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new CollectionInterrupted(error, load.progress);
  }
  return load.progress;
}

class CounterLoad {
  progress: CollectProgress;
  private readonly zone: string;
  private readonly history: 'now' | 'range';
  private batches: SnapshotBatch[] = [];
  private rows = 0;
  private covered: CoveredDay[] = [];
  private committedAt = performance.now();
  /** Where the batches at hand end, once they are committed. */
  private position: { step: number; offset: number };

  constructor(
    private readonly deps: CollectionDeps,
    private readonly request: CollectionRequest,
    private readonly collection: OpenCollection,
  ) {
    const capability = capabilityOf(collection.source, 'counters');
    this.zone = reportZone(collection.account, 'counters', capability);
    this.history = capability.history;
    this.progress = request.resumeFrom ?? nothingCollected;
    this.position = this.progress;
  }

  async readAll(): Promise<void> {
    const { input } = this.request;
    const readings = readingsOf(input, this.history, this.zone, this.deps.clock.now());
    for (const reading of readings.slice(this.progress.step)) {
      try {
        await this.read(reading);
      } catch (error) {
        // What was fetched before it is whole: it need not be fetched again.
        if (!this.request.signal.aborted) await this.commit();
        throw error;
      }
      const isLast = this.position.step === readings.length;
      const isDue = performance.now() - this.committedAt > commitEveryMs;
      if (isLast || isDue || this.rows >= this.deps.settings.chunkRows) await this.commit();
    }
  }

  private async read(reading: Reading): Promise<void> {
    const { input } = this.request;
    const { account, source, context } = this.collection;
    const at = reading.moment === null ? this.deps.clock.now() : new Date(reading.moment);
    const contents = await collectedContents(this.deps.pool, account.id, at, input.release);
    let { step, offset } = this.position;
    while (offset < contents.length) {
      const part = contents.slice(offset, offset + contentsPerPart).map(({ externalId }) => externalId);
      const fetched: SnapshotBatch[] = [];
      for await (const batch of source.fetchSnapshots(part, reading.moment, context)) fetched.push(batch);
      this.batches.push(...fetched);
      this.rows += part.length;
      offset += part.length;
      this.position = { step, offset };
      if (offset < contents.length && this.rows >= this.deps.settings.chunkRows) await this.commit();
    }
    step += 1;
    this.position = { step, offset: 0 };
    if (reading.completesDay && input.release === undefined) this.covered.push(this.coveredDay(reading.day));
  }

  private coveredDay(day: string): CoveredDay {
    return { day, final: dayBounds(day, this.zone).end <= this.deps.clock.now() };
  }

  private async commit(): Promise<void> {
    const { step, offset } = this.position;
    if (step === this.progress.step && offset === this.progress.offset) return;
    const { account, source } = this.collection;
    const { runId, signal, onProgress } = this.request;
    // The batches stay in memory until Postgres is back: what was fetched costs no quota again.
    const counts = await onceReachable(signal, async () =>
      loadSnapshots(this.deps.pool, source.platform, this.batches, {
        source: 'reported',
        run: { id: runId, now: this.deps.clock.now() },
        account: { id: account.id, report: 'counters' },
        covered: [...(await this.endedDays()), ...this.covered],
        chunkRows: this.deps.settings.chunkRows,
        signal,
      }),
    );
    this.progress = {
      step,
      offset,
      counts: addCounts(this.progress.counts, counts),
      coveredDays: this.progress.coveredDays + this.covered.length,
      warnings: this.collection.warnings(),
    };
    this.batches = [];
    this.covered = [];
    this.rows = 0;
    this.committedAt = performance.now();
    onProgress(this.progress);
  }

  /** Days that were read while they lasted and have ended since: nothing can be added to them. */
  private async endedDays(): Promise<CoveredDay[]> {
    const first = this.covered[0]?.day;
    if (first === undefined || this.history === 'range') return [];
    const before = await coverageOf(
      this.deps.pool,
      this.collection.account.id,
      'counters',
      addDays(first, -endedDaysLookback),
      first,
    );
    return before.filter(({ state }) => state === 'provisional').map(({ day }) => ({ day, final: true }));
  }
}
