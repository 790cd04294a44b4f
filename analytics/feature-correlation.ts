/**
 * How features of contents go with their outcomes, over one family of tests: Pearson and Spearman for numbers,
 * the point-biserial correlation for each level of a category.
 */
import type { CorrelationResult } from '../contracts/models.js';
import {
  adjustPValues,
  correlationDirection,
  correlationStrength,
  interpretCorrelation,
  pearson,
  spearman,
  type Correlation,
} from './correlation.js';
import type { FeatureTable } from './feature-table.js';
import { mean, standardDeviation } from './summary.js';

const correlationVersion = 1;

export type CorrelationMethod = 'pearson' | 'spearman' | 'point-biserial';

export interface FeatureCorrelation extends CorrelationResult {
  method: CorrelationMethod;
  version: number;
  /** What the association comes to, in shares of the outcome's mean; null where that is not positive. */
  effect: FeatureEffect | null;
}

export interface FeatureEffect {
  /** Per standard deviation of a numeric feature; between having a level and not having it. */
  per: 'standard deviation' | 'level';
  /** 0.2: a fifth of the mean more; with the limits that the correlation's interval gives. */
  relative: number;
  low: number;
  high: number;
}

export interface WithheldCorrelation {
  feature: string;
  metric: string;
  method: CorrelationMethod;
  version: number;
  sample_size: number;
  withheld: string;
}

export interface FeatureCorrelationOptions {
  /** Contents with feature and outcome known below which nothing is said; 10 unless told. */
  minContents?: number;
  /** Level of the adjusted p; 0.05 unless told. */
  significanceLevel?: number;
}

export interface CorrelationFamily {
  /** By adjusted p, the most certain first; ties by feature, metric and method. */
  results: FeatureCorrelation[];
  withheld: WithheldCorrelation[];
}

/** Contents that a level and its absence need each, for a comparison to be one. */
const leastPerLevel = 3;

interface Test {
  feature: string;
  metric: string;
  method: CorrelationMethod;
  x: Float64Array;
  y: Float64Array;
  correlation: Correlation;
}

/**
 * Correlates every feature with every outcome. p-values are adjusted by Benjamini and Hochberg over all tests
 * of a kind (Spearman's ask the same questions again and make a family of their own). Features and outcomes
 * that do not vary, and pairs with too few contents, are withheld with the reason.
 */
export function correlateFeatures(
  table: FeatureTable,
  options: FeatureCorrelationOptions = {},
): CorrelationFamily {
  const minContents = Math.max(3, options.minContents ?? 10);
  const significanceLevel = options.significanceLevel ?? 0.05;
  const tests: Test[] = [];
  const withheld: WithheldCorrelation[] = [];
  const ask = (feature: string, x: Float64Array, binary: boolean): void => {
    for (const [metric, y] of table.outcomes) {
      const methods: CorrelationMethod[] = binary ? ['point-biserial'] : ['pearson', 'spearman'];
      for (const method of methods) {
        const reason = reasonToWithhold(x, y, binary, minContents);
        const correlation = method === 'spearman' ? spearman(x, y) : pearson(x, y);
        if (reason === null && correlation !== null)
          tests.push({ feature, metric, method, x, y, correlation });
        else {
          const sample_size = countPairs(x, y);
          withheld.push({
            ...{ feature, metric, method, version: correlationVersion, sample_size },
            withheld: reason ?? 'does not vary',
          });
        }
      }
    }
  };
  for (const [feature, x] of table.numeric) ask(feature, x, isBinary(x));
  for (const [feature, levels] of table.categorical) {
    for (const level of levelsOf(levels)) {
      const x = Float64Array.from(levels, (one) => (one === null ? Number.NaN : one === level ? 1 : 0));
      ask(`${feature}=${level}`, x, true);
    }
  }
  const byRank = tests.filter(({ method }) => method === 'spearman');
  const byValue = tests.filter(({ method }) => method !== 'spearman');
  const results = [byValue, byRank].flatMap((family) => {
    const adjusted = adjustPValues(family.map(({ correlation }) => correlation.p));
    return family.map((test, index) => toResult(test, adjusted[index]!, significanceLevel));
  });
  return { results: results.sort(byCertainty), withheld };
}

