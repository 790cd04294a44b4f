/** A team's history replayed: what each policy would have chosen before each release, and what was used. */
import { addDays } from './calendar.js';
import { creditSources, type StockCredit, type StockEvent, type StockUsage } from './stock-evidence.js';
import { posteriorOf } from './stock-ranking.js';

export const stockPolicies = ['ranking', 'plain_mean', 'first_used', 'random'] as const;
/** By the ranking; by means without decay or shrinkage; the sources used longest; all alike. */
export type StockPolicy = (typeof stockPolicies)[number];

export interface HistoricRelease {
  releaseId: number;
  /** ISO day on which its sources were chosen: what came on it or later was not known. */
  decidedOn: string;
  /** 0..10. */
  score: number;
  /** ISO day that the score speaks of. */
  eventDay: string;
  clips: readonly { sourceName: string; clipId: string }[];
}

export interface ReplayedChoice {
  releaseId: number;
  score: number;
  /** Share of the release's clips that came from what the policy would have chosen; under random the mean of it. */
  agreement: Record<StockPolicy, number>;
  /** How much likelier the policy was to choose the clips' sources than the team was. */
  weight: Record<StockPolicy, number>;
}

interface Situation {
  /** Sources used before, in order of name. */
  names: readonly string[];
  /** What each policy would choose; random has every source. */
  chosen: Record<StockPolicy, ReadonlySet<string>>;
  /** How likely the team is to use each source, by what it used before; one more use of each to begin with. */
  propensity: ReadonlyMap<string, number>;
}

/**
 * The releases that can be judged, in order of the day of choice: before them more sources were known than are
 * chosen, one at least had a score, and a part of their clips came from a known source. All sources that were used
 * before count as known.
 */
export function replayHistory(
  releases: readonly HistoricRelease[],
  options: { topN: number; halfLifeDays: number },
): ReplayedChoice[] {
  const ordered = releases
    .filter(({ clips }) => clips.length > 0)
    .sort((a, b) =>
      a.decidedOn === b.decidedOn ? a.releaseId - b.releaseId : a.decidedOn < b.decidedOn ? -1 : 1,
    );
  const usages: StockUsage[] = [];
  const events: StockEvent[] = [];
  const choices: ReplayedChoice[] = [];
  let known = 0;
  for (const release of ordered) {
    for (; ordered[known]!.decidedOn < release.decidedOn; known++) {
      const { releaseId, score, eventDay, decidedOn, clips } = ordered[known]!;
      const usedAt = new Date(`${decidedOn}T00:00:00Z`);
      for (const clip of clips) usages.push({ ...clip, releaseId, usedAt });
      events.push({ releaseId, score, eventDay });
    }
    const situation = situationOf(usages, events, release.decidedOn, options);
    const choice = situation === null ? null : chooseIn(situation, release);
    if (choice !== null) choices.push(choice);
  }
  return choices;
}

function situationOf(
  usages: readonly StockUsage[],
  events: readonly StockEvent[],
  decidedOn: string,
  { topN, halfLifeDays }: { topN: number; halfLifeDays: number },
): Situation | null {
  const asOfDay = addDays(decidedOn, -1);
  const credit = creditSources(usages, events, { asOfDay, halfLifeDays });
  const { names } = credit;
  if (names.length <= topN || credit.releases.length === 0) return null;
  const best = (worth: Float64Array): Set<string> => {
    const order = names.map((_, index) => index).sort((a, b) => worth[b]! - worth[a]! || a - b);
    return new Set(order.slice(0, topN).map((index) => names[index]!));
  };
  return {
    names,
    chosen: {
      ranking: best(posteriorOf(credit).mean),
      plain_mean: best(plainMeans(credit)),
      first_used: new Set(Array.from(new Set(usages.map(({ sourceName }) => sourceName))).slice(0, topN)),
      random: new Set(names),
    },
    propensity: propensities(usages, names),
  };
}

/** Means by credit; a source without any has that of all. */
function plainMeans({ names, releases }: StockCredit): Float64Array {
  const sums = new Float64Array(names.length);
  const shares = new Float64Array(names.length);
  let all = 0;
  for (const { score, shares: own } of releases) {
    all += score / releases.length;
    for (const { source, share } of own) {
      sums[source]! += share * score;
      shares[source]! += share;
    }
  }
  return sums.map((sum, index) => (shares[index]! > 0 ? sum / shares[index]! : all));
}

function propensities(usages: readonly StockUsage[], names: readonly string[]): Map<string, number> {
  const perRelease = new Map<number, string[]>();
  for (const { releaseId, sourceName } of usages) {
    const own = perRelease.get(releaseId);
    if (own === undefined) perRelease.set(releaseId, [sourceName]);
    else own.push(sourceName);
  }
  const credits = new Map(names.map((name) => [name, 1]));
  for (const own of perRelease.values()) {
    for (const name of own) credits.set(name, credits.get(name)! + 1 / own.length);
  }
  const total = names.length + perRelease.size;
  return new Map(Array.from(credits, ([name, credit]) => [name, credit / total]));
}

/** Null where every clip came from a source that was not known before: no policy could have chosen it. */
function chooseIn({ chosen, propensity }: Situation, release: HistoricRelease): ReplayedChoice | null {
  const clips = new Set(release.clips.map(({ sourceName, clipId }) => JSON.stringify([sourceName, clipId])));
  const shares = new Map<string, number>();
  for (const clip of clips) {
    const [name] = JSON.parse(clip) as [string, string];
    if (propensity.has(name)) shares.set(name, (shares.get(name) ?? 0) + 1 / clips.size);
  }
  if (shares.size === 0) return null;
  const choice: ReplayedChoice = {
    releaseId: release.releaseId,
    score: release.score,
    agreement: { ranking: 0, plain_mean: 0, first_used: 0, random: 0 },
    weight: { ranking: 0, plain_mean: 0, first_used: 0, random: 0 },
  };
  for (const policy of stockPolicies) {
    for (const [name, share] of shares) {
      if (!chosen[policy].has(name)) continue;
      choice.agreement[policy] += share;
      choice.weight[policy] += share / (chosen[policy].size * propensity.get(name)!);
    }
  }
  return choice;
}
