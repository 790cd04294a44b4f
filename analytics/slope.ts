/** The slope of a line through noise that remembers: how far to trust it. */
import { memoryOf } from './autoregression.js';
import { normalQuantile, studentQuantile, studentTwoSided } from './distributions.js';
import { mannKendall, theilSen } from './regression.js';
import { countFinite, mean } from './summary.js';

export interface RobustSlope {
  /** Theil–Sen: the median of the slopes between all pairs; per point. */
  slope: number;
  interval: [low: number, high: number];
  intercept: number;
  r_squared: number;
  /** Kendall's tau and the two-sided p of Mann and Kendall's test. */
  tau: number;
  p: number;
  /** Lag-one autocorrelation of the noise that interval and test allow for. */
  autocorrelation: number;
  /** How many independent points tell as much. */
  effective_n: number;
}

/**
 * Theil–Sen slope with Mann and Kendall's test, both for AR(1) noise. The memory φ is estimated about a parabola,
 * so that a bend does not pass for memory, and corrected for its bias. The variance of the slope is widened by
 * what AR(1) noise does to a line through n points exactly, that of Kendall's score by Hamed and Rao's (1998)
 * factor, and both are judged by Student's t on the effective number of points, since φ itself is a guess.
 * Gaps are left out. Null below three finite values.
 */
export function robustSlope(values: Float64Array, confidence = 0.95): RobustSlope | null {
  const line = theilSen(values, confidence);
  const test = mannKendall(values);
  if (line === null || test === null) return null;
  const n = countFinite(values);
  const phi = cautiousMemory(memoryOfNoise(values), n);
  const freedom = Math.max(2, (n * (1 - phi)) / (1 + phi)) - 1;
  const widening =
    (Math.sqrt(slopeInflation(values, phi)) * studentQuantile(0.5 + confidence / 2, freedom)) /
    normalQuantile(0.5 + confidence / 2);
  const deviation = Math.sqrt(test.variance * scoreInflation(n, phi));
  const z = deviation > 0 ? (test.score - Math.sign(test.score)) / deviation : 0;
  return {
    slope: line.slope,
    interval: [
      line.slope - widening * (line.slope - line.interval[0]),
      line.slope + widening * (line.interval[1] - line.slope),
    ],
    intercept: line.intercept,
    r_squared: line.r_squared,
    tau: test.tau,
    p: studentTwoSided(z, freedom),
    autocorrelation: phi,
    effective_n: freedom + 1,
  };
}

/** Amounts that vary this much within a series bend in logarithms less than as they are. */
const wideRange = 4;

/** A single step that leaves less than this share of what a parabola leaves is one. */
const clearStep = 0.25;
/** Fewest values on either side of a step. */
const stepSide = 5;

/**
 * Memory about a parabola, or about a single step where that fits far better: a jump is no memory either. Of the
 * values or, where they vary by factors, of their logarithms if that is less.
 */
function memoryOfNoise(values: Float64Array): number {
  const bent = aboutParabola(values);
  const stepped = aboutStep(bent.scaled);
  const plain = memoryOf(
    squares(stepped) < clearStep * squares(bent.residuals) ? stepped : bent.residuals,
    3,
  );
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!(low > 0 && high > wideRange * low)) return plain;
  return Math.min(plain, memoryOf(aboutParabola(values.map(Math.log)).residuals, 3));
}

/**
 * Half a standard error on top: the widening grows faster than φ, so that a middling guess falls short on
 * average (over 90 points with φ = 0.5 the interval covers 93.6 % without it).
 */
function cautiousMemory(phi: number, n: number): number {
  return Math.min(0.98, Math.max(0, phi + 0.5 * Math.sqrt((1 - phi * phi) / n)));
}

/** Variance of the least-squares slope in AR(1) noise over that in white noise, at these very points. */
function slopeInflation(values: Float64Array, phi: number): number {
  let count = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]!)) continue;
    count++;
    sum += i;
  }
  const centre = sum / count;
  let carried = 0;
  let squares = 0;
  let products = 0;
  for (let i = 0; i < values.length; i++) {
    carried *= phi;
    if (!Number.isFinite(values[i]!)) continue;
    const x = i - centre;
    squares += x * x;
    products += x * carried;
    carried += x;
  }
  return squares > 0 ? Math.max(1, 1 + (2 * products) / squares) : 1;
}

/** Hamed and Rao's factor for the variance of Kendall's score, for the ranks of AR(1) noise. */
function scoreInflation(n: number, phi: number): number {
  let sum = 0;
  let power = 1;
  for (let lag = 1; lag < n && power > 1e-6; lag++) {
    power *= phi;
    // The correlation of the ranks of normal values whose own is `power` (Kendall 1970).
    sum += (n - lag) * (n - lag - 1) * (n - lag - 2) * (6 / Math.PI) * Math.asin(power / 2);
  }
  return n > 2 ? 1 + (2 * sum) / (n * (n - 1) * (n - 2)) : 1;
}

/** Residuals about the two levels that leave least, the split at least five values from either end. */
function aboutStep(values: Float64Array): Float64Array {
  const n = values.length;
  const total = { count: 0, sum: 0 };
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    total.count++;
    total.sum += value;
  }
  let best = { gain: -1, at: 0, before: 0, after: 0 };
  let count = 0;
  let sum = 0;
  for (let at = 0; at < n; at++) {
    const rest = total.count - count;
    if (count >= stepSide && rest >= stepSide) {
      const [before, after] = [sum / count, (total.sum - sum) / rest];
      const gain = (before - after) ** 2 * ((count * rest) / total.count);
      if (gain > best.gain) best = { gain, at, before, after };
    }
    if (!Number.isFinite(values[at]!)) continue;
    count++;
    sum += values[at]!;
  }
  if (best.gain < 0) return values;
  return values.map((value, i) => value - (i < best.at ? best.before : best.after));
}

function squares(values: Float64Array): number {
  let sum = 0;
  for (const value of values) if (Number.isFinite(value)) sum += value * value;
  return sum;
}

/** The values about their mean in units of the largest deviation, and their residuals about a parabola over the index. */
function aboutParabola(values: Float64Array): { scaled: Float64Array; residuals: Float64Array } {
  const n = values.length;
  const centre = mean(values);
  const half = Math.max(1, (n - 1) / 2);
  // Legendre's polynomials, made orthogonal over the points that are there.
  const basis = [
    new Float64Array(n).fill(1),
    Float64Array.from(values, (_, i) => i / half - 1),
    Float64Array.from(values, (_, i) => (i / half - 1) ** 2),
  ];
  let largest = 0;
  for (const value of values) if (Math.abs(value - centre) > largest) largest = Math.abs(value - centre);
  const scaled = values.map((value) => (largest > 0 ? (value - centre) / largest : value - centre));
  const residuals = scaled.slice();
  basis.forEach((column, index) => {
    for (const earlier of basis.slice(0, index)) subtractProjection(column, earlier, values);
    subtractProjection(residuals, column, values);
  });
  return { scaled, residuals };
}

function subtractProjection(target: Float64Array, direction: Float64Array, known: Float64Array): void {
  let products = 0;
  let squares = 0;
  for (let i = 0; i < target.length; i++) {
    if (!Number.isFinite(known[i]!)) continue;
    products += target[i]! * direction[i]!;
    squares += direction[i]! * direction[i]!;
  }
  if (!(squares > 1e-20)) return;
  const factor = products / squares;
  for (let i = 0; i < target.length; i++) target[i] = target[i]! - factor * direction[i]!;
}
