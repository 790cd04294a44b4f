/** One test of a feature against an outcome, of the kind that the feature asks for. */
import type {
  AssociationGroup,
  CorrelationMethod,
  EffectSize,
  TestStatistic,
} from '../contracts/correlation-models.js';
import { pearson, spearman, spearmanInterval } from './correlation.js';
import { epsilonSquared, hedgesG, omegaSquared, rankBiserial } from './effect-sizes.js';
import { anova, kruskalWallis, rankGroups, welchAnova, welchT } from './group-tests.js';
import { explainedVarianceInterval } from './noncentral-f.js';
import { partialAssociation } from './partial-correlation.js';
import { mostPermutedRanks } from './rank-permutation.js';
import { mean, median, standardDeviation } from './summary.js';

/** What an association comes to, in shares of the outcome's mean. */
export interface FeatureEffect {
  /** Per standard deviation of a numeric feature; between having a level and not having it. */
  per: 'standard deviation' | 'level';
  /** 0.2: a fifth of the mean more; with the limits that the test's interval gives. */
  relative: number;
  low: number;
  high: number;
}

export interface FeatureTest {
  method: CorrelationMethod;
  coefficient: number;
  interval: [low: number, high: number];
  ln_p: number;
  n: number;
  statistic: TestStatistic;
  parameters: Record<string, number | string>;
  groups: AssociationGroup[];
  effectSizes: EffectSize[];
  effect: FeatureEffect | null;
}

/** Contents that a level and its absence need each, for a comparison to be one. */
export const leastPerLevel = 3;
/**
 * Means are compared where the smallest group has this many contents and the largest at most three times as
 * many. The sizes alone decide, not the values. On lognormal outcomes (σ = 1) without a difference, Welch's
 * test at 5 % rejects 15 % with groups of 3 and 27, 13 % with 10 and 90, and 6 % with 15 and 45 or 30 and 90;
 * Kruskal and Wallis's 5 to 6 % everywhere.
 */
const leastForMeans = 15;
const mostUnequal = 3;

function meansCompare(groups: readonly Float64Array[]): boolean {
  const sizes = groups.map((group) => group.length);
  const smallest = Math.min(...sizes);
  return smallest >= leastForMeans && Math.max(...sizes) <= mostUnequal * smallest;
}

/** Pearson's, or Spearman's of the ranks, of the finite pairs. */
export function testNumber(x: Float64Array, y: Float64Array, byRank: boolean): FeatureTest | null {
  const found = byRank ? spearman(x, y) : pearson(x, y);
  if (found === null) return null;
  const { r, ci, ln_p, n, t } = found;
  return {
    ...{ method: byRank ? 'spearman' : 'pearson', coefficient: r, interval: ci, ln_p, n },
    statistic: { name: 't', value: Number.isFinite(t) ? t : null, df: [n - 2] },
    parameters: { confidence: 0.95, p_by: byRank && n <= mostPermutedRanks ? 'permutations' : 't' },
    groups: [],
    effectSizes: [{ kind: 'r_squared', value: r * r, interval: null }],
    effect: byRank ? null : slopeEffect(y, r, ci),
  };
}

/** The least-squares slope, r · s(y) / s(x), a standard deviation of x, as a share of the outcome's mean. */
function slopeEffect(y: Float64Array, r: number, ci: readonly [number, number]): FeatureEffect | null {
  const level = mean(y);
  if (!(level > 0)) return null;
  const scale = standardDeviation(y) / level;
  return { per: 'standard deviation', relative: r * scale, low: ci[0] * scale, high: ci[1] * scale };
}

/**
 * Mardia's (1976) correlation of a number with an angle: the multiple R on its sine and cosine, with the F test
 * of the two.
 * @param period the turn's length, in the unit of x
 */
export function testCircle(x: Float64Array, y: Float64Array, period: number): FeatureTest | null {
  const angle = (2 * Math.PI) / period;
  const found = partialAssociation(circle(x, angle), y, []);
  if (found === null) return null;
  const { coefficient, interval, ln_p, n, df } = found;
  const share = coefficient * coefficient;
  return {
    ...{ method: 'circular-linear', coefficient, interval, ln_p, n },
    statistic: { name: 'F', value: share < 1 ? (share / (1 - share)) * (df / 2) : null, df: [2, df] },
    parameters: { period, confidence: 0.95 },
    groups: [],
    effectSizes: [
      { kind: 'r_squared', value: share, interval: [interval[0] * interval[0], interval[1] * interval[1]] },
    ],
    effect: null,
  };
}

/** Cosine and sine of a circular feature: the two columns that stand for it. */
export function circle(x: Float64Array, angle: number): [Float64Array, Float64Array] {
  return [x.map((value) => Math.cos(angle * value)), x.map((value) => Math.sin(angle * value))];
}

/**
 * Contents with a level against those without it, x being 1 or 0: Welch's t test, or Kruskal and Wallis's where
 * the sides are too small or unequal for means (see `leastForMeans`) or neither varies. The coefficient is the point-biserial r with
 * Welch's interval put on its scale, or Spearman's of the indicator.
 */
