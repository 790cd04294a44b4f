/** Autoregression on chosen lags, by ridge regression fitted afresh at each origin. */

export interface AutoregressionOptions {
  lags: readonly number[];
  /** The regression is of the change over so many points; 0 for the values themselves. */
  difference: number;
  /** Memory, in points, of the exponentially weighted fit. */
  memory: number;
  /** Penalty on each coefficient, in observations of a typical one. */
  ridge: number;
}

/**
 * Forecasts from each origin by the lags' coefficients of least squares over what lies before it.
 * The sums of products grow point by point, so that an origin costs one solution and no pass.
 */
export function fitAutoregression(
  y: Float64Array,
  options: AutoregressionOptions,
  origins: readonly number[],
  h: number,
): Map<number, Float64Array> {
  const { lags, difference, ridge } = options;
  const n = y.length;
  const size = lags.length + 1;
  const longest = Math.max(...lags) + difference;
  // Later points weigh more, rather than all sums fading at each.
  const growth = 1 / (1 - 1 / options.memory);
  let weight = 1;
  let centre = 0;
  for (const value of y) centre += value / n;
  const z = new Float64Array(n + h);
  for (let i = difference; i < n; i++) z[i] = difference > 0 ? y[i]! - y[i - difference]! : y[i]! - centre;
  const sorted = [...new Set([...origins, n])].sort((a, b) => a - b);
  const products = new Float64Array(size * size);
  const target = new Float64Array(size);
  const row = new Float64Array(size);
  row[0] = 1;
  const forecasts = new Map<number, Float64Array>();
  const ahead = new Float64Array(n + h);
  ahead.set(z);
  let next = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i <= n; i++) {
    if (sorted[next] === i) {
      next++;
      const beta = solveRidge(products, target, size, ridge * weight);
      const out = new Float64Array(h);
      // An explosive root goes no further beyond the range seen so far than that range.
      const range = high - low;
      for (let k = 0; k < h; k++) {
        let step = beta[0]!;
        for (let j = 1; j < size; j++) step += beta[j]! * ahead[i + k - lags[j - 1]!]!;
        const before =
          difference === 0 ? centre : k >= difference ? out[k - difference]! : y[i + k - difference]!;
        out[k] = Math.min(high + range, Math.max(low - range, step + before));
        ahead[i + k] = out[k]! - before;
      }
      forecasts.set(i, out);
      ahead.set(z.subarray(i, i + h), i);
    }
    if (i === n) break;
    low = Math.min(low, y[i]!);
    high = Math.max(high, y[i]!);
    if (i < longest) continue;
    for (let j = 1; j < size; j++) row[j] = z[i - lags[j - 1]!]!;
    for (let r = 0; r < size; r++) {
      const factor = weight * row[r]!;
      const at = r * size;
      target[r] = target[r]! + factor * z[i]!;
      for (let c = 0; c <= r; c++) products[at + c] = products[at + c]! + factor * row[c]!;
    }
    weight *= growth;
  }
  return forecasts;
}

/** Cholesky on the lower triangle. */
function solveRidge(products: Float64Array, target: Float64Array, size: number, ridge: number): Float64Array {
  const work = products.slice();
  const solution = target.slice();
  const count = products[0]!;
  if (!(count > 0)) return solution.fill(0);
  const average = products[size]! / count;
  const typical = Math.max(0, products[size + 1]! / count - average * average);
  const least = 1e-12 * (typical + average * average) + Number.MIN_VALUE;
  for (let i = 0; i < size; i++) {
    if (i > 0) work[i * size + i] = work[i * size + i]! + ridge * typical;
    for (let j = 0; j <= i; j++) {
      let sum = work[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= work[i * size + k]! * work[j * size + k]!;
      work[i * size + j] = i === j ? Math.sqrt(Math.max(sum, least)) : sum / work[j * size + j]!;
    }
    let value = solution[i]!;
    for (let k = 0; k < i; k++) value -= work[i * size + k]! * solution[k]!;
    solution[i] = value / work[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    let value = solution[i]!;
    for (let k = i + 1; k < size; k++) value -= work[k * size + i]! * solution[k]!;
    solution[i] = value / work[i * size + i]!;
  }
  return solution;
}
