/**
 * Exact segmentation: PELT (Killick, Fearnhead & Eckley 2012) over squared residuals about levels or lines, and
 * the optimal segmentations of a whole range of penalties (CROPS: Haynes, Eckley & Fearnhead 2017).
 */

import { LevelStarts } from './change-point-pruning.js';
import type { SegmentCosts, SegmentModel } from './change-point-costs.js';

export interface Segmentation {
  /** First index of each segment but the first, ascending. */
  starts: number[];
  /** Squared residuals over all dimensions, no penalty in it. */
  cost: number;
}

/**
 * Lines may begin at one place in so many points: at every one up to 300, since the time grows with the square (with
 * 500, an eighth slower and no more right on annotated and generated series).
 */
export function gridOf(length: number): number {
  return Math.ceil(length / 300);
}

/**
 * The segmentation of least cost plus `penalty` a change, no segment shorter than `minSegment` (2 for levels, 3
 * for lines at the least). Exact for levels at any length and for lines up to 300 points; longer ones begin
 * their lines at multiples of a grid (see `gridOf`), of which the choice is exact. A start that can no longer be
 * best is dropped only once the segment that beats it may end, so the shortest segment costs no exactness.
 */
export function optimalSegmentation(
  costs: SegmentCosts,
  model: SegmentModel,
  minSegment: number,
  penalty: number,
): Segmentation {
  const n = costs.length;
  const shortest = Math.max(model === 'line' ? 3 : 2, minSegment);
  if (n < shortest) return { starts: [], cost: 0 };
  const best = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY);
  best[0] = -penalty;
  const previous = new Int32Array(n + 1);
  if (model === 'level') segmentIntoLevels(costs, shortest, penalty, best, previous);
  else segmentIntoLines(costs, shortest, penalty, best, previous);
  const starts: number[] = [];
  for (let at = previous[n]!; at > 0; at = previous[at]!) starts.push(at);
  return { starts: starts.reverse(), cost: best[n]! - penalty * starts.length };
}

/**
 * Pruning looks at the ends that are multiples of this: what drops out a little later costs less than asking each
 * time (series of 500 points on average: 110,000 points a second at 1, 143,000 at 2, 172,000 at 6).
 */
const pruneEvery = 6;

function segmentIntoLevels(
  costs: SegmentCosts,
  shortest: number,
  penalty: number,
  best: Float64Array,
  previous: Int32Array,
): void {
  const candidates = new LevelStarts(costs, shortest, penalty);
  for (let to = shortest; to <= costs.length; to++) {
    const start = to - shortest;
    if (start === 0 || start >= shortest) candidates.add(start, previous[start]!);
    const from = candidates.cheapest(to, best);
    best[to] = candidates.totals[from]! + penalty;
    previous[to] = candidates.starts[from]!;
    if (to % pruneEvery === 0) candidates.prune(to, best[to]!);
  }
}

/** PELT by its own rule: boxes about the coefficients of lines drop hardly more and cost twice the time. */
function segmentIntoLines(
  costs: SegmentCosts,
  shortest: number,
  penalty: number,
  best: Float64Array,
  previous: Int32Array,
): void {
  const n = costs.length;
  const grid = gridOf(n);
  const starts = new Int32Array(n + 1);
  const beatenAt = new Int32Array(n + 1);
  const totals = new Float64Array(n + 1);
  let count = 0;
  let next = 0;
  let isAnyBeaten = false;
  // Cheapest way up to a place, less the running squares there.
  const reached = new Float64Array(n + 1);
  reached[0] = best[0]!;
  for (let at = grid * Math.ceil(shortest / grid); at < n + grid; at += grid) {
    const to = Math.min(at, n);
    for (; next + shortest <= to; next += grid) {
      if (next > 0 && next < shortest) continue;
      beatenAt[count] = 0;
      starts[count++] = next;
    }
    addLineCosts(costs, to, starts, count, reached, totals);
    let least = 0;
    let highest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < count; k++) {
      const total = totals[k]!;
      if (total < totals[least]!) least = k;
      if (total > highest) highest = total;
    }
    best[to] = totals[least]! + penalty;
    previous[to] = starts[least]!;
    reached[to] = best[to] - costs.squares[to]!;
    // Most ends beat no start.
    if (highest <= best[to] && !isAnyBeaten) continue;
    isAnyBeaten = false;
    let kept = 0;
    for (let k = 0; k < count; k++) {
      let since = beatenAt[k]!;
      if (since === 0 && totals[k]! > best[to]) since = to;
      if (since !== 0) {
        if (to + grid >= since + shortest) continue;
        isAnyBeaten = true;
      }
      starts[kept] = starts[k]!;
      beatenAt[kept++] = since;
    }
    count = kept;
  }
}

