/** Order statistics of the slopes between all pairs of points, without ordering all of them. */
import { selectInPlace } from './summary.js';

/** Fewer pairs are selected from directly. */
const worthSampling = 8_000;
/** Slopes of a sample of pairs that tell where to look; their ranks are mostly right to 1 % of the pairs. */
const sampled = 2_000;
const margin = 0.03;
/** Steps of the two coordinates of an additive sequence that fills the square evenly (Roberts 2018). */
const stepX = 0.7548776662466927;
const stepY = 0.5698402909980532;

/**
 * The slopes of the given ranks (ascending, from 0) among those of all pairs of points (x strictly ascending).
 * A sample of the pairs tells a bracket, whose slopes alone are kept; the ranks are exact, and where the
 * bracket does not hold them everything is kept.
 */
export function pairSlopes(x: Float64Array, y: Float64Array, ranks: readonly number[]): number[] {
  const n = x.length;
  const pairs = (n * (n - 1)) / 2;
  if (pairs > worthSampling) {
    const [low, high] = bracketOf(x, y, ranks[0]! / pairs, ranks.at(-1)! / pairs);
    const { below, kept } = slopesWithin(x, y, low, high);
    if (ranks[0]! >= below && ranks.at(-1)! < below + kept.length)
      return selectAll(
        kept,
        ranks.map((rank) => rank - below),
      );
  }
  const all = new Float64Array(pairs);
  let count = 0;
  for (let i = 0; i + 1 < n; i++) {
    for (let j = i + 1; j < n; j++) all[count++] = (y[j]! - y[i]!) / (x[j]! - x[i]!);
  }
  return selectAll(all, ranks);
}

/** Each rank among what the one before it left on its right. */
function selectAll(work: Float64Array, ranks: readonly number[]): number[] {
  let from = 0;
  return ranks.map((rank) => {
    const found = selectInPlace(work.subarray(from), rank - from);
    from = rank;
    return found;
  });
}

function bracketOf(x: Float64Array, y: Float64Array, from: number, to: number): [low: number, high: number] {
  const n = x.length;
  const slopes = new Float64Array(sampled);
  let count = 0;
  for (let k = 1; count < sampled; k++) {
    const i = Math.floor(((k * stepX) % 1) * n);
    const j = Math.floor(((k * stepY) % 1) * n);
    if (i !== j) slopes[count++] = (y[j]! - y[i]!) / (x[j]! - x[i]!);
  }
  const low = Math.max(0, Math.floor((from - margin) * sampled));
  const high = Math.min(sampled - 1, Math.ceil((to + margin) * sampled));
  return [selectInPlace(slopes, low), selectInPlace(slopes, high)];
}

/** The slopes within [low, high], and how many there are below. */
function slopesWithin(
  x: Float64Array,
  y: Float64Array,
  low: number,
  high: number,
): { below: number; kept: Float64Array } {
  const n = x.length;
  const kept = new Float64Array((n * (n - 1)) / 2);
  let below = 0;
  let count = 0;
  for (let i = 0; i + 1 < n; i++) {
    const xi = x[i]!;
    const yi = y[i]!;
    for (let j = i + 1; j < n; j++) {
      const run = x[j]! - xi;
      const rise = y[j]! - yi;
      // Without a branch, which could not be foretold: a third less time.
      kept[count] = rise / run;
      count += +(rise >= low * run) & +(rise <= high * run);
      below += +(rise < low * run);
    }
  }
  return { below, kept: kept.subarray(0, count) };
}
