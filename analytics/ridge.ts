/** Ridge regression on standardised columns, its penalty chosen by generalised cross-validation. */

/** Products of all columns with one another and with the response, over some rows. */
export interface CrossProducts {
  /** Row-major, columns × columns, the lower triangle filled. */
  xx: Float64Array;
  xy: Float64Array;
  yy: number;
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
    for (let j = 0; j <= i; j++) xx[i * p + j] = dot(picked[i]!, picked[j]!);
    xy[i] = dot(picked[i]!, response);
  }
  return { xx, xy, yy: dot(response, response), rows: rows.length };
}

/** The products over the rows that are in the whole and not in the part. */
export function without(whole: CrossProducts, part: CrossProducts): CrossProducts {
  return {
    xx: whole.xx.map((value, i) => value - part.xx[i]!),
    xy: whole.xy.map((value, i) => value - part.xy[i]!),
    yy: whole.yy - part.yy,
    rows: whole.rows - part.rows,
  };
}

/** Coefficients that minimise Σ (y − xβ)² + penalty Σ β², penalty > 0; by Cholesky's factors. */
export function ridge({ xx, xy }: CrossProducts, penalty: number): Float64Array {
  const factor = cholesky(xx, xy.length, penalty);
  return backward(factor, forward(factor, xy));
}

/** Penalties as shares of the rows: from hardly any to almost nothing left. */
const candidates = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];

/**
 * The penalty with the least generalised cross-validation error, n · RSS / (n − tr H)² (Golub, Heath & Wahba
 * 1979), per row.
 */
export function choosePenalty(products: CrossProducts): number {
  const { xx, xy, yy, rows } = products;
  const p = xy.length;
  let best = candidates.at(-1)!;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const penalty = candidate * rows;
    const factor = cholesky(xx, p, penalty);
    const half = forward(factor, xy);
    const beta = backward(factor, half);
    // RSS = y'y − β'X'y − penalty β'β, and tr H = p − penalty tr (X'X + penalty)⁻¹.
    const residual = yy - dot(half, half) - penalty * dot(beta, beta);
    const error = residual / (rows - 1 - (p - penalty * inverseTrace(factor, p))) ** 2;
    if (error < least) {
      least = error;
      best = candidate;
    }
  }
  return best;
}

/** Lower triangle L, L L' = xx + penalty. */
function cholesky(xx: Float64Array, p: number, penalty: number): Float64Array {
  const factor = new Float64Array(p * p);
  for (let i = 0; i < p; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = xx[i * p + j]! + (i === j ? penalty : 0);
      for (let k = 0; k < j; k++) sum -= factor[i * p + k]! * factor[j * p + k]!;
      factor[i * p + j] = i === j ? Math.sqrt(sum) : sum / factor[j * p + j]!;
    }
  }
  return factor;
}

function forward(factor: Float64Array, values: Float64Array): Float64Array {
  const p = values.length;
  const result = new Float64Array(p);
  for (let i = 0; i < p; i++) {
    let sum = values[i]!;
    for (let k = 0; k < i; k++) sum -= factor[i * p + k]! * result[k]!;
    result[i] = sum / factor[i * p + i]!;
  }
  return result;
}

function backward(factor: Float64Array, values: Float64Array): Float64Array {
  const p = values.length;
  const result = new Float64Array(p);
  for (let i = p - 1; i >= 0; i--) {
    let sum = values[i]!;
    for (let k = i + 1; k < p; k++) sum -= factor[k * p + i]! * result[k]!;
    result[i] = sum / factor[i * p + i]!;
  }
  return result;
}

/** Trace of (L L')⁻¹: the sum of squares of L⁻¹. */
function inverseTrace(factor: Float64Array, p: number): number {
  const column = new Float64Array(p);
  let sum = 0;
  for (let j = 0; j < p; j++) {
    for (let i = j; i < p; i++) {
      let value = i === j ? 1 : 0;
      for (let k = j; k < i; k++) value -= factor[i * p + k]! * column[k]!;
      column[i] = value / factor[i * p + i]!;
      sum += column[i]! * column[i]!;
    }
  }
  return sum;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
