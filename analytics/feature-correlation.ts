/**
 * How features of contents go with their outcomes, over one family of tests: correlations for numbers, tests of
 * groups for levels, each held against age, platform and format.
 */
import type {
  AssociationDetail,
  Confounder,
  CorrelationMethod,
  PartialCorrelation,
} from '../contracts/correlation-models.js';
import type { CorrelationResult } from '../contracts/models.js';
import {
  confoundersOf,
  controlsOf,
  partialsOf,
  strataOf,
  type Controls,
  type ObservedOutcome,
  type Partial,
} from './confounding.js';
import { adjustPValues, correlationDirection, correlationStrength } from './correlation.js';
import { interpretCorrelation } from './correlation-words.js';
import { questionsOf, reasonToWithhold, rowsOf, type Question } from './feature-questions.js';
import type { FeatureTable } from './feature-table.js';
import type { FeatureEffect, FeatureTest } from './feature-tests.js';

const correlationVersion = 2;

/** A correlation as insights take it. */
export interface FeatureCorrelation extends CorrelationResult {
  method: CorrelationMethod;
  version: number;
  /** What the association comes to, in shares of the outcome's mean; null where that is not positive. */
  effect: FeatureEffect | null;
}

/** A correlation with everything that the analysis found beside it. */
export interface FeatureAssociation extends FeatureCorrelation {
  confounded_by: Confounder[];
  detail: AssociationDetail;
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
  /** By adjusted p, the most certain first; ties by p, feature, metric and method. */
  results: FeatureAssociation[];
  withheld: WithheldCorrelation[];
}

interface Tested {
  question: Question;
  metric: string;
  test: FeatureTest;
  outcome: ObservedOutcome;
  partials: Partial[];
}

/**
 * Tests every feature against every outcome: Pearson and Spearman for numbers, also on the circle for hours;
 * having a level or not by Welch or Kruskal and Wallis; three levels or more also as a whole. p-values are
 * adjusted by Benjamini and Hochberg over all tests but Spearman's, which ask the same questions again and make
 * a family of their own; those of partial correlations over the tests given the same. Features and outcomes
 * that do not vary, and pairs with too few contents, are withheld with the reason.
 */
export function correlateFeatures(
  table: FeatureTable,
  options: FeatureCorrelationOptions = {},
): CorrelationFamily {
  const minContents = Math.max(3, options.minContents ?? 10);
  const significanceLevel = options.significanceLevel ?? 0.05;
  const controls = controlsOf(table);
  const withheld: WithheldCorrelation[] = [];
  const tested: Tested[] = [];
  const observed = new Map<string, ObservedOutcome[]>();
  for (const question of questionsOf(table)) {
    const { feature, method, columns: x } = question;
    for (const [metric, y] of table.outcomes) {
      const rows = rowsOf(question, y);
      const reason = reasonToWithhold(question, y, rows, minContents);
      const test = reason === null ? question.test(y, rows) : null;
      if (test === null) {
        withheld.push({
          ...{ feature, metric, method, version: correlationVersion, sample_size: rows.length },
          withheld: reason ?? 'does not vary',
        });
        continue;
      }
      const byRank = test.method === 'spearman' || test.method === 'kruskal-wallis';
      const outcome = observedOver(observed, metric, y, rows);
      const partials = partialsOf(controls, { feature, x, outcome }, byRank);
      tested.push({ question, metric, test, outcome, partials });
    }
  }
  const byRank = tested.filter(({ test }) => test.method === 'spearman');
  const byValue = tested.filter(({ test }) => test.method !== 'spearman');
  const results = [byValue, byRank].flatMap((family) => conclude(family, controls, significanceLevel));
  return { results: results.sort(byCertainty), withheld };
}

