/**
 * Change points by exact segmentation: PELT (Killick, Fearnhead & Eckley 2012) over the normal cost, with a
 * penalty that knows the noise's size and autocorrelation.
 */
import { logNormalSf } from './distributions.js';
import { fillGaps } from './series.js';
import { standardDeviation } from './summary.js';

export interface ChangePointOptions {
  /** `mean`: level shifts in noise of one size. `mean-variance`: the size of the noise may change as well. */
  cost?: 'mean' | 'mean-variance';
  /** Shortest segment; 5 unless told. */
  minSegment?: number;
  /** Multiplies the penalty, which is 3 ln n for independent noise; 1 unless told. */
  penaltyFactor?: number;
  /** Indices across which nothing is compared (definition breaks): each part is segmented by itself. */
  breaks?: readonly number[];
}

export interface ChangePoint {
  /** First index of the new segment. */
  index: number;
  /** Mean of the segment before and of the one after. */
  before: number;
  after: number;
  /** 0..1: one less the two-sided p of the two means' difference, autocorrelation allowed for. */
  confidence: number;
}

export interface Noise {
  /** Standard deviation of the noise about a locally constant level. */
  deviation: number;
  /** Its autocorrelation at lag 1, 0..0.9, as an AR(1) process. */
  autocorrelation: number;
}

/** Share of differences left out on each side, as those across a shift are the largest. */
const trimmed = 0.05;
/** Variance of a standard normal that is cut at its 5 % and 95 % quantiles: 1 − 2zφ(z)/0.9 at z = 1.6449. */
const trimmedVariance = 0.6230155;

/** Standard deviation of the differences at a lag without the largest ones; of all where the rest are equal. */
function spreadOfDifferences(values: Float64Array, lag: number): number {
  const differences = new Float64Array(Math.max(0, values.length - lag));
  for (let i = 0; i < differences.length; i++) differences[i] = values[i + lag]! - values[i]!;
  differences.sort();
  const cut = Math.floor(differences.length * trimmed);
  const kept = differences.subarray(cut, differences.length - cut);
  // A few points are not cut at all, and need no correction.
  const spread = standardDeviation(kept) / (cut > 0 ? Math.sqrt(trimmedVariance) : 1);
  return spread > 0 ? spread : standardDeviation(differences);
}

/**
 * The noise of a series whose level may shift. For AR(1) noise the variance of differences at lag 1 is
 * 2σ²(1 − φ) and at lag 2 it is 2σ²(1 − φ²), so their ratio tells φ; trimming keeps the shifts themselves out.
 * Needs finite values.
 */
export function estimateNoise(values: Float64Array): Noise {
  if (values.length < 4) return { deviation: 0, autocorrelation: 0 };
  const first = spreadOfDifferences(values, 1);
  const second = spreadOfDifferences(values, 2);
  if (!(first > 0)) return { deviation: second / Math.SQRT2, autocorrelation: 0 };
  const autocorrelation = Math.min(0.9, Math.max(0, (second / first) ** 2 - 1));
  return { deviation: first / Math.sqrt(2 * (1 - autocorrelation)), autocorrelation };
}

/**
 * Level (and, where asked for, variance) changes of a series, gaps filled beforehand; empty where the series
 * is shorter than two segments or constant.
 */
export function detectChangePoints(values: Float64Array, options: ChangePointOptions = {}): ChangePoint[] {
  const edges = [0, ...(options.breaks ?? []).filter((at) => at > 0 && at < values.length), values.length];
  edges.sort((a, b) => a - b);
  return edges.slice(1).flatMap((end, i) =>
    segmentPart(fillGaps(values.slice(edges[i], end)), options).map((point) => ({
      ...point,
      index: point.index + edges[i]!,
    })),
  );
}

function segmentPart(values: Float64Array, options: ChangePointOptions): ChangePoint[] {
  const n = values.length;
  const minSegment = Math.max(2, options.minSegment ?? 5);
  if (n < 2 * minSegment) return [];
  const noise = estimateNoise(values);
  if (!(noise.deviation > 0)) return [];
  const inflation = (1 + noise.autocorrelation) / (1 - noise.autocorrelation);
  const parameters = options.cost === 'mean-variance' ? 4 : 3;
  const penalty = parameters * Math.log(n) * inflation * (options.penaltyFactor ?? 1);
  const starts = pelt(values, noise.deviation, minSegment, penalty, options.cost ?? 'mean');
  return describe(values, starts, noise.deviation * Math.sqrt(inflation));
}

/**
 * The segmentation of least total cost plus penalty, as the first indices of every segment but the first.
 * Exact: a start is dropped only when it can no longer be part of the best solution.
 */
function pelt(
  values: Float64Array,
  deviation: number,
  minSegment: number,
  penalty: number,
  kind: 'mean' | 'mean-variance',
): number[] {
  const n = values.length;
  const sums = new Float64Array(n + 1);
  const squares = new Float64Array(n + 1);
  // In units of the noise and about the first value, so that an offset of 1e8 costs no digits.
  const origin = values[0]!;
  for (let i = 0; i < n; i++) {
    const value = (values[i]! - origin) / deviation;
    sums[i + 1] = sums[i]! + value;
    squares[i + 1] = squares[i]! + value * value;
  }
  const cost = (from: number, to: number): number => {
    const length = to - from;
    const sum = sums[to]! - sums[from]!;
    const residual = Math.max(0, squares[to]! - squares[from]! - (sum * sum) / length);
    // A run of equal values would cost −∞: variances below a ten-thousandth of the noise's count as that.
    return kind === 'mean' ? residual : length * Math.log(Math.max(residual / length, 1e-4));
  };
  const best = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY);
  best[0] = -penalty;
  const previous = new Int32Array(n + 1);
  const candidates = new Int32Array(n + 1);
  let count = 1;
  for (let to = minSegment; to <= n; to++) {
    if (to >= 2 * minSegment) candidates[count++] = to - minSegment;
    let least = Number.POSITIVE_INFINITY;
    for (let k = 0; k < count; k++) {
      const total = best[candidates[k]!]! + cost(candidates[k]!, to) + penalty;
      if (total < least) {
        least = total;
        previous[to] = candidates[k]!;
      }
    }
    best[to] = least;
    let kept = 0;
    for (let k = 0; k < count; k++) {
      const from = candidates[k]!;
      if (best[from]! + cost(from, to) <= least) candidates[kept++] = from;
    }
    count = kept;
  }
  const starts: number[] = [];
  for (let to = n; to > 0; to = previous[to]!) if (previous[to]! > 0) starts.push(previous[to]!);
  return starts.reverse();
}

function describe(values: Float64Array, starts: readonly number[], deviation: number): ChangePoint[] {
  const edges = [0, ...starts, values.length];
  const meanOf = (from: number, to: number): number => {
    let sum = 0;
    for (let i = from; i < to; i++) sum += values[i]!;
    return sum / (to - from);
  };
  return starts.map((index, i) => {
    const before = meanOf(edges[i]!, index);
    const after = meanOf(index, edges[i + 2]!);
    const error = deviation * Math.sqrt(1 / (index - edges[i]!) + 1 / (edges[i + 2]! - index));
    const p = 2 * Math.exp(logNormalSf(Math.abs(after - before) / error));
    return { index, before, after, confidence: 1 - p };
  });
}
