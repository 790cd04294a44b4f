/** Kendall's score of a series against its order: pairs that rise less pairs that fall, and what it varies by. */

export interface KendallScore {
  score: number;
  /** Under no trend, corrected for ties. */
  variance: number;
}

/** Runs of up to this many values are sorted by insertion before they are merged. */
const shortRun = 8;

/**
 * Score and variance (Kendall 1970) of finite values in order. Falls are counted while the values are sorted by
 * merging (Knight 1966), ties once they are: O(n log n).
 */
export function kendallScore(values: Float64Array): KendallScore {
  const n = values.length;
  let sorted = values.slice();
  let spare = new Float64Array(n);
  let falls = 0;
  for (let start = 0; start < n; start += shortRun) {
    falls += insertionSort(sorted, start, Math.min(start + shortRun, n));
  }
  for (let width = shortRun; width < n; width *= 2) {
    for (let start = 0; start < n; start += 2 * width) {
      falls += merge(sorted, spare, start, Math.min(start + width, n), Math.min(start + 2 * width, n));
    }
    [sorted, spare] = [spare, sorted];
  }
  let tiedPairs = 0;
  let ties = 0;
  for (let start = 0; start < n;) {
    let end = start + 1;
    while (end < n && sorted[end] === sorted[start]) end++;
    const t = end - start;
    tiedPairs += (t * (t - 1)) / 2;
    ties += t * (t - 1) * (2 * t + 5);
    start = end;
  }
  return {
    score: (n * (n - 1)) / 2 - tiedPairs - 2 * falls,
    variance: (n * (n - 1) * (2 * n + 5) - ties) / 18,
  };
}

/** Sorts [start, end) and counts the pairs that stood the wrong way round. */
function insertionSort(work: Float64Array, start: number, end: number): number {
  let falls = 0;
  for (let i = start + 1; i < end; i++) {
    const value = work[i]!;
    let at = i;
    for (; at > start && work[at - 1]! > value; at--) work[at] = work[at - 1]!;
    work[at] = value;
    falls += i - at;
  }
  return falls;
}

/** Merges [start, middle) and [middle, end) of `from` into `to` and counts the pairs that stood the wrong way round. */
function merge(from: Float64Array, to: Float64Array, start: number, middle: number, end: number): number {
  let falls = 0;
  let left = start;
  let right = middle;
  for (let at = start; at < end; at++) {
    if (left < middle && (right >= end || from[left]! <= from[right]!)) to[at] = from[left++]!;
    else {
      to[at] = from[right++]!;
      falls += middle - left;
    }
  }
  return falls;
}
