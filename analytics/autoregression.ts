/** Autoregressive noise: how much a value remembers of the ones before it, and what is new in each. */
import { countFinite, mean } from './summary.js';

export interface Autoregression {
  /** φ₁ … φ_q of x_t = Σ φ_k x_{t−k} + e_t, about zero. */
  coefficients: Float64Array;
  /** Variance of what is new, by the Yule–Walker equations. */
  innovationVariance: number;
}

/** Autocovariances at lags 0..maxLag about zero, each over its finite pairs and divided by the finite count. */
function autocovariances(values: Float64Array, maxLag: number): Float64Array {
  const n = values.length;
  const count = countFinite(values);
  const result = new Float64Array(maxLag + 1);
  for (let lag = 0; lag <= maxLag; lag++) {
    let sum = 0;
    let pairs = n - lag;
    // A gap leaves NaN in the sum, and only then the pairs are asked one by one.
    for (let i = lag; i < n; i++) sum += values[i]! * values[i - lag]!;
    if (sum !== sum) {
      sum = 0;
      pairs = 0;
      for (let i = lag; i < n; i++) {
        const product = values[i]! * values[i - lag]!;
        if (product !== product) continue;
        sum += product;
        pairs++;
      }
    }
    // With gaps fewer pairs are seen than a whole series has: scale them up to its count less the lag.
    result[lag] = pairs > 0 && count > lag ? ((sum / pairs) * (count - lag)) / count : 0;
  }
  return result;
}

/**
 * Yule–Walker by Levinson and Durbin's recursion; the order of 1..maxOrder with the least BIC. Values are
 * residuals about zero; NaN is a gap. All zeros give no memory and no variance.
 * @param slowTerms how many slow regressors (a mean, a line, long waves) were taken out before. Each took the
 * noise's power at frequency zero, σ²(1+φ)/(1−φ)/n, from every autocovariance; it is put back, or slow noise
 * would be thought to forget faster than it does.
 */
export function fitAutoregression(values: Float64Array, maxOrder: number, slowTerms: number): Autoregression {
  const n = countFinite(values);
  const covariances = autocovariances(values, maxOrder);
  if (covariances[0]! > 0 && slowTerms > 0) {
    const memory = Math.max(0, covariances[1]! / covariances[0]!);
    const lost = Math.min(1, (slowTerms * (1 + memory)) / ((1 - memory) * n)) * covariances[0]!;
    for (let lag = 0; lag <= maxOrder; lag++) covariances[lag] = covariances[lag]! + lost;
  }
  let variance = covariances[0]!;
  let best: Autoregression = { coefficients: new Float64Array(0), innovationVariance: variance };
  if (!(variance > 0)) return best;
  let bestCriterion = Number.POSITIVE_INFINITY;
  let phi = new Float64Array(0);
  for (let order = 1; order <= maxOrder; order++) {
    let numerator = covariances[order]!;
    for (let k = 0; k < order - 1; k++) numerator -= phi[k]! * covariances[order - 1 - k]!;
    const reflection = Math.max(-0.999, Math.min(0.999, numerator / variance));
    const next = new Float64Array(order);
    for (let k = 0; k < order - 1; k++) next[k] = phi[k]! - reflection * phi[order - 2 - k]!;
    next[order - 1] = reflection;
    phi = next;
    variance *= 1 - reflection * reflection;
    const criterion = n * Math.log(variance) + order * Math.log(n);
    if (criterion < bestCriterion) {
      bestCriterion = criterion;
      best = { coefficients: phi, innovationVariance: variance };
    }
  }
  return best;
}

/** What is new in each value: x_t − Σ φ_k x_{t−k}; NaN for the first q and wherever a value is missing. */
export function innovationsOf(values: Float64Array, coefficients: Float64Array): Float64Array {
  const order = coefficients.length;
  const result = new Float64Array(values.length).fill(Number.NaN);
  for (let i = order; i < values.length; i++) {
    let fresh = values[i]!;
    for (let k = 0; k < order; k++) fresh -= coefficients[k]! * values[i - 1 - k]!;
    result[i] = fresh;
  }
  return result;
}

/**
 * Autocorrelation at lag 1 of residuals about a fitted polynomial of `terms` coefficients (1 mean, 2 line,
 * 3 parabola), corrected for its downward bias −(terms + (terms + 2) φ)/n (Marriott & Pope 1954 for the mean;
 * Stine & Shaman 1989 for polynomials), and kept within −0.95..0.98.
 */
export function memoryOf(residuals: Float64Array, terms: number): number {
  const n = countFinite(residuals);
  const centre = mean(residuals);
  const [variance, covariance] = autocovariances(
    residuals.map((residual) => residual - centre),
    1,
  );
  if (!(variance! > 0) || n <= terms + 4) return 0;
  const corrected = ((n * covariance!) / variance! + terms) / (n - terms - 2);
  return Math.max(-0.95, Math.min(0.98, corrected));
}
