/** Clip usages and scores as the ranking takes them: each scored release with its decay and its sources' shares. */
import { daysBetween } from './calendar.js';

export interface StockUsage {
  sourceName: string;
  clipId: string;
  releaseId: number;
  usedAt: Date;
}

export interface StockEvent {
  releaseId: number;
  /** 0..10. */
  score: number;
  /** ISO day that the score speaks of. */
  eventDay: string;
}

/** Past this nothing is left in any figure; without the limit squares of decays underflow. */
const mostHalfLives = 500;

export interface RankingOptions {
  /** Events after this ISO day are not known yet. */
  asOfDay: string;
  /** Days in which an event's weight halves; above 0. */
  halfLifeDays: number;
}

/** A source's part in a release. */
export interface SourceShare {
  /** Index into the names. */
  source: number;
  /** Its clips over all clips of the release; 0 < share ≤ 1. */
  share: number;
}

export interface CreditedRelease {
  releaseId: number;
  score: number;
  eventDay: string;
  /** What age has left of the event, half of it each half-life; 0..1. */
  decay: number;
  /** In order of the sources' names; they add up to 1. */
  shares: readonly SourceShare[];
}

export interface StockCredit {
  /** Every source that was used, in order of name. */
  names: readonly string[];
  /** When each was last used. */
  lastUsed: readonly Date[];
  /** Scored releases with known clips, in order of id. */
  releases: readonly CreditedRelease[];
}

/**
 * Shares each release's score among its clips by number (the same clip logged twice is one) and lets it decay
 * from the day that it speaks of. Of several events of a release the last one by day counts, and of one day the
 * last one given. Neither the order of usages nor that of releases matters.
 * @throws RangeError for a half-life that is not positive, or a day that is none.
 */
export function creditSources(
  usages: readonly StockUsage[],
  events: readonly StockEvent[],
  options: RankingOptions,
): StockCredit {
  const { asOfDay, halfLifeDays } = options;
  if (!(halfLifeDays > 0)) throw new RangeError('A half-life is longer than nothing');
  const lastUsed = new Map<string, Date>();
  for (const { sourceName, usedAt } of usages) {
    const known = lastUsed.get(sourceName);
    if (known === undefined || known < usedAt) lastUsed.set(sourceName, usedAt);
  }
  const names = Array.from(lastUsed.keys()).sort(byCodeUnit);
  const clips = clipsByRelease(usages, new Map(names.map((name, index) => [name, index])));
  const releases: CreditedRelease[] = [];
  for (const { releaseId, score, eventDay } of latestEvents(events, asOfDay)) {
    const bySource = clips.get(releaseId);
    if (bySource === undefined) continue;
    let total = 0;
    for (const own of bySource.values()) total += own.size;
    const shares = Array.from(bySource, ([source, own]) => ({ source, share: own.size / total }));
    shares.sort((a, b) => a.source - b.source);
    const halfLives = Math.min(daysBetween(eventDay, asOfDay) / halfLifeDays, mostHalfLives);
    const decay = 2 ** -halfLives;
    releases.push({ releaseId, score, eventDay, decay, shares });
  }
  return { names, lastUsed: names.map((name) => lastUsed.get(name)!), releases };
}

/** Code units, as Postgres's "C" collation has it for names of ASCII. */
function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The event that counts for each release, in order of release. */
function latestEvents(events: readonly StockEvent[], asOfDay: string): StockEvent[] {
  const latest = new Map<number, StockEvent>();
  for (const event of events) {
    if (event.eventDay > asOfDay) continue;
    const known = latest.get(event.releaseId);
    if (known === undefined || known.eventDay <= event.eventDay) latest.set(event.releaseId, event);
  }
  return Array.from(latest.values()).sort((a, b) => a.releaseId - b.releaseId);
}

function clipsByRelease(
  usages: readonly StockUsage[],
  indexOf: ReadonlyMap<string, number>,
): Map<number, Map<number, Set<string>>> {
  const clips = new Map<number, Map<number, Set<string>>>();
  for (const { releaseId, sourceName, clipId } of usages) {
    const bySource = clips.get(releaseId) ?? new Map<number, Set<string>>();
    const source = indexOf.get(sourceName)!;
    const own = bySource.get(source) ?? new Set<string>();
    own.add(clipId);
    bySource.set(source, own);
    clips.set(releaseId, bySource);
  }
  return clips;
}
