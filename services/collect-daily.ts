/** Daily rows of an account's contents, fetched and loaded a stretch of days at a time. */
import { addDays, dayBounds, dayOf, daysBetween, eachDay } from '../analytics/calendar.js';
import { addCounts, type DailyRecord } from '../contracts/records.js';
import type { CollectProgress, DayWindow } from '../contracts/runs.js';
import type { ReportCapability } from '../sources/source.js';
import { loadDays } from '../store/load/load-days.js';
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
import { onceReachable } from './once-reachable.js';

/** Days a question: few enough that a page of 200 rows holds a small channel's. */
const daysPerStretch = 28;
const msPerDay = 86_400_000;

/**
 * Reads the daily report over the window. A day is covered by the transaction that commits its rows, and is
 * final once the source does not change it any more; a day that the source has no figures for yet stays open.
 *
 * @throws CollectionInterrupted with the source's or the store's error and what was committed by then
 */
export async function collectDaily(
  deps: CollectionDeps,
  request: CollectionRequest,
): Promise<CollectProgress> {
  const collection = await openCollection(deps, request.input, request.signal);
  let progress = request.resumeFrom ?? nothingCollected;
  try {
    const capability = capabilityOf(collection.source, 'daily');
    const zone = reportZone(collection.account, 'daily', capability);
    const days = new ReportDays(capability, zone, deps.clock.now());
    const contents = await collectedContents(deps.pool, collection.account.id, null, request.input.release);
    const externalIds = contents.map(({ externalId }) => externalId);
    for (const stretch of stretchesOf(request.input.window).slice(progress.step)) {
      progress = await readStretch(deps, request, collection, { stretch, externalIds, days, progress });
      request.onProgress(progress);
    }
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new CollectionInterrupted(error, progress);
  }
  return progress;
}

interface StretchState {
  stretch: DayWindow;
  externalIds: readonly string[];
  days: ReportDays;
  progress: CollectProgress;
}

async function readStretch(
  deps: CollectionDeps,
  { runId, input, signal }: CollectionRequest,
  { account, source, context, warnings }: OpenCollection,
  { stretch, externalIds, days, progress }: StretchState,
): Promise<CollectProgress> {
  const batches: DailyRecord[][] = [];
  for await (const batch of source.fetchDailyRows({ ...stretch, externalIds }, context)) batches.push(batch);
  const told = new Set(batches.flat().map(({ day }) => day));
  const covered =
    input.release === undefined
      ? eachDay(stretch.from, stretch.to).flatMap((day) => days.covered(day, told.has(day)) ?? [])
      : [];
  const counts = await onceReachable(signal, () =>
    loadDays(deps.pool, batches, {
      source: 'reported',
      run: { id: runId, now: deps.clock.now() },
      account: { id: account.id, report: 'daily' },
      covered,
      chunkRows: deps.settings.chunkRows,
      signal,
    }),
  );
  return {
    step: progress.step + 1,
    offset: 0,
    counts: addCounts(progress.counts, counts),
    coveredDays: progress.coveredDays + covered.length,
    warnings: warnings(),
  };
}

/** What the passing of time makes of a report's days. */
class ReportDays {
  private readonly today: string;

  constructor(
    private readonly capability: ReportCapability,
    private readonly zone: string,
    private readonly now: Date,
  ) {
    this.today = dayOf(now, zone);
  }

  /** Null for a day that may yet get figures and has none. */
  covered(day: string, hasRows: boolean): CoveredDay | null {
    const isLate = day <= addDays(this.today, -this.capability.lagDays);
    if (!hasRows && !isLate) return null;
    const settledAt = dayBounds(day, this.zone).end.getTime() + this.capability.finalAfterDays * msPerDay;
    return { day, final: settledAt <= this.now.getTime() };
  }
}

function stretchesOf({ from, to }: DayWindow): DayWindow[] {
  const count = Math.ceil(daysBetween(from, to) / daysPerStretch);
  return Array.from({ length: Math.max(0, count) }, (_, index) => {
    const end = addDays(from, (index + 1) * daysPerStretch);
    return { from: addDays(from, index * daysPerStretch), to: end < to ? end : to };
  });
}
