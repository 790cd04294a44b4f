/** A line of `analyse anomalies`. */
import { detectAnomalies, type AnomalyMode } from '../../analytics/anomalies.js';
import { countFinite } from '../../analytics/summary.js';
import { timesOf, valuesOf, type PreparedLine, type SeriesLine } from './series-line.js';

export interface AnomalyLineOptions {
  mode?: AnomalyMode;
  threshold?: number;
}

/** `{id, t?, values}`; without times the values are days. */
export function anomalyLine(line: SeriesLine, options: AnomalyLineOptions): PreparedLine {
  const values = valuesOf(line, ['values']);
  timesOf(line, values.length);
  return () => {
    const result = detectAnomalies(values, options);
    const n = countFinite(values);
    if ('withheld' in result) return { method: null, withheld: result.withheld, n };
    return {
      method: result.method,
      version: result.version,
      parameters: { threshold: result.threshold },
      scores: Array.from(result.score, (score) => unitScore(score, result.threshold)),
      flags: result.anomalies.map(({ index }) => index),
      anomalies: result.anomalies,
      n,
    };
  };
}

/** 0 where nothing is judged, one half at the threshold. */
function unitScore(score: number, threshold: number): number {
  const size = Math.abs(score);
  return Number.isFinite(size) ? size / (size + threshold) : 0;
}
