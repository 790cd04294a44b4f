/** Moving averages and growth. Windows end at the point itself; gaps are left out of them. */
/**
 * Trailing mean of `window` points; NaN until the window is full and where fewer than half of it is finite.
 * @throws RangeError for a window below 1.
 */
export function movingAverage(values: Float64Array, window: number): Float64Array {
  if (!(window >= 1)) throw new RangeError('A window has at least one point');
  const result = new Float64Array(values.length).fill(Number.NaN);
  for (let i = window - 1; i < values.length; i++) {
    let sum = 0;
    let count = 0;
    for (let j = i - window + 1; j <= i; j++) {
      const value = values[j]!;
      if (!Number.isFinite(value)) continue;
      sum += value;
      count++;
    }
    if (count > 0 && count >= window / 2) result[i] = sum / count;
  }
  return result;
}

/**
 * Growth of the mean of the last `window` points over that of the `window` before them, as a fraction
 * (0.25 is a quarter more). Null where either has too many gaps or the earlier mean is not positive.
 */
export function growth(values: Float64Array, window: number): number | null {
  if (values.length < 2 * window) return null;
  const averages = movingAverage(values, window);
  const now = averages[values.length - 1]!;
  const before = averages[values.length - 1 - window]!;
  return Number.isFinite(now) && before > 0 ? now / before - 1 : null;
}
