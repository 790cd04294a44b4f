/** Order statistics and moments of numbers with gaps (NaN). Nothing here changes its input. */

/** The finite values, in order. */
export function finiteOf(values: Float64Array): Float64Array {
  // A loop: `filter` takes five times as long, and this is what every robust figure begins with.
  const kept = new Float64Array(values.length);
  let count = 0;
  for (const value of values) if (Number.isFinite(value)) kept[count++] = value;
  return count === kept.length ? kept : kept.slice(0, count);
}

/** How many values are finite. */
export function countFinite(values: Float64Array): number {
  let count = 0;
  for (const value of values) if (Number.isFinite(value)) count++;
  return count;
}

/** Where the finite values lie: the deviation of v from their mean is `v * unit - origin - shift`, in units. */
interface Centre {
  /** A power of two, 1 unless squares of the deviations would leave the doubles. */
  unit: number;
  /** The first finite value times `unit`: subtracted first, so that an offset costs no digits. */
  origin: number;
  shift: number;
  count: number;
}

const largestSquarable = 2 ** 400;

/**
 * What values of up to this size are multiplied by so that their squares neither overflow nor vanish: 1 for all
 * but extreme sizes, a power of two for those, so that nothing is rounded.
 */
function powerOfTwoUnit(largest: number): number {
  if (!(largest > largestSquarable || (largest > 0 && largest < 1 / largestSquarable))) return 1;
  return largest > 1 ? 2 ** -700 : 2 ** 700;
}

/** What deviations from `centre` are multiplied by so that their squares neither overflow nor vanish; mostly 1. */
export function unitAbout(values: Float64Array, centre: number): number {
  let largest = 0;
  for (const value of values) {
    const distance = Math.abs(value - centre);
    if (distance > largest && distance < Number.POSITIVE_INFINITY) largest = distance;
  }
  return powerOfTwoUnit(largest);
}

function centreOf(values: Float64Array, unit = 1): Centre {
  let origin = Number.NaN;
  let sum = 0;
  let reach = 0;
  let count = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (count === 0) origin = value * unit;
    const distance = value * unit - origin;
    sum += distance;
    reach = Math.max(reach, Math.abs(distance));
    count++;
  }
  const fitting = powerOfTwoUnit(reach);
  if (unit === 1 && fitting !== 1) return centreOf(values, fitting);
  return { unit, origin, shift: sum / count, count };
}

/** Mean of the finite values, NaN where there is none. */
export function mean(values: Float64Array): number {
  const { unit, origin, shift } = centreOf(values);
  return (origin + shift) / unit;
}

/** Sum of squared deviations over n − 1, in squared units; two passes, corrected for the mean's rounding. */
function variancePerUnit(values: Float64Array, { unit, origin, shift, count }: Centre): number {
  let squares = 0;
  let drift = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    const deviation = value * unit - origin - shift;
    squares += deviation * deviation;
    drift += deviation;
  }
  return count < 2 ? Number.NaN : Math.max(0, squares - (drift * drift) / count) / (count - 1);
}

/** Sample variance (n − 1) of the finite values, NaN below two of them. */
export function variance(values: Float64Array): number {
  const centre = centreOf(values);
  return variancePerUnit(values, centre) / centre.unit / centre.unit;
}

/** Sample standard deviation of the finite values, NaN below two of them; also where its square is no double. */
export function standardDeviation(values: Float64Array): number {
  const centre = centreOf(values);
  return Math.sqrt(variancePerUnit(values, centre)) / centre.unit;
}

/** The k-th smallest (from 0) of `work[0..length)`, which is reordered: Hoare's selection, median of three. */
export function selectInPlace(work: Float64Array, k: number, length = work.length): number {
  let left = 0;
  let right = length - 1;
  while (left < right) {
    const middle = (left + right) >> 1;
    const a = work[left]!;
    const b = work[middle]!;
    const c = work[right]!;
    const pivot = a < b ? (b < c ? b : Math.max(a, c)) : a < c ? a : Math.max(b, c);
    let i = left;
    let j = right;
    while (i <= j) {
      while (work[i]! < pivot) i++;
      while (work[j]! > pivot) j--;
      if (i <= j) {
        const swap = work[i]!;
        work[i] = work[j]!;
        work[j] = swap;
        i++;
        j--;
      }
    }
    if (k <= j) right = j;
    else if (k >= i) left = i;
    else return work[k]!;
  }
  return work[k]!;
}

/** Median of `work[0..length)`, which is reordered and must be finite; NaN where it is empty. */
export function medianInPlace(work: Float64Array, length = work.length): number {
  if (length === 0) return Number.NaN;
  const half = length >> 1;
  const upper = selectInPlace(work, half, length);
  if (length % 2 === 1) return upper;
  let lower = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < half; i++) if (work[i]! > lower) lower = work[i]!;
  return lower + (upper - lower) / 2;
}

/** Median of the finite values; NaN where there is none. */
export function median(values: Float64Array): number {
  return medianInPlace(finiteOf(values));
}

/** Median absolute deviation from the median, times 1.4826: the standard deviation of normal values. */
export function scaledMad(values: Float64Array, centre = median(values)): number {
  const deviations = finiteOf(values);
  for (let i = 0; i < deviations.length; i++) deviations[i] = Math.abs(deviations[i]! - centre);
  return 1.482602218505602 * medianInPlace(deviations);
}

/**
 * Quantile of values in ascending order, 0 ≤ q ≤ 1, by linear interpolation between order statistics
 * (Hyndman & Fan's type 7); NaN where there is none.
 */
export function sortedQuantile(sorted: Float64Array, q: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = Math.min(Math.max(q, 0), 1) * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!);
}

/** Quantile of the finite values, as `sortedQuantile`. */
export function quantile(values: Float64Array, q: number): number {
  return sortedQuantile(finiteOf(values).sort(), q);
}

/** Autocorrelation of the finite pairs at a lag, about the common mean; 0 where it cannot be told. */
export function autocorrelation(values: Float64Array, lag: number): number {
  const { unit, origin, shift } = centreOf(values);
  let products = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const deviation = values[i]! * unit - origin - shift;
    if (!Number.isFinite(deviation)) continue;
    squares += deviation * deviation;
    const later = i + lag < values.length ? values[i + lag]! * unit - origin - shift : Number.NaN;
    if (Number.isFinite(later)) products += deviation * later;
  }
  return squares > 0 ? products / squares : 0;
}
