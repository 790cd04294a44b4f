/** The feature table as columns of a regression, several of which may stand for one feature. */
import { ranks } from './correlation.js';
import { normalQuantile } from './distributions.js';
import type { FeatureTable } from './feature-table.js';
import { circle, leastPerLevel } from './feature-tests.js';
import { mean, standardDeviation } from './summary.js';

export interface FeatureGroup {
  feature: string;
  /** Of mean 0 and variance 1 over the rows; a gap is 0, the mean. */
  columns: Float64Array[];
}

/**
 * A column or several for each feature that varies over the rows: numbers as normal scores of their ranks,
 * hours as cosine and sine, categories one column a level with at least three contents, and the content's age
 * beside them, so that nothing is credited with it.
 * @param rows the contents of which the outcome is known
 */
export function designOf(table: FeatureTable, rows: Int32Array): FeatureGroup[] {
  const pick = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row]!);
  const groups: FeatureGroup[] = [];
  const add = (feature: string, columns: readonly Float64Array[]): void => {
    const varying = columns.map(standardised).filter((column) => column !== null);
    if (varying.length > 0) groups.push({ feature, columns: varying });
  };
  for (const [feature, values] of table.numeric) {
    const period = table.circular.get(feature);
    const known = pick(values);
    add(feature, period === undefined ? [normalScores(known)] : circle(known, (2 * Math.PI) / period));
  }
  for (const [feature, levels] of table.categorical) {
    const known = Array.from(rows, (row) => levels[row] ?? null);
    const distinct = Array.from(new Set(known.filter((level) => level !== null))).sort();
    const counted = distinct.filter((level) => known.filter((one) => one === level).length >= leastPerLevel);
    if (distinct.length < 2) continue;
    add(
      feature,
      counted.map((level) =>
        Float64Array.from(known, (one) => (one === null ? Number.NaN : one === level ? 1 : 0)),
      ),
    );
  }
  const age = pick(table.ageDays);
  add('content_age', [normalScores(age), age.map((days) => Math.log1p(Math.max(0, days)))]);
  return groups;
}

/** Blom's (1958) normal scores of the ranks, Φ⁻¹((rank − 3/8) / (n + 1/4)); gaps stay gaps. */
export function normalScores(values: Float64Array): Float64Array {
  const ranked = ranks(values);
  const n = ranked.reduce((count, rank) => count + (Number.isNaN(rank) ? 0 : 1), 0);
  return ranked.map((rank) => normalQuantile((rank - 0.375) / (n + 0.25)));
}

/** Mean 0, variance 1 and gaps at the mean; null where nothing varies. */
export function standardised(values: Float64Array): Float64Array | null {
  const centre = mean(values);
  const spread = standardDeviation(values);
  if (!(spread > Math.abs(centre) * 4 * Number.EPSILON)) return null;
  return values.map((value) => (Number.isFinite(value) ? (value - centre) / spread : 0));
}
