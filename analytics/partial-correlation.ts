/** Correlation of what is left of two sides once their controls are taken out by least squares. */
import { fisherInterval, ranks } from './correlation.js';
import { explainedVarianceInterval } from './noncentral-f.js';
import { logIncompleteBeta } from './special-functions.js';
import { mean } from './summary.js';

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

/**
 * Association of the columns `x` with `y` given the controls (each with an intercept), over the rows in which
 * all are finite. p is the F test of the columns in the regression with the controls; of one column that is
 * the t test of the partial correlation with n − 2 − controls degrees of freedom (Fisher 1924). Without
 * controls and of one column it is Pearson's correlation.
 * Null below three degrees of freedom, and where x or y is a combination of the controls.
 * @param x one column, or the several that stand for one feature
 * @param options.byRank what is left of y, and of a single x, is ranked before the two are compared: Spearman's
 *   correlation of the residuals (as Liu, Li, Wanga & Shepherd 2018, with residuals of least squares)
 */
export function partialAssociation(
  x: readonly Float64Array[],
  y: Float64Array,
  controls: readonly Float64Array[],
  { confidence = 0.95, byRank = false }: { confidence?: number; byRank?: boolean } = {},
): PartialAssociation | null {
  const rows = completeRows([...x, y, ...controls]);
  const n = rows.length;
  const basis = orthonormalBasis(controls.map((column) => centred(column, rows)));
  const given = basis.length;
  const left = residual(centred(y, rows), basis);
  if (left === null) return null;
  const response = byRank ? rankUnit(left) : left;
  const bare = orthonormalBasis(
    x.map((column) => centred(column, rows)),
    basis,
  );
  const columns = byRank && x.length === 1 ? bare.map(rankUnit) : bare;
  const q = columns.length;
  const df = n - 1 - q - given;
  if (q === 0 || df < 3) return null;
  // Residuals of unit vectors: 1 − R² from what is left keeps its digits near 1.
  let rest = response;
  let explained = 0;
  let first = 0;
  for (const column of columns) {
    first = dot(column, rest);
    explained += first * first;
    rest = minus(rest, column, first);
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

function rankUnit(values: Float64Array): Float64Array {
  return scaled(centredAll(ranks(settled(values))));
}

/** Equal values differ in their last digits after a projection; they are to share a rank. */
function settled(values: Float64Array): Float64Array {
  return values.map((value) => Math.round(value * 1e10));
}

function centredAll(values: Float64Array): Float64Array {
  const centre = mean(values);
  return values.map((value) => value - centre);
}

function completeRows(columns: readonly Float64Array[]): Int32Array {
  const length = columns[0]!.length;
  if (columns.some((column) => column.length !== length)) {
    throw new RangeError('The columns of an association differ in length');
  }
  const rows: number[] = [];
  for (let i = 0; i < length; i++) {
    if (columns.every((column) => Number.isFinite(column[i]!))) rows.push(i);
  }
  return Int32Array.from(rows);
}

/** The rows' values about their mean, scaled to length one; all 0 where they are constant to their last digits. */
function centred(column: Float64Array, rows: Int32Array): Float64Array {
  const values = Float64Array.from(rows, (row) => column[row]!);
  const centre = mean(values);
  let magnitude = 0;
  let largest = 0;
  for (const value of values) {
    magnitude = Math.max(magnitude, Math.abs(value));
    largest = Math.max(largest, Math.abs(value - centre));
  }
  if (!(largest > magnitude * 4 * Number.EPSILON)) return values.fill(0);
  const unit = values.map((value) => (value - centre) / largest);
  const drift = mean(unit);
  for (let i = 0; i < unit.length; i++) unit[i] = unit[i]! - drift;
  return scaled(unit);
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
  let left = unit;
  for (let pass = 0; pass < 2; pass++) {
    for (const direction of basis) left = minus(left, direction, dot(left, direction));
  }
  return Math.sqrt(dot(left, left)) > leftOver ? scaled(left) : null;
}

function scaled(values: Float64Array): Float64Array {
  const length = Math.sqrt(dot(values, values));
  return values.map((value) => value / length);
}

function minus(values: Float64Array, direction: Float64Array, amount: number): Float64Array {
  const result = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) result[i] = values[i]! - amount * direction[i]!;
  return result;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
