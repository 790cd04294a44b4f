/**
 * The ranking of stock sources, computed anew from events for any day and half-life. A release's score is
 * shared among its clips by number, halves in weight with every half-life since the day it speaks of, and each
 * source is drawn towards what all reach together, the more the less evidence there is.
 */
import type { StockSourceRank } from '../contracts/models.js';
import { normalQuantile } from './distributions.js';
import {
  creditSources,
  type CreditedRelease,
  type RankingOptions,
  type StockCredit,
  type StockEvent,
  type StockUsage,
} from './stock-evidence.js';
import { neutralScore, sourcePosterior, type SourcePosterior } from './stock-posterior.js';

export const rankingMethod = 'multiple-membership';
export const rankingVersion = 2;

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
  /**
   * Points by which this release moves the source's score away from the prior's, after what the release's
   * other sources account for.
   */
  effect: number;
}

export interface RankedSource extends StockSourceRank {
  /** Largest effect first; they add up to the score less the prior, where that is within 0..10. */
  contributions: RankingContribution[];
  /** The score that a source without any evidence has. */
  prior: number;
  /** Standard deviation of the score's posterior. */
  deviation: number;
  /** 0..1: how far the source's own evidence, and not the prior, decides. */
  reliability: number;
  /** 0..1: the share of the scores' variance that goes with the source, over all sources. */
  variance_share: number;
  half_life_days: number;
  method: string;
  version: number;
}

/** Under this many releases a source's rank is marked. */
const lowEvidenceBelow = 5;
const reach = normalQuantile(0.975);

/**
 * Ranks every source that was used, best first; equal scores in order of name, so that without any evidence
 * the order is by name alone. The interval holds 95 %. Of several events of a release the last one counts.
 * @throws RangeError for a half-life that is not positive.
 */
export function rankSources(
  usages: readonly StockUsage[],
  events: readonly StockEvent[],
  options: RankingOptions,
): RankedSource[] {
  const credit = creditSources(usages, events, options);
  const posterior = posteriorOf(credit);
  const contributions = contributionsOf(credit, posterior);
  return credit.names
    .map((name, index): RankedSource => {
      // Sources that only ever came together can be told beyond the scale's ends.
      const score = Math.min(10, Math.max(0, posterior.mean[index]!));
      const deviation = posterior.deviation[index]!;
      const own = contributions[index]!;
      return {
        source_name: name,
        rank: 0,
        score,
        lower: Math.max(0, score - reach * deviation),
        upper: Math.min(10, score + reach * deviation),
        releases: own.length,
        low_evidence: own.length < lowEvidenceBelow,
        last_used: credit.lastUsed[index]!.toISOString(),
        contributions: own,
        prior: posterior.prior,
        deviation,
        reliability: posterior.reliability[index]!,
        variance_share: posterior.varianceShare,
        half_life_days: options.halfLifeDays,
        method: rankingMethod,
        version: rankingVersion,
      };
    })
    .sort((a, b) => b.score - a.score || (a.source_name < b.source_name ? -1 : 1))
    .map((source, index) => ({ ...source, rank: index + 1 }));
}

/** The posterior of every source, in order of name. */
export function posteriorOf({ names, releases }: StockCredit): SourcePosterior {
  const entries = releases.flatMap(({ shares }) => shares);
  const starts = new Int32Array(releases.length + 1);
  releases.forEach(({ shares }, index) => (starts[index + 1] = starts[index]! + shares.length));
  return sourcePosterior({
    sources: names.length,
    scores: Float64Array.from(releases, ({ score }) => score - neutralScore),
    weights: effectiveWeights(Float64Array.from(releases, ({ decay }) => decay)),
    starts,
    source: Int32Array.from(entries, ({ source }) => source),
    share: Float64Array.from(entries, ({ share }) => share),
  });
}

/**
 * Decays times the one factor that makes them add up to the effective number of releases, (Σd)² / Σd² (Kish 1965):
 * they say how much older releases count against younger ones, while a history of one age loses nothing.
 */
function effectiveWeights(decays: Float64Array): Float64Array {
  let sum = 0;
  let squares = 0;
  for (const decay of decays) {
    sum += decay;
    squares += decay * decay;
  }
  return decays.map((decay) => (decay * sum) / squares);
}

function contributionsOf(
  { names, releases }: StockCredit,
  { effects }: SourcePosterior,
): RankingContribution[][] {
  const bySource = names.map((): RankingContribution[] => []);
  let entry = 0;
  for (const release of releases) {
    for (const { source, share } of release.shares) {
      bySource[source]!.push(contribution(release, share, effects[entry++]!));
    }
  }
  for (const own of bySource) {
    own.sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect) || a.release_id - b.release_id);
  }
  return bySource;
}

function contribution(
  { releaseId, score, eventDay, decay }: CreditedRelease,
  share: number,
  effect: number,
): RankingContribution {
  return {
    ...{ release_id: releaseId, score, event_day: eventDay },
    ...{ share, decay, weight: share * decay, effect },
  };
}