/** The levels to ask about: all of three or more, one of two, since the other asks the same. */
function levelsOf(levels: readonly (string | null)[]): string[] {
  const distinct = Array.from(new Set(levels.filter((level) => level !== null))).sort();
  return distinct.length === 2 ? distinct.slice(1) : distinct;
}

/** Both 0 and 1 occur, and nothing else. */
function isBinary(x: Float64Array): boolean {
  return (
    x.includes(0) && x.includes(1) && x.every((value) => Number.isNaN(value) || value === 0 || value === 1)
  );
}

function countPairs(x: Float64Array, y: Float64Array): number {
  let count = 0;
  for (let i = 0; i < x.length; i++) if (Number.isFinite(x[i]!) && Number.isFinite(y[i]!)) count++;
  return count;
}

function reasonToWithhold(
  x: Float64Array,
  y: Float64Array,
  binary: boolean,
  minContents: number,
): string | null {
  const n = countPairs(x, y);
  if (n < minContents) {
    const missing = minContents - n;
    return `needs ${missing} more ${missing === 1 ? 'content' : 'contents'}`;
  }
  const seen = x.filter((_, i) => Number.isFinite(y[i]!) && Number.isFinite(x[i]!));
  if (seen.every((value) => value === seen[0])) return `the feature is the same in all ${n} contents`;
  const outcomes = y.filter((_, i) => Number.isFinite(x[i]!) && Number.isFinite(y[i]!));
  if (outcomes.every((value) => value === outcomes[0])) return `the outcome is the same in all ${n} contents`;
  if (!binary) return null;
  const having = seen.reduce((sum, value) => sum + value, 0);
  const fewer = Math.min(having, n - having);
  return fewer < leastPerLevel ? `only ${fewer} of ${n} contents on one side` : null;
}

function toResult(test: Test, adjustedP: number, significanceLevel: number): FeatureCorrelation {
  const { feature, metric, method, correlation } = test;
  const { r, n, p, ci } = correlation;
  return {
    feature,
    metric,
    method,
    version: correlationVersion,
    correlation_coefficient: r,
    p_value: p,
    adjusted_p_value: adjustedP,
    strength: correlationStrength(r),
    direction: correlationDirection(r),
    significance_level: significanceLevel,
    significant: adjustedP < significanceLevel,
    sample_size: n,
    confidence_interval: ci,
    interpretation: interpretCorrelation({ feature, metric, r, n, adjustedP, significanceLevel }),
    effect: method === 'spearman' ? null : effectOf(test),
  };
}

/** The least-squares slope, r · s(y) / s(x), as a share of the outcome's mean. */
function effectOf({ x, y, method, correlation }: Test): FeatureEffect | null {
  const known = (_: number, i: number): boolean => Number.isFinite(x[i]!) && Number.isFinite(y[i]!);
  const outcomes = y.filter(known);
  const level = mean(outcomes);
  if (!(level > 0)) return null;
  const step = method === 'point-biserial' ? 1 / standardDeviation(x.filter(known)) : 1;
  const scale = (standardDeviation(outcomes) / level) * step;
  return {
    per: method === 'point-biserial' ? 'level' : 'standard deviation',
    relative: correlation.r * scale,
    low: correlation.ci[0] * scale,
    high: correlation.ci[1] * scale,
  };
}

function byCertainty(a: FeatureCorrelation, b: FeatureCorrelation): number {
  const keyOf = (one: FeatureCorrelation): string => `${one.feature}\n${one.metric}\n${one.method}`;
  return a.adjusted_p_value - b.adjusted_p_value || (keyOf(a) < keyOf(b) ? -1 : 1);
}
