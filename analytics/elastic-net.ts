/** Linear regression under the elastic net's penalty (Zou & Hastie 2005), fitted from cross-products alone. */

/** Products of all columns with one another and with the response, over some rows. */
export interface CrossProducts {
  /** Symmetric, columns × columns. */
  xx: Float64Array;
  xy: Float64Array;
  rows: number;
}

/** @param columns each as long as `y`; `rows` are indices into them */
export function crossProducts(
  columns: readonly Float64Array[],
  y: Float64Array,
  rows: Int32Array,
): CrossProducts {
  const p = columns.length;
  const picked = columns.map((column) => Float64Array.from(rows, (row) => column[row]!));
  const response = Float64Array.from(rows, (row) => y[row]!);
  const xx = new Float64Array(p * p);
  const xy = new Float64Array(p);
  for (let i = 0; i < p; i++) {
    for (let j = 0; j <= i; j++) {
      const product = dot(picked[i]!, picked[j]!);
      xx[i * p + j] = product;
      xx[j * p + i] = product;
    }
    xy[i] = dot(picked[i]!, response);
  }
  return { xx, xy, rows: rows.length };
}

/** The products over the rows that are in the whole and not in the part. */
export function without(whole: CrossProducts, part: CrossProducts): CrossProducts {
  return {
    xx: whole.xx.map((value, i) => value - part.xx[i]!),
    xy: whole.xy.map((value, i) => value - part.xy[i]!),
    rows: whole.rows - part.rows,
  };
}

/**
 * How much of the penalty is on sizes (which leaves features out) rather than squares (which shares among those
 * that say the same).
 */
const mixing = 0.9;
const mostSweeps = 1_000;
/** Coefficients that still change by less, on columns of variance one, are taken for settled. */
const exact = 1e-12;

/**
 * Coefficients that minimise Σ (y − xβ)² / 2n + penalty Σ (0.9 |β| + 0.1 β² / 2), penalty > 0: coordinate descent
 * with updates of covariances (Friedman, Hastie & Tibshirani 2010). `start` is changed and returned; nothing in it changes by more than
 * `settled` any longer.
 */
export function elasticNet(
  { xx, xy, rows }: CrossProducts,
  penalty: number,
  start = new Float64Array(xy.length),
  settled = exact,
): Float64Array {
  const p = xy.length;
  const gradient = xy.slice();
  for (let j = 0; j < p; j++) {
    if (start[j] !== 0) for (let i = 0; i < p; i++) gradient[i] = gradient[i]! - xx[j * p + i]! * start[j]!;
  }
  const threshold = penalty * mixing * rows;
  const shrinkage = penalty * (1 - mixing) * rows;
  const step = (j: number): number => {
    const own = xx[j * p + j]!;
    const before = start[j]!;
    const pull = gradient[j]! + own * before;
    if (before === 0 && Math.abs(pull) <= threshold) return 0;
    const after = (Math.sign(pull) * Math.max(0, Math.abs(pull) - threshold)) / (own + shrinkage);
    const change = after - before;
    if (change === 0) return 0;
    start[j] = after;
    const row = j * p;
    for (let i = 0; i < p; i++) gradient[i] = gradient[i]! - xx[row + i]! * change;
    return Math.abs(change);
  };
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let largest = 0;
    for (let j = 0; j < p; j++) largest = Math.max(largest, step(j));
    if (largest <= settled) break;
    // Those that are in settle among themselves before the others are asked again.
    for (let inner = 0; inner < mostSweeps && largest > settled; inner++) {
      largest = 0;
      for (let j = 0; j < p; j++) if (start[j] !== 0) largest = Math.max(largest, step(j));
    }
  }
  return start;
}

const pathLength = 15;
const leastShare = 0.03;

/** Penalties from the one that leaves nothing in down to 3 % of it, in even steps of their logarithms. */
export function penaltyPath({ xy, rows }: CrossProducts): number[] {
  const greatest = xy.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / rows / mixing;
  return Array.from({ length: pathLength }, (_, i) => greatest * leastShare ** (i / (pathLength - 1)));
}

/** y − xβ of some rows. */
export function residualsOf(
  columns: readonly Float64Array[],
  y: Float64Array,
  beta: Float64Array,
  rows: Int32Array,
): Float64Array {
  const residuals = Float64Array.from(rows, (row) => y[row]!);
  for (let j = 0; j < beta.length; j++) {
    if (beta[j] === 0) continue;
    const column = columns[j]!;
    rows.forEach((row, i) => {
      residuals[i] = residuals[i]! - column[row]! * beta[j]!;
    });
  }
  return residuals;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