/** totals[k] = cheapest way up to the k-th start, and the line from there up to `to`. */
function addLineCosts(
  costs: SegmentCosts,
  to: number,
  starts: Int32Array,
  count: number,
  reached: Float64Array,
  totals: Float64Array,
): void {
  const { squares, dimensions, length: n, perPoint, perSpread } = costs;
  const squaresTo = squares[to]!;
  for (let d = 0; d < dimensions.length; d++) {
    const { values, moments } = dimensions[d]!;
    const sumTo = values[to]!;
    const momentTo = moments[to]!;
    const end = (to - 1 - n) / 2;
    for (let k = 0; k < count; k++) {
      const from = starts[k]!;
      const length = to - from;
      const sum = sumTo - values[from]!;
      const moment = momentTo - moments[from]! - (end + from / 2) * sum;
      const before = d === 0 ? squaresTo + reached[from]! : totals[k]!;
      totals[k] = before - sum * sum * perPoint[length]! - moment * moment * perSpread[length]!;
    }
  }
}

/** Penalties asked about between the least and the greatest. */
const mostMiddles = 5;
/** A path is left once it describes a point so much worse (−2 log likelihood) than what is known already. */
const hopelessPerPoint = 0.05;

export interface PathRange {
  /** Least and greatest penalty. */
  low: number;
  high: number;
  unchanged: Segmentation;
  /** What is known already reaches this criterion. */
  toBeat: number;
}

/**
 * Optimal segmentations for penalties between `low` and `high`, with the `unchanged` one, by falling numbers of
 * changes: the ends of the range, and then between two neighbours that differ by more than one change, those
 * first that `criterion`, which is asked about each, likes best (less is better). Where they differ by one, no penalty gives another.
 */
export function segmentationPath(
  costs: SegmentCosts,
  model: SegmentModel,
  minSegment: number,
  { low, high, unchanged, toBeat }: PathRange,
  criterion: (segmentation: Segmentation) => number,
): Segmentation[] {
  const run = (penalty: number): Segmentation => optimalSegmentation(costs, model, minSegment, penalty);
  const first = run(low);
  if (first.starts.length === 0) {
    criterion(unchanged);
    return [unchanged];
  }
  const path = [first, unchanged];
  // No change saves more than all of the cost.
  if (high > low && high < unchanged.cost) {
    const last = run(high);
    if (changesBetween(first, last) > 0 && last.starts.length > 0) path.splice(1, 0, last);
  }
  const values = path.map(criterion);
  const closed = new Set<Segmentation>();
  for (let middles = 0; middles < mostMiddles; middles++) {
    if (Math.min(...values) > toBeat + hopelessPerPoint * costs.length) break;
    let gap = -1;
    for (let at = 0; at + 1 < path.length; at++) {
      if (closed.has(path[at]!) || changesBetween(path[at]!, path[at + 1]!) <= 1) continue;
      if (gap < 0 || betterOf(values, at) < betterOf(values, gap)) gap = at;
    }
    if (gap < 0) break;
    const more = path[gap]!;
    const fewer = path[gap + 1]!;
    const middle = run((fewer.cost - more.cost) / changesBetween(more, fewer));
    if (changesBetween(more, middle) === 0 || changesBetween(middle, fewer) === 0) closed.add(more);
    else {
      path.splice(gap + 1, 0, middle);
      values.splice(gap + 1, 0, criterion(middle));
    }
  }
  return path;
}

function betterOf(values: readonly number[], at: number): number {
  return Math.min(values[at]!, values[at + 1]!);
}

function changesBetween(more: Segmentation, fewer: Segmentation): number {
  return more.starts.length - fewer.starts.length;
}
