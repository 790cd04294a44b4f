/** Correlation of what is left of two sides once their controls are taken out by least squares. */
import { fisherInterval, ranks } from './correlation.js';
import { explainedVarianceInterval } from './noncentral-f.js';
import { logIncompleteBeta } from './special-functions.js';

export interface PartialAssociation {
  /** Partial r of one column; the partial multiple R, 0..1, of several. */
  coefficient: number;
  /** Degrees of freedom of the residuals: n − 1 − columns − controls. */
  df: number;
  n: number;
  /** Controls that vary over the rows and are no combination of one another. */
  controls: number;
  ln_p: number;
  /** Fisher's with n less the controls; of several columns by noncentral F. */
  interval: [low: number, high: number];
}

/** Of a column's length what must be left after its controls, or it is a combination of them. */
const leftOver = 1e-7;

/** An outcome less its controls over some rows: one for all the features that are known of the same rows. */
export interface AdjustedOutcome {
  rows: Int32Array;
  /** Orthonormal, of the controls about their means. */
  basis: Float64Array[];
  /** What is left of the outcome, of length one; its ranks where ranks are compared. */
  response: Float64Array;
  byRank: boolean;
}

/**
 * Takes the controls (and a constant) out of `y` over those of the rows in which all are finite.
 * Null where y is a combination of them.
 * @param byRank what is left of y, and of a single x, is ranked before the two are compared: Spearman's
 *   correlation of the residuals (as Liu, Li, Wanga & Shepherd 2018, with residuals of least squares)
 */
export function adjustOutcome(
  y: Float64Array,
  controls: readonly Float64Array[],
  rows: Int32Array,
  byRank = false,
): AdjustedOutcome | null {
  const columns = [y, ...controls];
  const complete = rows.filter((row) => columns.every((column) => Number.isFinite(column[row]!)));
  const basis = orthonormalBasis(controls.map((column) => centred(column, complete)));
  const left = residual(centred(y, complete), basis);
  if (left === null) return null;
  return { rows: complete, basis, response: byRank ? rankUnit(left) : left, byRank };
}

/**
 * Association of the columns `x` with an outcome given its controls. p is the F test of the columns in the
 * regression with the controls; of one column that is the t test of the partial correlation with
 * n − 2 − controls degrees of freedom (Fisher 1924). Without controls and of one column it is Pearson's
 * correlation. Null below three degrees of freedom, and where x is a combination of the controls.
 * @param x one column, or the several that stand for one feature; finite in the outcome's rows
 */
export function associationGiven(
  { rows, basis, response, byRank }: AdjustedOutcome,
  x: readonly Float64Array[],
  confidence = 0.95,
): PartialAssociation | null {
  const n = rows.length;
  const given = basis.length;
  const bare = orthonormalBasis(
    x.map((column) => centred(column, rows)),
    basis,
  );
  const columns = byRank && x.length === 1 ? bare.map(rankUnit) : bare;
  const q = columns.length;
  const df = n - 1 - q - given;
  if (q === 0 || df < 3) return null;
  // What is left of unit vectors: 1 − R² keeps its digits near 1.
  const rest = response.slice();
  let explained = 0;
  let first = 0;
  for (const column of columns) {
    first = dot(column, rest);
    explained += first * first;
    takeOut(rest, column, first);
  }
  const unexplained = dot(rest, rest);
  const total = explained + unexplained;
  const ln_p = logIncompleteBeta(df / 2, q / 2, unexplained / total, explained / total);
  if (x.length === 1) {
    const coefficient = Math.sign(first) * Math.sqrt(explained / total);
    const interval = fisherInterval(coefficient, n - given, confidence);
    return { coefficient, df, n, controls: given, ln_p, interval };
  }
  const f = unexplained > 0 ? explained / q / (unexplained / df) : Number.POSITIVE_INFINITY;
  const [low, high] = explainedVarianceInterval(f, q, df, n, confidence);
  return {
    ...{ coefficient: Math.sqrt(explained / total), df, n, controls: given, ln_p },
    interval: [Math.sqrt(low), Math.sqrt(high)],
  };
}

/** `associationGiven` for a single question, over the rows in which everything is finite. */
export function partialAssociation(
  x: readonly Float64Array[],
  y: Float64Array,
  controls: readonly Float64Array[],
  byRank = false,
): PartialAssociation | null {
  if ([...x, ...controls].some((column) => column.length !== y.length)) {
    throw new RangeError('The columns of an association differ in length');
  }
  const rows = Int32Array.from(y.keys()).filter((row) => x.every((column) => Number.isFinite(column[row]!)));
  const outcome = adjustOutcome(y, controls, rows, byRank);
  return outcome === null ? null : associationGiven(outcome, x);
}

/** Ranks about their mean, of length one. Equal values differ in their last digits after a projection. */
function rankUnit(values: Float64Array): Float64Array {
  const settled = values.map((value) => Math.round(value * 1e10));
  const centre = (values.length + 1) / 2;
  return scaled(ranks(settled).map((rank) => rank - centre));
}

/** The rows' values about their mean, scaled to length one; all 0 where they are constant to their last digits. */
function centred(column: Float64Array, rows: Int32Array): Float64Array {
  const n = rows.length;
  const values = new Float64Array(n);
  const origin = n > 0 ? column[rows[0]!]! : 0;
  let sum = 0;
  let magnitude = 0;
  for (let i = 0; i < n; i++) {
    const value = column[rows[i]!]!;
    magnitude = Math.max(magnitude, Math.abs(value));
    values[i] = value - origin;
    sum += values[i]!;
  }
  const centre = sum / n;
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(values[i]! - centre));
  if (!(largest > magnitude * 4 * Number.EPSILON)) return values.fill(0);
  let drift = 0;
  for (let i = 0; i < n; i++) {
    values[i] = (values[i]! - centre) / largest;
    drift += values[i]!;
  }
  drift /= n;
  for (let i = 0; i < n; i++) values[i] = values[i]! - drift;
  return scaled(values);
}

/** Gram and Schmidt's, twice over, beyond `known`; columns that are combinations of others are left out. */
function orthonormalBasis(
  columns: readonly Float64Array[],
  known: readonly Float64Array[] = [],
): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const column of columns) {
    const left = residual(column, [...known, ...basis]);
    if (left !== null) basis.push(left);
  }
  return basis;
}

/** What is left of a unit vector beyond the basis, scaled to length one; null where nothing is. */
function residual(unit: Float64Array, basis: readonly Float64Array[]): Float64Array | null {
  if (basis.length === 0) return dot(unit, unit) > 0 ? unit : null;
  const left = unit.slice();
  for (let pass = 0; pass < 2; pass++) {
    for (const direction of basis) takeOut(left, direction, dot(left, direction));
  }
  return Math.sqrt(dot(left, left)) > leftOver ? scaled(left) : null;
}

/** Scales to length one, in place. */
function scaled(values: Float64Array): Float64Array {
  const length = Math.sqrt(dot(values, values));
  for (let i = 0; i < values.length; i++) values[i] = values[i]! / length;
  return values;
}

/** Subtracts so much of the direction, in place. */
function takeOut(values: Float64Array, direction: Float64Array, amount: number): void {
  for (let i = 0; i < values.length; i++) values[i] = values[i]! - amount * direction[i]!;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
