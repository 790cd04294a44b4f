/**
 * Would choosing by the ranking have beaten choosing at random? Told from the team's own history: for each release
 * the ranking as it stood before it, and whether the sources used are those that it would have chosen.
 *
 * Off-policy evaluation: a policy's value is the mean score weighed by how likely the policy is to choose what was
 * used over how likely the team was to (self-normalised inverse propensity: Swaminathan & Joachims 2015), on the
 * releases that were made, and on no others. The team's own likelihood is its past use of each source.
 */
import { linearRegression } from 'simple-statistics';
import { mean } from './summary.js';
import { differenceOfMeans, gainOver, weightedMean, type Estimate } from './stock-history-estimates.js';
import {
  replayHistory,
  stockPolicies,
  type HistoricRelease,
  type ReplayedChoice,
  type StockPolicy,
} from './stock-replay.js';

export const historyMethod = 'self-normalised-inverse-propensity';
const historyVersion = 1;

export interface HistoryOptions {
  topN: number;
  halfLifeDays: number;
}

export interface PolicyResult {
  policy: StockPolicy;
  /** The mean score that choosing by the policy would have had. */
  mean_score: number;
  /** What it would have gained on choosing at random; null for random itself. */
  gain: Estimate | null;
  /** Releases whose sources (the larger part of their clips) it would have chosen. */
  agreeing: number;
}

export interface HistoryComparison {
  /** Releases whose sources the ranking would have chosen, and the others; mean scores. */
  agreeing: { releases: number; mean_score: number };
  otherwise: { releases: number; mean_score: number };
  /** Difference of the means, by Welch. */
  difference: Estimate;
}

export interface HistoryResult {
  method: string;
  version: number;
  top_n: number;
  half_life_days: number;
  /** Releases with a score and known sources. */
  releases: number;
  /** Those of them before which the ranking knew of more sources than it chooses, one at least with evidence. */
  judged: number;
  verdict: 'ranking_better' | 'ranking_worse' | 'no_difference_found' | 'not_enough_data';
  policies: PolicyResult[];
  comparison: HistoryComparison | null;
  interpretation: string;
  /** Why nothing is told; null where something is. */
  withheld_reason: string | null;
}

/** Below so many judged releases nothing is told, nor with fewer than so many on either side. */
const leastJudged = 20;
const leastOnASide = 5;

/**
 * Runs over the history in order of the days on which sources were chosen.
 * @param releases each with the day of choice; those without a score or sources are left out.
 * @throws RangeError for a half-life that is not positive or a `topN` that is no whole number from 1 on.
 */
export function judgeHistory(releases: readonly HistoricRelease[], options: HistoryOptions): HistoryResult {
  const { topN, halfLifeDays } = options;
  if (!Number.isInteger(topN) || topN < 1) throw new RangeError('top_n is a whole number from 1 on');
  const choices = replayHistory(releases, options);
  const told = {
    method: historyMethod,
    version: historyVersion,
    top_n: topN,
    half_life_days: halfLifeDays,
    releases: releases.length,
    judged: choices.length,
  };
  const missing = whatIsMissing(choices);
  if (missing !== null) {
    return {
      ...told,
      ...{ verdict: 'not_enough_data', policies: [], comparison: null },
      interpretation: `Not enough data: ${missing}.`,
      withheld_reason: missing,
    };
  }
  const scores = withoutTrend(choices);
  const policies = stockPolicies.map((policy) => evaluate(choices, scores, policy));
  const gain = policies.find(({ policy }) => policy === 'ranking')!.gain!;
  const verdict = gain.low > 0 ? 'ranking_better' : gain.high < 0 ? 'ranking_worse' : 'no_difference_found';
  return {
    ...told,
    verdict,
    policies,
    comparison: compare(choices, scores),
    interpretation: inWords(verdict, gain, choices.length, topN),
    withheld_reason: null,
  };
}

/** Whether the larger part of a release's clips came from what the policy chooses. */
function agrees(choice: ReplayedChoice, policy: StockPolicy): boolean {
  return choice.agreement[policy] >= 0.5;
}

function whatIsMissing(choices: readonly ReplayedChoice[]): string | null {
  if (choices.length < leastJudged) {
    return `needs ${leastJudged - choices.length} more scored releases made when more sources were known than are chosen`;
  }
  const agreeing = choices.filter((choice) => agrees(choice, 'ranking')).length;
  const fewer = Math.min(agreeing, choices.length - agreeing);
  if (fewer >= leastOnASide) return null;
  const side = fewer === agreeing ? 'that used a source which' : 'that used none which';
  return `needs ${leastOnASide - fewer} more releases ${side} the ranking would have chosen`;
}

/**
 * Scores less the straight line through them in order of time, at their common mean: a team that gets better while
 * its choices change would otherwise credit the choices.
 */
function withoutTrend(choices: readonly ReplayedChoice[]): Float64Array {
  const middle = (choices.length - 1) / 2;
  const { m: slope } = linearRegression(choices.map(({ score }, i) => [i - middle, score]));
  return Float64Array.from(choices, ({ score }, i) => score - slope * (i - middle));
}

function evaluate(
  choices: readonly ReplayedChoice[],
  scores: Float64Array,
  policy: StockPolicy,
): PolicyResult {
  const weights = (of: StockPolicy): Float64Array => Float64Array.from(choices, ({ weight }) => weight[of]);
  const own = weights(policy);
  const value = weightedMean(scores, own);
  return {
    policy,
    mean_score: value,
    gain: policy === 'random' ? null : gainOver(scores, own, weights('random')),
    agreeing: choices.filter((choice) => agrees(choice, policy)).length,
  };
}

function compare(choices: readonly ReplayedChoice[], scores: Float64Array): HistoryComparison {
  const agreeing = scores.filter((_, i) => agrees(choices[i]!, 'ranking'));
  const otherwise = scores.filter((_, i) => !agrees(choices[i]!, 'ranking'));
  return {
    agreeing: { releases: agreeing.length, mean_score: mean(agreeing) },
    otherwise: { releases: otherwise.length, mean_score: mean(otherwise) },
    difference: differenceOfMeans(agreeing, otherwise),
  };
}

function inWords(
  verdict: HistoryResult['verdict'],
  { value, low, high }: Estimate,
  releases: number,
  topN: number,
): string {
  const size = `${signed(value)} points of the score (95 % interval ${signed(low)} to ${signed(high)}, ${releases} releases)`;
  const choosing = `Choosing among the ${topN === 1 ? 'first' : `first ${topN}`} of the ranking`;
  switch (verdict) {
    case 'ranking_better':
      return `${choosing} is associated with ${size} against choosing at random: the ranking would have done better.`;
    case 'ranking_worse':
      return `${choosing} is associated with ${size} against choosing at random: the ranking would have done worse.`;
    default:
      return `${choosing} against choosing at random comes to ${size}: no difference can be told.`;
  }
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}
