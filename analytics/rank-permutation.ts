/** The exact distribution of a rank correlation among few pairs. */

/** 8! = 40,320 orders take a millisecond; one pair more takes ten. */
export const mostPermutedRanks = 8;

/**
 * Share of all orders of `y` whose correlation with `x` is as large in size as the one given: the two-sided
 * exact p, at least 1 / n! and never 0. Both of equal length, at most `mostPermutedRanks`.
 */
export function permutationP(x: Float64Array, y: Float64Array): number {
  const n = x.length;
  const centre = (n + 1) / 2;
  const order = y.slice();
  const product = (): number => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (x[i]! - centre) * (order[i]! - centre);
    return Math.abs(sum);
  };
  // Mean ranks are halves and their products quarters: sums are exact.
  const observed = product();
  let asLarge = 1;
  let all = 1;
  const turns = new Uint8Array(n);
  // Heap's algorithm: every order is one exchange away from the one before.
  for (let i = 1; i < n;) {
    if (turns[i]! >= i) {
      turns[i] = 0;
      i++;
      continue;
    }
    const other = i % 2 === 0 ? 0 : turns[i]!;
    const swap = order[i]!;
    order[i] = order[other]!;
    order[other] = swap;
    turns[i] = turns[i]! + 1;
    i = 1;
    all++;
    if (product() >= observed) asLarge++;
  }
  return asLarge / all;
}
