/**
 * What stands behind an association: the content's age, its platform and its format, taken out by regression
 * and looked at stratum by stratum.
 */
import type {
  Confounder,
  PartialCorrelation,
  StratifiedCorrelation,
} from '../contracts/correlation-models.js';
import { pearson } from './correlation.js';
import type { FeatureTable } from './feature-table.js';
import { adjustOutcome, associationGiven, type AdjustedOutcome } from './partial-correlation.js';
import { stratifiedCorrelation } from './stratified-correlation.js';
import { finiteOf, sortedQuantile } from './summary.js';

/** What an association is held against, each with its columns for a regression and its strata. */
export interface Controls {
  columns: ReadonlyMap<Confounder, Float64Array[]>;
  strata: ReadonlyMap<Confounder, (string | null)[]>;
}

/** Contents that a band of ages has at least; up to three bands of equal size. */
const leastPerBand = 10;
const mostBands = 3;
/** An association that keeps more than this share of its size has not vanished, it has lost certainty. */
const keptShare = 2 / 3;

/** Age, platform and format as controls; those that do not vary over the contents are left out. */
export function controlsOf(table: FeatureTable): Controls {
  const columns = new Map<Confounder, Float64Array[]>();
  const strata = new Map<Confounder, (string | null)[]>();
  const ages = finiteOf(table.ageDays);
  if (ages.some((age) => age !== ages[0])) {
    // Gains flatten with age: a line alone leaves the curve in. Powers 1 and 0 of Royston & Altman (1994).
    columns.set('age', [table.ageDays, table.ageDays.map((age) => Math.log1p(Math.max(0, age)))]);
    const bands = ageBands(table.ageDays, ages.toSorted());
    if (bands !== null) strata.set('age', bands);
  }
  for (const name of ['platform', 'format'] as const) {
    const levels = table.categorical.get(name) ?? [];
    const distinct = Array.from(new Set(levels.filter((level) => level !== null))).sort();
    if (distinct.length < 2) continue;
    columns.set(
      name,
      distinct.slice(1).map((level) => indicatorOf(levels, level)),
    );
    strata.set(name, levels);
  }
  return { columns, strata };
}

/** 1 with the level, 0 with another, NaN where none is known. */
export function indicatorOf(levels: readonly (string | null)[], level: string): Float64Array {
  return Float64Array.from(levels, (one) => (one === null ? Number.NaN : one === level ? 1 : 0));
}

function ageBands(ageDays: Float64Array, sorted: Float64Array): (string | null)[] | null {
  const count = Math.min(mostBands, Math.floor(sorted.length / leastPerBand));
  if (count < 2) return null;
  const limits = Array.from({ length: count - 1 }, (_, i) =>
    Math.ceil(sortedQuantile(sorted, (i + 1) / count)),
  );
  return Array.from(ageDays, (age) => {
    if (!Number.isFinite(age)) return null;
    const band = limits.findIndex((limit) => age <= limit);
    if (band < 0) return `over ${limits.at(-1)!} days`;
    return band === 0 ? `up to ${limits[0]!} days` : `${limits[band - 1]!} to ${limits[band]!} days`;
  });
}

/** A partial correlation before it is adjusted over its family. */
export type Partial = Omit<PartialCorrelation, 'adjusted_p_value'>;

/** An outcome over the contents that a test used, and what is left of it given the controls. */
export interface ObservedOutcome {
  y: Float64Array;
  rows: Int32Array;
  /** By controls and whether ranks are compared; filled as questions come. */
  adjusted: Map<string, AdjustedOutcome | null>;
}

export interface ConfoundingQuestion {
  /** Name of the feature; a level's is `format=short`. It is no control of itself. */
  feature: string;
  /** The columns that stand for the feature. */
  x: readonly Float64Array[];
  outcome: ObservedOutcome;
}

/**
 * Where ranks are compared, age, platform and format are taken to multiply an outcome rather than to add to it:
 * they are taken out of its logarithm where it has one, and what is left is ranked. Taken out of the ranks, they
 * leave what is bent: of associations made by age and format together at 300 contents, half stayed unmarked.
 */
