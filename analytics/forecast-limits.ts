/** How far a forecast may go: as far as the series ever went in as many steps. */

export interface Limits {
  /** low[k] and high[k]: bounds of the point k + 1 steps ahead. */
  low: Float64Array;
  high: Float64Array;
}

/** Starts that a step has to be seen from. */
const leastStarts = 8;

/** Levels are means over a season, or over so many points where that is shorter. */
const shortestLevel = 4;

/**
 * The level of today times the least and the largest ratio of a value to the level so many steps or fewer before,
 * over the whole series; differences where the values are no amounts or the level of today is none. The range of the
 * latest values is always allowed, and steps further than the series has seen widen the ratios as a trend would.
 * @param y without gaps, at least one point.
 */
export function limitsOf(y: Float64Array, period: number, h: number): Limits {
  const n = y.length;
  const width = Math.min(n, Math.max(shortestLevel, period));
  const levels = new Float64Array(n - width + 1);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    sum += y[i]! - (i >= width ? y[i - width]! : 0);
    if (i + 1 >= width) levels[i + 1 - width] = sum / width;
  }
  const today = levels.at(-1)!;
  const isRatio = today > 0 && y.every((value) => value >= 0);
  // A level that is all but nothing makes a ratio of anything.
  const least = isRatio ? leastShare * today : 0;
  const recent = y.subarray(Math.max(0, n - Math.max(2 * width, h)));
  const lowest = recent.reduce((a, b) => Math.min(a, b));
  const highest = recent.reduce((a, b) => Math.max(a, b));
  const seen = Math.max(1, Math.min(h, n - width - leastStarts));
  const low = new Float64Array(h);
  const high = new Float64Array(h);
  let down = isRatio ? 1 : 0;
  let up = down;
  for (let k = 0; k < h; k++) {
    if (k < seen) {
      for (let i = 0; i + width + k < n; i++) {
        const level = levels[i]!;
        if (isRatio && level <= least) continue;
        const change = isRatio ? y[i + width + k]! / level : y[i + width + k]! - level;
        if (change < down) down = change;
        if (change > up) up = change;
      }
    }
    const further = Math.max(1, (k + 1) / seen);
    low[k] = Math.min(lowest, isRatio ? today * down ** further : today + down * further);
    high[k] = Math.max(highest, isRatio ? today * up ** further : today + up * further);
  }
  return { low, high };
}

const leastShare = 0.01;
