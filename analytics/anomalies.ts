/**
 * Anomalies in daily values. Three modes: `zscore` (distance from the mean in standard deviations), `robust`
 * (from the median in scaled MADs) and the default, `seasonal`: causal, with weekday and drift, robust.
 */
import { emptyBaseline, seasonalBaseline, type Baseline } from './anomaly-baseline.js';
import { needsMoreDays, type Withheld } from './trend.js';
import { countFinite, mean, median, scaledMad, standardDeviation } from './summary.js';

export type AnomalyMode = 'zscore' | 'robust' | 'seasonal';
export type AnomalyKind = 'spike' | 'drop' | 'level' | 'silence';

export interface AnomalyOptions {
  mode?: AnomalyMode;
  /** |score| from which a point is an anomaly; 3, 3.5 and 5.5 by mode unless told. */
  threshold?: number;
  /** Days after an alert in which the same direction raises no other; 7 unless told. */
  refractoryDays?: number;
  /** Finite points that a judgement needs before it; 14 unless told, and never fewer. */
  minPoints?: number;
  /** Indices at which the metric's definition changed: nothing is compared across them. */
  breaks?: readonly number[];
}

export interface Anomaly {
  index: number;
  value: number;
  expected: number;
  lower: number;
  upper: number;
  score: number;
  kind: AnomalyKind;
  direction: 'up' | 'down';
}

export interface AnomalyResult {
  method: AnomalyMode;
  version: number;
  threshold: number;
  /** One a point; NaN where the point is a gap or has too little before it. */
  expected: Float64Array;
  lower: Float64Array;
  upper: Float64Array;
  score: Float64Array;
  anomalies: Anomaly[];
  n: number;
}

export const anomalyVersion = 1;

const defaultThresholds: Record<AnomalyMode, number> = { zscore: 3, robust: 3.5, seasonal: 5.5 };
const leastPoints = 14;

/**
 * Anomalies of completed days; NaN is a gap and raises nothing. One event is one alert: within the refractory
 * window only the opposite direction raises another. An alert that the days after it keep up is a `level`; a
 * zero where values were expected is a `silence`.
 */
export function detectAnomalies(
  values: Float64Array,
  options: AnomalyOptions = {},
): AnomalyResult | Withheld {
  const minimum = Math.max(leastPoints, options.minPoints ?? leastPoints);
  const n = countFinite(values);
  if (n < minimum) return { withheld: needsMoreDays(n, minimum) };
  const mode = options.mode ?? 'seasonal';
  const threshold = options.threshold ?? defaultThresholds[mode];
  const baseline = emptyBaseline(values.length);
  const edges = [0, ...(options.breaks ?? []).filter((at) => at > 0 && at < values.length), values.length];
  edges.sort((a, b) => a - b);
  const anomalies: Anomaly[] = [];
  for (let i = 0; i + 1 < edges.length; i++) {
    const from = edges[i]!;
    const part = values.subarray(from, edges[i + 1]);
    if (countFinite(part) < minimum) continue;
    const found =
      mode === 'seasonal' ? seasonalBaseline(part, threshold, minimum) : plainBaseline(part, mode, threshold);
    for (const key of ['expected', 'lower', 'upper', 'score'] as const) baseline[key].set(found[key], from);
    for (const anomaly of alerts(part, found, threshold, options.refractoryDays ?? 7)) {
      anomalies.push({ ...anomaly, index: anomaly.index + from });
    }
  }
  return { method: mode, version: anomalyVersion, threshold, ...baseline, anomalies, n };
}

/** Every point against the mean or the median of all; constant values have no score but 0. */
function plainBaseline(values: Float64Array, mode: 'zscore' | 'robust', threshold: number): Baseline {
  const centre = mode === 'zscore' ? mean(values) : median(values);
  let spread = mode === 'zscore' ? standardDeviation(values) : scaledMad(values, centre);
  // More than half of the values equal: the mean absolute deviation stands in for the median one.
  if (mode === 'robust' && spread === 0) {
    spread = 1.2533141373155001 * mean(values.map((value) => Math.abs(value - centre)));
  }
  const baseline = emptyBaseline(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    baseline.expected[i] = centre;
    baseline.lower[i] = centre - threshold * spread;
    baseline.upper[i] = centre + threshold * spread;
    baseline.score[i] = spread > 0 ? (value - centre) / spread : 0;
  }
  return baseline;
}

/** Days on the far side, of the next ones, that turn an alert into a level: three of four. */
const levelWindow = 4;
const levelDays = 3;

function alerts(
  values: Float64Array,
  baseline: Baseline,
  threshold: number,
  refractoryDays: number,
): Anomaly[] {
  const found: Anomaly[] = [];
  let quietUntil = -1;
  let lastDirection: Anomaly['direction'] | null = null;
  for (let i = 0; i < values.length; i++) {
    const score = baseline.score[i]!;
    if (!(Math.abs(score) >= threshold)) continue;
    const direction = score > 0 ? 'up' : 'down';
    // The way back from an event looks like one in the other direction only after a change of level.
    if (i <= quietUntil && direction === lastDirection) continue;
    found.push({
      index: i,
      value: values[i]!,
      expected: baseline.expected[i]!,
      lower: baseline.lower[i]!,
      upper: baseline.upper[i]!,
      score,
      kind: kindOf(values, baseline, i, direction),
      direction,
    });
    quietUntil = i + refractoryDays;
    lastDirection = direction;
  }
  return found;
}

function kindOf(
  values: Float64Array,
  baseline: Baseline,
  at: number,
  direction: Anomaly['direction'],
): AnomalyKind {
  if (direction === 'down' && values[at] === 0) return 'silence';
  const bound = direction === 'up' ? baseline.upper[at]! : baseline.lower[at]!;
  const half = (baseline.expected[at]! + bound) / 2;
  let beyond = 0;
  for (let i = at + 1; i <= at + levelWindow && i < values.length; i++) {
    if (direction === 'up' ? values[i]! >= half : values[i]! <= half) beyond++;
  }
  if (beyond >= levelDays) return 'level';
  return direction === 'up' ? 'spike' : 'drop';
}
