/** What is taken out of a series before its changes are looked for: gaps, a season, lone outliers, its scale. */
import { detectPeriods } from './periods.js';
import { mean, median, medianInPlace, scaledMad, variance } from './summary.js';

/** Periods that are asked about where none is told: quarters, weekdays, months, hours, weeks. */
const askedPeriods = [4, 7, 12, 24, 52];

/** The period of a series' season, 1 where it shows none. */
export function seasonOf(values: Float64Array): number {
  return detectPeriods(values, { candidates: askedPeriods, most: 1 }).periods[0]?.period ?? 1;
}

/**
 * The values less an additive season: differences from the centred mean of a period, averaged by phase without
 * the fifth at either end, so that a shift of level leaves no trace in it. Unchanged below three periods.
 */
export function withoutSeason(values: Float64Array, period: number): Float64Array {
  const n = values.length;
  if (period < 2 || n < 3 * period) return values;
  const reach = period >> 1;
  const edge = period % 2 === 0 ? 0.5 : 1;
  const phases: number[][] = Array.from({ length: period }, () => []);
  let sum = 0;
  for (let i = 0; i < 2 * reach + 1; i++) sum += values[i]!;
  for (let i = reach; i < n - reach; i++) {
    if (i > reach) sum += values[i + reach]! - values[i - reach - 1]!;
    const ends = (1 - edge) * (values[i - reach]! + values[i + reach]!);
    phases[i % period]!.push(values[i]! - (sum - ends) / period);
  }
  const effects = phases.map((differences) => {
    const sorted = Float64Array.from(differences).sort();
    const cut = sorted.length >= 5 ? Math.max(1, Math.floor(sorted.length / 5)) : 0;
    return mean(sorted.subarray(cut, sorted.length - cut));
  });
  const centre = mean(Float64Array.from(effects));
  return values.map((value, i) => value - (effects[i % period]! - centre));
}

/** Farther than this many deviations from its neighbours' median, a point is drawn in to there. */
const farthest = 4;

/**
 * Lone outliers drawn in: a point beyond four deviations from the median of five about it stands at four
 * (Hampel 1974, winsorised); the second and last but one are compared with three, the ends with none. A shift of level, which its later neighbours share, is left as it is.
 */
export function withoutOutliers(values: Float64Array): Float64Array {
  const n = values.length;
  const window = new Float64Array(5);
  const centres = new Float64Array(n);
  const distances = new Float64Array(n);
  let count = 0;
  for (let i = 0; i < n; i++) {
    // Even on both sides, or the ends of a slope would stand off.
    const reach = Math.min(2, i, n - 1 - i);
    for (let j = -reach; j <= reach; j++) window[j + reach] = values[i + j]!;
    centres[i] = medianInPlace(window, 2 * reach + 1);
    const distance = Math.abs(values[i]! - centres[i]!);
    if (distance > 0) distances[count++] = distance;
  }
  if (count === 0) return values;
  // Where hardly a point differs from its neighbours, those that do tell no scale of their own.
  const scale = count < n / 10 ? 0 : scaledMad(distances.subarray(0, count), 0);
  const reach = farthest * scale;
  return values.map((value, i) => Math.min(centres[i]! + reach, Math.max(centres[i]! - reach, value)));
}

/** The power of two to divide by so that squares neither overflow nor vanish; 1 for all but extreme sizes. */
export function unitOf(dimensions: readonly Float64Array[]): number {
  let largest = 0;
  for (const values of dimensions) {
    for (const value of values) {
      const size = Math.abs(value);
      if (size > largest && size < Number.POSITIVE_INFINITY) largest = size;
    }
  }
  const isPlain = largest === 0 || (largest > 1e-100 && largest < 1e100);
  return isPlain ? 1 : 2 ** Math.max(-1_022, Math.floor(Math.log2(largest)));
}

/** About the mean in units of the standard deviation (of n); zeros where the values differ by rounding only. */
export function standardised(values: Float64Array): Float64Array {
  const n = values.length;
  const centre = mean(values);
  const spread = Math.sqrt((variance(values) * (n - 1)) / n);
  const isConstant = !(spread > Math.abs(centre) * 1e-12);
  return values.map((value) => (isConstant ? 0 : (value - centre) / spread));
}

/** Share of differences left out on each side, as those across a shift are the largest. */
const trimmed = 0.05;
/** Variance of a standard normal that is cut at its 5 % and 95 % quantiles: 1 − 2zφ(z)/0.9 at z = 1.6449. */
const trimmedVariance = 0.6230155;

/** Variance of independent noise about a level that may shift: half that of the differences but the largest. */
export function independentVariance(values: Float64Array): number {
  const differences = new Float64Array(Math.max(0, values.length - 1));
  for (let i = 0; i < differences.length; i++) differences[i] = values[i + 1]! - values[i]!;
  differences.sort();
  const cut = Math.floor(differences.length * trimmed);
  // A few points are not cut at all, and need no correction.
  const kept = variance(differences.subarray(cut, differences.length - cut));
  return kept / (cut > 0 ? trimmedVariance : 1) / 2;
}

/**
 * Where a series is taken to be known: every point with a value in all dimensions, and the gaps of up to
 * `longest` points between them, which are bridged. Across a longer gap the sides are compared as neighbours,
 * for a bridge would look like a trend of its own.
 */
export function knownPositions(dimensions: readonly Float64Array[], longest: number): Int32Array {
  const n = dimensions[0]?.length ?? 0;
  const positions: number[] = [];
  let last = -1;
  for (let i = 0; i < n; i++) {
    if (!dimensions.every((values) => Number.isFinite(values[i]!))) continue;
    if (last >= 0 && i - last - 1 <= longest) for (let gap = last + 1; gap < i; gap++) positions.push(gap);
    positions.push(i);
    last = i;
  }
  return Int32Array.from(positions);
}

/** Means of `step` values each; the last of what is left. */
export function meansOf(values: Float64Array, step: number): Float64Array {
  if (step === 1) return values;
  return Float64Array.from({ length: Math.ceil(values.length / step) }, (_, i) =>
    mean(values.subarray(i * step, (i + 1) * step)),
  );
}

/**
 * Amounts (≥ 0) over their expected course, as logarithms, so that a change of level is a shift; a twentieth of
 * the median is added, so that a zero is low and not endless. NaN where either is missing or negative.
 */
export function overCourse(values: Float64Array, course: Float64Array): Float64Array {
  const offset = median(values) / 20;
  return values.map((value, i) =>
    value >= 0 && course[i]! > 0 ? Math.log((value + offset) / course[i]!) : Number.NaN,
  );
}

/**
 * What logarithms over a course keep of its misfit: their least-squares parabola in the logarithm of the place,
 * taken out about its mean. A course from a grid of shapes drifts away by as much.
 */
export function withoutDrift(values: Float64Array): Float64Array {
  const n = values.length;
  const basis: Float64Array[] = [new Float64Array(n).fill(1 / Math.sqrt(n))];
  const fitted = new Float64Array(n);
  for (const power of [1, 2]) {
    const column = Float64Array.from(values, (_, i) => Math.log1p(i) ** power);
    for (const known of basis) {
      const share = dot(column, known);
      column.forEach((value, i) => (column[i] = value - share * known[i]!));
    }
    const size = Math.sqrt(dot(column, column));
    const unit = column.map((value) => value / size);
    const share = dot(values, unit);
    unit.forEach((value, i) => (fitted[i] = fitted[i]! + share * value));
    basis.push(unit);
  }
  return values.map((value, i) => value - fitted[i]!);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
