/**
 * The plain modes: every point against the centre of all. `zscore` by mean and standard deviation, `robust` by
 * median and scaled MAD (Iglewicz and Hoaglin 1993). Neither season nor trend, and not causal.
 */
import { emptyJudgement, unitScore, type Anomaly, type Judgement } from './anomaly-result.js';
import { mean, median, scaledMad, standardDeviation } from './summary.js';

export type PlainMode = 'zscore' | 'robust';

/** √(π/2): a normal's standard deviation over its mean absolute one. */
const meanDeviationScale = 1.2533141373155001;

/** Constant values have no score but 0. */
export function judgePlainly(
  values: Float64Array,
  mode: PlainMode,
  options: { threshold: number; refractoryDays: number },
): Judgement {
  const { threshold } = options;
  const centre = mode === 'zscore' ? mean(values) : median(values);
  let spread = mode === 'zscore' ? standardDeviation(values) : scaledMad(values, centre);
  // More than half of the values equal: the mean absolute deviation stands in for the median one.
  if (mode === 'robust' && spread === 0) {
    spread = meanDeviationScale * mean(values.map((value) => Math.abs(value - centre)));
  }
  const result = emptyJudgement(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    result.expected[i] = centre;
    result.lower[i] = centre - threshold * spread;
    result.upper[i] = centre + threshold * spread;
    const score = spread > 0 ? (value - centre) / spread : 0;
    result.score[i] = score;
    if (Math.abs(score) < threshold) result.scores[i] = unitScore(score, threshold);
  }
  raiseAlerts(values, result, threshold, options.refractoryDays);
  return result;
}

/** Days on the far side, of the next ones, that turn an alert into a level: three of four. */
const levelWindow = 4;
const levelDays = 3;

function raiseAlerts(values: Float64Array, result: Judgement, threshold: number, refractory: number): void {
  const lastAlert = { up: -Infinity, down: -Infinity };
  for (let i = 0; i < values.length; i++) {
    const score = result.score[i]!;
    if (!(Math.abs(score) >= threshold)) continue;
    const direction = score > 0 ? 'up' : 'down';
    if (i <= lastAlert[direction] + refractory) continue;
    lastAlert[direction] = i;
    result.scores[i] = unitScore(score, threshold);
    result.anomalies.push({
      index: i,
      value: values[i]!,
      expected: result.expected[i]!,
      lower: result.lower[i]!,
      upper: result.upper[i]!,
      score,
      kind: kindOf(values, result, i, direction),
      direction,
      span: 1,
    });
  }
}

function kindOf(
  values: Float64Array,
  result: Judgement,
  at: number,
  direction: Anomaly['direction'],
): Anomaly['kind'] {
  if (direction === 'down' && values[at] === 0) return 'silence';
  const bound = direction === 'up' ? result.upper[at]! : result.lower[at]!;
  const half = (result.expected[at]! + bound) / 2;
  let beyond = 0;
  for (let i = at + 1; i <= at + levelWindow && i < values.length; i++) {
    if (direction === 'up' ? values[i]! >= half : values[i]! <= half) beyond++;
  }
  if (beyond >= levelDays) return 'level';
  return direction === 'up' ? 'spike' : 'drop';
}