export function testLevel(
  x: Float64Array,
  y: Float64Array,
  names: readonly [having: string, lacking: string],
): FeatureTest | null {
  const having = y.filter((_, i) => x[i] === 1);
  const lacking = y.filter((_, i) => x[i] === 0);
  const all = Float64Array.from([...having, ...lacking]);
  const n = all.length;
  const ofMeans = welchT(having, lacking);
  const ranked = rankGroups([having, lacking]);
  const ofRanks = kruskalWallis(ranked);
  if (ofRanks === null) return null;
  const g = hedgesG(having, lacking);
  const common = {
    n,
    parameters: { confidence: 0.95, least_for_means: leastForMeans, most_unequal: mostUnequal },
    groups: [groupOf(names[0], having), groupOf(names[1], lacking)],
    effectSizes: [
      ...(g === null ? [] : [{ kind: 'hedges_g' as const, ...g }]),
      { kind: 'rank_biserial' as const, value: rankBiserial(ranked[0]!, ranked[1]!), interval: null },
    ],
    effect: ofMeans === null ? null : levelEffect(mean(all), ofMeans.difference, ofMeans.interval),
  };
  if (ofMeans !== null && meansCompare([having, lacking])) {
    const share = having.length / n;
    const scale = Math.sqrt((share * (1 - share) * n) / (n - 1)) / standardDeviation(all);
    const [low, high] = ofMeans.interval.map((limit) => Math.max(-1, Math.min(1, limit * scale)));
    return {
      ...common,
      ...{ method: 'welch-t', coefficient: ofMeans.difference * scale, interval: [low!, high!] },
      ln_p: ofMeans.ln_p,
      statistic: { name: 't', value: ofMeans.statistic, df: ofMeans.df },
    };
  }
  const side = Float64Array.from(all, (_, i) => (i < having.length ? 1 : 0));
  const { r } = pearson(side, Float64Array.from([...ranked[0]!, ...ranked[1]!]))!;
  return {
    ...common,
    ...{ method: 'kruskal-wallis', coefficient: r, interval: spearmanInterval(r, n), ln_p: ofRanks.ln_p },
    statistic: { name: 'H', value: ofRanks.statistic, df: ofRanks.df },
  };
}

function levelEffect(
  level: number,
  difference: number,
  [low, high]: readonly [number, number],
): FeatureEffect | null {
  if (!(level > 0)) return null;
  return { per: 'level', relative: difference / level, low: low / level, high: high / level };
}

/**
 * Whether three levels or more differ at all: Welch's analysis of variance; the classical one where a level
 * does not vary, since its weight would be infinite; Kruskal and Wallis's where the levels are too small or
 * unequal for means or none varies. The coefficient is the root of η², or of ε², with its interval by noncentral F.
 * @param groups at least two, each with a content
 */
export function testLevels(names: readonly string[], groups: readonly Float64Array[]): FeatureTest | null {
  const n = groups.reduce((sum, group) => sum + group.length, 0);
  const ofRanks = kruskalWallis(rankGroups(groups));
  if (ofRanks === null) return null;
  const classical = anova(groups);
  const welch = welchAnova(groups);
  const common = {
    n,
    parameters: { confidence: 0.95, least_for_means: leastForMeans, most_unequal: mostUnequal },
    groups: groups.map((group, i) => groupOf(names[i]!, group)),
    effect: null,
  };
  const df: [number, number] = [groups.length - 1, n - groups.length];
  const epsilon = epsilonSquared(ofRanks.statistic, n);
  const ofEpsilon = (): [number, number] =>
    explainedVarianceInterval(epsilon / df[0] / ((1 - epsilon) / df[1]), df[0], df[1], n);
  const chosen = welch ?? classical;
  if (classical !== null && chosen !== null && meansCompare(groups)) {
    const interval = explainedVarianceInterval(classical.statistic, df[0], df[1], n);
    return {
      ...common,
      method: welch === null ? 'anova' : 'welch-anova',
      coefficient: Math.sqrt(classical.etaSquared),
      interval: [Math.sqrt(interval[0]), Math.sqrt(interval[1])],
      ln_p: chosen.ln_p,
      statistic: { name: 'F', value: chosen.statistic, df: chosen.df },
      effectSizes: [
        { kind: 'eta_squared', value: classical.etaSquared, interval },
        { kind: 'omega_squared', value: omegaSquared(chosen.statistic, df[0], n), interval: null },
        { kind: 'epsilon_squared', value: epsilon, interval: null },
      ],
    };
  }
  const interval = ofEpsilon();
  return {
    ...common,
    method: 'kruskal-wallis',
    coefficient: Math.sqrt(epsilon),
    interval: [Math.sqrt(interval[0]), Math.sqrt(interval[1])],
    ln_p: ofRanks.ln_p,
    statistic: { name: 'H', value: ofRanks.statistic, df: ofRanks.df },
    effectSizes: [{ kind: 'epsilon_squared', value: epsilon, interval }],
  };
}

function groupOf(level: string, values: Float64Array): AssociationGroup {
  return {
    ...{ level, n: values.length, mean: mean(values), median: median(values) },
    standard_deviation: standardDeviation(values),
  };
}
