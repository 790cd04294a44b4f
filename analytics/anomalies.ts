/**
 * Anomalies in a series. Two plain modes, `zscore` and `robust`, judge every point by the centre of all. The
 * default is causal: `seasonal` for daily values, `stream` for many points a day.
 */
import { judgeContent } from './anomaly-content.js';
import { judgePlainly } from './anomaly-plain.js';
import { emptyJudgement, type Judgement } from './anomaly-result.js';
import { judgeStream, streamWarmUp } from './anomaly-stream.js';
import { needsMoreDays, type Withheld } from './trend.js';
import { countFinite } from './summary.js';

export const anomalyModes = ['zscore', 'robust', 'seasonal', 'stream'] as const;
export type AnomalyMode = (typeof anomalyModes)[number];

export interface AnomalyOptions {
  /** `seasonal` up to two points a day and `stream` above, unless told. */
  mode?: AnomalyMode;
  /** |score| from which a point is an anomaly; by mode unless told. */
  threshold?: number;
  /** Points a day; 1 unless told. */
  samplesPerDay?: number;
  /** Points after an alert in which the same direction raises no other; 7 unless told. Streams have their own. */
  refractoryDays?: number;
  /** Finite points that a judgement needs before it; 14 unless told, and never fewer. */
  minPoints?: number;
  /** Indices at which the metric's definition changed: nothing is compared across them. */
  breaks?: readonly number[];
}

export interface AnomalyParameters {
  threshold: number;
  samplesPerDay: number;
  refractoryDays: number;
  minPoints: number;
}

export interface AnomalyResult extends Judgement {
  method: AnomalyMode;
  version: number;
  parameters: AnomalyParameters;
  threshold: number;
  n: number;
}

/** 2: robust smoothing in place of medians, three days together, streams. */
export const anomalyVersion = 2;

/**
 * Standard normal units for the first three. A stream's is the sum of −log10 p over eleven figures.
 */
export const defaultThresholds: Readonly<Record<AnomalyMode, number>> = {
  zscore: 3,
  robust: 3.5,
  seasonal: 3.5,
  stream: 11,
};
const leastPoints = 14;
const denseFrom = 2;

/**
 * Anomalies of completed points; NaN is a gap and raises nothing. One event is one alert. In the causal modes what
 * comes later changes nothing of what was told before, but the kind of an alert: `level` once it has lasted.
 * @returns withheld, with what is missing, where fewer points are finite than a judgement needs.
 */
export function detectAnomalies(
  values: Float64Array,
  options: AnomalyOptions = {},
): AnomalyResult | Withheld {
  const samplesPerDay = options.samplesPerDay ?? 1;
  const mode = options.mode ?? (samplesPerDay > denseFrom ? 'stream' : 'seasonal');
  const fewest = mode === 'stream' ? streamWarmUp(samplesPerDay) + 1 : leastPoints;
  const parameters: AnomalyParameters = {
    threshold: options.threshold ?? defaultThresholds[mode],
    samplesPerDay,
    refractoryDays: options.refractoryDays ?? 7,
    minPoints: Math.max(fewest, options.minPoints ?? fewest),
  };
  const n = countFinite(values);
  if (n < parameters.minPoints) return { withheld: needsMore(n, parameters.minPoints, samplesPerDay) };
  const edges = [0, ...(options.breaks ?? []).filter((at) => at > 0 && at < values.length), values.length];
  edges.sort((a, b) => a - b);
  const whole = edges.length === 2 ? judgePart(values, mode, parameters) : emptyJudgement(values.length);
  for (let i = 0; edges.length > 2 && i + 1 < edges.length; i++) {
    const from = edges[i]!;
    const part = values.subarray(from, edges[i + 1]);
    if (countFinite(part) < parameters.minPoints) continue;
    const found = judgePart(part, mode, parameters);
    for (const key of ['expected', 'lower', 'upper', 'score', 'scores'] as const)
      whole[key].set(found[key], from);
    for (const anomaly of found.anomalies) {
      whole.anomalies.push({ ...anomaly, index: anomaly.index + from });
    }
  }
  return { method: mode, version: anomalyVersion, parameters, threshold: parameters.threshold, ...whole, n };
}

function judgePart(values: Float64Array, mode: AnomalyMode, parameters: AnomalyParameters): Judgement {
  switch (mode) {
    case 'seasonal':
      return judgeContent(values, parameters);
    case 'stream':
      return judgeStream(values, parameters);
    default:
      return judgePlainly(values, mode, parameters);
  }
}

function needsMore(n: number, minimum: number, samplesPerDay: number): string {
  if (samplesPerDay === 1) return needsMoreDays(n, minimum);
  const missing = minimum - n;
  return `needs ${missing} more ${missing === 1 ? 'point' : 'points'}`;
}