function onLogScale(y: Float64Array): Float64Array {
  return y.some((value) => value < 0) ? y : y.map((value) => Math.log1p(value));
}

/** The association given age, platform and format, each alone and, where there are several, all together. */
export function partialsOf(controls: Controls, question: ConfoundingQuestion, byRank: boolean): Partial[] {
  const { feature, x, outcome } = question;
  const own = feature.split('=')[0];
  const asked = Array.from(controls.columns.keys()).filter((name) => name !== own);
  const given = (names: Confounder[]): Partial[] => {
    const key = `${names.join()} ${byRank}`;
    let adjusted = outcome.adjusted.get(key);
    if (adjusted === undefined) {
      const columns = names.flatMap((name) => controls.columns.get(name)!);
      adjusted = adjustOutcome(byRank ? onLogScale(outcome.y) : outcome.y, columns, outcome.rows, byRank);
      outcome.adjusted.set(key, adjusted);
    }
    const found = adjusted === null ? null : associationGiven(adjusted, x);
    if (found === null || found.controls === 0) return [];
    return [
      {
        ...{ given: names, coefficient: found.coefficient, p_value: Math.exp(found.ln_p) },
        ...{ confidence_interval: found.interval, sample_size: found.n },
      },
    ];
  };
  const single = asked.flatMap((name) => given([name]));
  if (single.length < 2) return single;
  return [...single, ...given(single.flatMap((one) => one.given))];
}

/** The association within bands of age, platforms and formats; for features of one column. */
export function strataOf(
  controls: Controls,
  { feature, x, outcome }: ConfoundingQuestion,
): StratifiedCorrelation[] {
  const { y, rows } = outcome;
  const values = Float64Array.from(rows, (row) => x[0]![row]!);
  const outcomes = Float64Array.from(rows, (row) => y[row]!);
  const crude = pearson(values, outcomes)?.r ?? 0;
  return Array.from(controls.strata).flatMap(([by, levels]) => {
    if (by === feature.split('=')[0]) return [];
    const found = stratifiedCorrelation(
      values,
      outcomes,
      Array.from(rows, (row) => levels[row] ?? null),
    );
    if (found === null) return [];
    const reverses = crude * found.pooled < 0 && found.p < 0.05;
    return [
      {
        by,
        strata: found.strata.map(({ level, r, n, ci }) => ({
          ...{ level, coefficient: r, confidence_interval: ci, sample_size: n },
        })),
        ...{ pooled_coefficient: found.pooled, confidence_interval: found.interval, p_value: found.p },
        ...{ q: found.q, q_p_value: found.qP, i_squared: found.iSquared },
        agreement: reverses ? 'reverse' : found.qP < 0.05 ? 'differ' : 'agree',
      },
    ];
  });
}

/**
 * What accounts for an association whose own p lies below the level: the controls given which it vanishes — its
 * partial p is no longer below the level and it keeps at most two thirds of its size — or turns its sign. The
 * size is asked for since a control that explains nothing still costs degrees of freedom. Where no single one
 * does, all of them together may. It is asked of associations that the adjustment for many tests has dismissed
 * too: they are what a reader of single figures would take for findings.
 */
export function confoundersOf(
  association: { coefficient: number; p: number; adjustedP: number },
  partials: readonly PartialCorrelation[],
  significanceLevel: number,
): Confounder[] {
  const { coefficient, p, adjustedP } = association;
  if (!(p < significanceLevel)) return [];
  const accounts = (partial: PartialCorrelation): boolean => {
    if (partial.coefficient * coefficient < 0) return true;
    const left = adjustedP < significanceLevel ? partial.adjusted_p_value : partial.p_value;
    return left >= significanceLevel && Math.abs(partial.coefficient) <= keptShare * Math.abs(coefficient);
  };
  const single = partials.filter((partial) => partial.given.length === 1 && accounts(partial));
  if (single.length > 0) return single.flatMap(({ given }) => given);
  return partials.find((partial) => partial.given.length > 1 && accounts(partial))?.given ?? [];
}
