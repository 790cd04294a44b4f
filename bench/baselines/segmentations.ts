/** What the change points are measured beside: least squares with one fixed penalty, exact and greedy. */

/** Residual squares of values[from..to) about their mean, from prefix sums of the standardised values. */
type Cost = (from: number, to: number) => number;

function costOf(values: Float64Array): Cost {
  const n = values.length;
  const finite = values.filter((value) => Number.isFinite(value));
  const mean = finite.reduce((sum, value) => sum + value, 0) / Math.max(1, finite.length);
  const spread = Math.sqrt(
    finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, finite.length),
  );
  const sums = new Float64Array(n + 1);
  const squares = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) {
    const value = Number.isFinite(values[i]!) && spread > 0 ? (values[i]! - mean) / spread : 0;
    sums[i + 1] = sums[i]! + value;
    squares[i + 1] = squares[i]! + value * value;
  }
  return (from, to) => {
    const sum = sums[to]! - sums[from]!;
    return squares[to]! - squares[from]! - (sum * sum) / (to - from);
  };
}

/** Twice the logarithm of the length: the usual penalty of independent noise of variance 1. */
const penaltyOf = (n: number): number => 2 * Math.log(Math.max(2, n));
const shortest = 2;

/** PELT (Killick, Fearnhead & Eckley 2012) over the whole series' variance, blind to autocorrelation and trend. */
export function leastSquaresPelt(values: Float64Array): number[] {
  const n = values.length;
  const cost = costOf(values);
  const penalty = penaltyOf(n);
  const best = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY);
  const previous = new Int32Array(n + 1);
  best[0] = -penalty;
  let starts = [0];
  for (let to = shortest; to <= n; to++) {
    for (const from of starts) {
      const total = best[from]! + cost(from, to) + penalty;
      if (total < best[to]!) {
        best[to] = total;
        previous[to] = from;
      }
    }
    const kept = starts.filter((from) => best[from]! + cost(from, to) <= best[to]!);
    kept.push(to - shortest + 1);
    starts = kept;
  }
  const found: number[] = [];
  for (let at = previous[n]!; at > 0; at = previous[at]!) found.push(at);
  return found.reverse();
}

/** Splits where it gains most, and each part again, as long as a split gains more than the penalty. */
export function binarySegmentation(values: Float64Array): number[] {
  const cost = costOf(values);
  const penalty = penaltyOf(values.length);
  const found: number[] = [];
  const parts: [from: number, to: number][] = [[0, values.length]];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const [from, to] = part;
    let at = -1;
    let gained = penalty;
    for (let split = from + shortest; split <= to - shortest; split++) {
      const gain = cost(from, to) - cost(from, split) - cost(split, to);
      if (gain > gained) [at, gained] = [split, gain];
    }
    if (at < 0) continue;
    found.push(at);
    parts.push([from, at], [at, to]);
  }
  return found.sort((a, b) => a - b);
}