/** One a metric and set of contents: most features are known of the same ones, and share what is costly. */
function observedOver(
  known: Map<string, ObservedOutcome[]>,
  metric: string,
  y: Float64Array,
  rows: Int32Array,
): ObservedOutcome {
  const ofMetric = known.get(metric) ?? [];
  const same = ofMetric.find(
    (one) => one.rows.length === rows.length && one.rows.every((row, i) => row === rows[i]),
  );
  if (same !== undefined) return same;
  const outcome = { y, rows, adjusted: new Map() };
  known.set(metric, [...ofMetric, outcome]);
  return outcome;
}

function conclude(
  family: readonly Tested[],
  controls: Controls,
  significanceLevel: number,
): FeatureAssociation[] {
  const adjusted = adjustPValues(family.map(({ test }) => Math.exp(test.ln_p)));
  const partials = adjustedPartials(family.map((one) => one.partials));
  return family.map((tested, index) =>
    toResult(tested, adjusted[index]!, partials[index]!, controls, significanceLevel),
  );
}

/** Partial correlations given the same controls are one family. */
function adjustedPartials(partials: readonly (readonly Partial[])[]): PartialCorrelation[][] {
  const families = new Map<string, Partial[]>();
  for (const partial of partials.flat()) {
    const key = partial.given.join();
    const family = families.get(key);
    if (family === undefined) families.set(key, [partial]);
    else family.push(partial);
  }
  const adjusted = new Map<Partial, number>();
  for (const family of families.values()) {
    adjustPValues(family.map(({ p_value }) => p_value)).forEach((p, i) => adjusted.set(family[i]!, p));
  }
  return partials.map((own) =>
    own.map((partial) => {
      const { given, coefficient, p_value, confidence_interval, sample_size } = partial;
      return {
        ...{ given, coefficient, p_value, adjusted_p_value: adjusted.get(partial)! },
        ...{ confidence_interval, sample_size },
      };
    }),
  );
}

function toResult(
  { question, metric, test, outcome }: Tested,
  adjustedP: number,
  partials: PartialCorrelation[],
  controls: Controls,
  significanceLevel: number,
): FeatureAssociation {
  const { feature, columns } = question;
  const { method, coefficient, n } = test;
  const isOrdered = columns.length === 1;
  const isFound = adjustedP < significanceLevel;
  const p = Math.exp(test.ln_p);
  const confoundedBy = confoundersOf({ coefficient, p, adjustedP }, partials, significanceLevel);
  const strata =
    isOrdered && method !== 'spearman' ? strataOf(controls, { feature, x: columns, outcome }) : [];
  const centres = test.groups.map((group) => (method === 'kruskal-wallis' ? group.median : group.mean));
  const highest = test.groups[centres.indexOf(Math.max(...centres))]?.level ?? null;
  return {
    ...{ feature, metric, method, version: correlationVersion },
    correlation_coefficient: coefficient,
    p_value: p,
    adjusted_p_value: adjustedP,
    strength: correlationStrength(coefficient),
    direction: isOrdered ? correlationDirection(coefficient) : 'none',
    significance_level: significanceLevel,
    significant: isFound && confoundedBy.length === 0,
    sample_size: n,
    confidence_interval: test.interval,
    interpretation: interpretCorrelation({
      ...{ feature, metric, method, coefficient, n, adjustedP, significanceLevel },
      ...{ highest, confoundedBy, strata },
    }),
    effect: test.effect,
    confounded_by: confoundedBy,
    detail: {
      ln_p_value: Number.isFinite(test.ln_p) ? test.ln_p : null,
      statistic: test.statistic,
      parameters: test.parameters,
      groups: test.groups,
      effect_sizes: test.effectSizes,
      partial_correlations: partials,
      strata,
    },
  };
}

function byCertainty(a: FeatureAssociation, b: FeatureAssociation): number {
  const keyOf = (one: FeatureAssociation): string => `${one.feature}\n${one.metric}\n${one.method}`;
  const certainty = a.adjusted_p_value - b.adjusted_p_value || a.p_value - b.p_value;
  return certainty || (keyOf(a) < keyOf(b) ? -1 : 1);
}
