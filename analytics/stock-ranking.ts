/**
 * The ranking of stock sources, computed anew from events for any day and half-life. A release's score is
 * shared among its clips by number, halves in weight with every half-life since the day it speaks of, and is
 * drawn towards what all sources reach together, the more the less evidence there is.
 */
import type { StockSourceRank } from '../contracts/models.js';
import { daysBetween } from './calendar.js';
import { normalQuantile } from './distributions.js';

const rankingVersion = 1;

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

export interface RankingOptions {
  /** Events after this ISO day are not known yet. */
  asOfDay: string;
  /** Days in which an event's weight halves; above 0. */
  halfLifeDays: number;
}

export interface RankingContribution {
  release_id: number;
  score: number;
  event_day: string;
  /** The source's clips over all clips of the release. */
  share: number;
  /** What age has left of the event; 0..1. */
  decay: number;
  /** share × decay. */
  weight: number;
  /** Points by which this release moves the source's score away from the prior's. */
  effect: number;
}

export interface RankedSource extends StockSourceRank {
  /** Largest effect first; they add up to the score less the prior. */
  contributions: RankingContribution[];
  /** The score that a source without any evidence has. */
  prior: number;
  version: number;
}

/** Middle of the scale, before anything is known. */
const neutralScore = 5;
/** Releases' worth of evidence that the prior counts as. */
const priorWeight = 2;
/** Spread of scores assumed before any is known: that of scores spread evenly over 0..10. */
const priorSpread = 10 / Math.sqrt(12);
/** Under this many releases a source's rank is marked. */
const lowEvidenceBelow = 5;

/**
 * Ranks every source that was used, best first; equal scores in order of name, so that without any evidence
 * the order is by name alone. A source's interval (95 %) is that of a normal mean with the prior as
 * `priorWeight` releases and the spread of all scores. Of several events of a release the last one counts.
 * @throws RangeError for a half-life that is not positive.
 */
export function rankSources(
  usages: readonly StockUsage[],
  events: readonly StockEvent[],
  options: RankingOptions,
): RankedSource[] {
  const { asOfDay, halfLifeDays } = options;
  if (!(halfLifeDays > 0)) throw new RangeError('A half-life is longer than nothing');
  const scored = new Map<number, StockEvent & { decay: number }>();
  for (const event of events) {
    const age = daysBetween(event.eventDay, asOfDay);
    if (age < 0) continue;
    scored.set(event.releaseId, { ...event, decay: 2 ** (-age / halfLifeDays) });
  }
  const clips = clipsByRelease(usages);
  const evidence = new Map<string, Omit<RankingContribution, 'effect'>[]>();
  const lastUsed = new Map<string, Date>();
  for (const { sourceName, usedAt } of usages) {
    if (!evidence.has(sourceName)) evidence.set(sourceName, []);
    const known = lastUsed.get(sourceName);
    if (known === undefined || known < usedAt) lastUsed.set(sourceName, usedAt);
  }
  for (const [releaseId, bySource] of clips) {
    const event = scored.get(releaseId);
    if (event === undefined) continue;
    let total = 0;
    for (const own of bySource.values()) total += own.size;
    for (const [sourceName, own] of bySource) {
      const share = own.size / total;
      evidence.get(sourceName)!.push({
        release_id: releaseId,
        score: event.score,
        event_day: event.eventDay,
        share,
        decay: event.decay,
        weight: share * event.decay,
      });
    }
  }
  const prior = pool(Array.from(evidence.values()).flat());
  return Array.from(evidence, ([name, own]) => judge(name, own, prior, lastUsed.get(name)))
    .sort((a, b) => b.score - a.score || (a.source_name < b.source_name ? -1 : 1))
    .map((source, index) => ({ ...source, rank: index + 1 }));
}

/** The same clip logged twice for a release is one clip. */
function clipsByRelease(usages: readonly StockUsage[]): Map<number, Map<string, Set<string>>> {
  const clips = new Map<number, Map<string, Set<string>>>();
  for (const { releaseId, sourceName, clipId } of usages) {
    const bySource = clips.get(releaseId) ?? new Map<string, Set<string>>();
    const own = bySource.get(sourceName) ?? new Set<string>();
    own.add(clipId);
    bySource.set(sourceName, own);
    clips.set(releaseId, bySource);
  }
  return clips;
}

interface Prior {
  score: number;
  spread: number;
}

/** What all sources reach together, itself drawn towards the middle of the scale. */
function pool(all: readonly Omit<RankingContribution, 'effect'>[]): Prior {
  let weights = priorWeight;
  let scores = priorWeight * neutralScore;
  for (const { weight, score } of all) {
    weights += weight;
    scores += weight * score;
  }
  const score = scores / weights;
  let squares = priorWeight * priorSpread * priorSpread;
  for (const one of all) squares += one.weight * (one.score - score) ** 2;
  return { score, spread: Math.sqrt(squares / weights) };
}

function judge(
  name: string,
  own: readonly Omit<RankingContribution, 'effect'>[],
  prior: Prior,
  lastUsed: Date | undefined,
): RankedSource {
  const weights = own.reduce((sum, { weight }) => sum + weight, priorWeight);
  const contributions = own
    .map((one) => ({ ...one, effect: (one.weight * (one.score - prior.score)) / weights }))
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect) || a.release_id - b.release_id);
  const score = contributions.reduce((sum, { effect }) => sum + effect, prior.score);
  const reach = (normalQuantile(0.975) * prior.spread) / Math.sqrt(weights);
  return {
    source_name: name,
    rank: 0,
    score,
    lower: Math.max(0, score - reach),
    upper: Math.min(10, score + reach),
    releases: own.length,
    low_evidence: own.length < lowEvidenceBelow,
    last_used: lastUsed?.toISOString() ?? null,
    contributions,
    prior: prior.score,
    version: rankingVersion,
  };
}
