/** A line of `analyse change-points`. */
import { detectChangePoints } from '../../analytics/change-points.js';
import { countFinite } from '../../analytics/summary.js';
import { SeriesLineError, valuesOf, type PreparedLine, type SeriesLine } from './series-line.js';

/** `{id, values}`. */
export function changePointLine(line: SeriesLine): PreparedLine {
  if (typeof line['dims'] === 'number' && line['dims'] > 1)
    throw new SeriesLineError('dims', 'dims is more than 1', 'Give one line a dimension.');
  const values = valuesOf(line, ['values']);
  return () => {
    const found = detectChangePoints(values);
    return {
      method: 'pelt',
      version: 1,
      parameters: {},
      cps: found.map(({ index }) => index),
      change_points: found,
      n: countFinite(values),
    };
  };
}
