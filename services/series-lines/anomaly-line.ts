/** A line of `analyse anomalies`. */
import { detectAnomalies, type AnomalyMode } from '../../analytics/anomalies.js';
import { countFinite } from '../../analytics/summary.js';
import { withFieldNames } from './field-names.js';
import { samplesPerDayOf } from './sampling.js';
import { timesOf, valuesOf, type PreparedLine, type SeriesLine } from './series-line.js';

export interface AnomalyLineOptions {
  /** Unless told, a causal one that suits the sampling. */
  mode?: AnomalyMode;
  threshold?: number;
}

/** `{id, t?, values}`; without times the values are days. */
export function anomalyLine(line: SeriesLine, options: AnomalyLineOptions): PreparedLine {
  const values = valuesOf(line, ['values']);
  const times = timesOf(line, values.length);
  return () => {
    const samplesPerDay = (times === null ? null : samplesPerDayOf(times)) ?? 1;
    const result = detectAnomalies(values, { ...options, samplesPerDay });
    if ('withheld' in result) {
      const scores = Array.from(values, () => 0);
      return { method: null, withheld: result.withheld, n: countFinite(values), scores, flags: [] };
    }
    return {
      // One name whatever the sampling, so that a set of series can be grouped by it.
      method: options.mode ?? 'causal',
      version: result.version,
      parameters: { mode: result.method, ...withFieldNames(result.parameters) },
      n: result.n,
      scores: Array.from(result.scores),
      flags: result.anomalies.map(({ index }) => index),
      anomalies: result.anomalies,
    };
  };
}
