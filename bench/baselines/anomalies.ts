/** What the anomalies are measured beside: a rolling z-score, and a robust one among the same weekdays. */

/** |z| against the mean and deviation of the `window` points before, as 0..1: a half at three deviations. */
export function rollingZ(values: Float64Array, window = 288): Float64Array {
  const scores = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const past = values.subarray(Math.max(0, i - window), i);
    if (past.length < 10) continue;
    let sum = 0;
    let squares = 0;
    for (const value of past) sum += value;
    const mean = sum / past.length;
    for (const value of past) squares += (value - mean) ** 2;
    const deviation = Math.sqrt(squares / (past.length - 1));
    const z = deviation > 0 ? Math.abs(values[i]! - mean) / deviation : 0;
    scores[i] = Number.isFinite(z) ? z / (z + 3) : 0;
  }
  return scores;
}

/**
 * Days whose distance from the median of the same weekday's last eight values is `threshold` scaled MADs or more;
 * at least four of them, and one alert a week.
 */
export function sameWeekdayAlerts(values: Float64Array, threshold: number): number[] {
  const alerts: number[] = [];
  let quietUntil = -1;
  for (let i = 0; i < values.length; i++) {
    const past: number[] = [];
    for (let j = i - 7; j >= 0 && past.length < 8; j -= 7)
      if (Number.isFinite(values[j]!)) past.push(values[j]!);
    if (past.length < 4 || !Number.isFinite(values[i]!) || i <= quietUntil) continue;
    const centre = medianOf(past);
    const spread = 1.4826 * medianOf(past.map((value) => Math.abs(value - centre)));
    if (Math.abs(values[i]! - centre) < threshold * Math.max(spread, 1)) continue;
    alerts.push(i);
    quietUntil = i + 7;
  }
  return alerts;
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
