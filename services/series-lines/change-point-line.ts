/** A line of `analyse change-points`. */
import { detectChangePoints } from '../../analytics/change-points.js';
import { SeriesLineError, numbersOf, valuesOf, type PreparedLine, type SeriesLine } from './series-line.js';

/**
 * `{id, values, dims?}`: `values` is one array of numbers, or an array of such arrays: one a point or one a
 * dimension, whichever `dims` tells, and one a dimension where it tells neither and they are the fewer.
 */
export function changePointLine(line: SeriesLine): PreparedLine {
  const dimensions = dimensionsOf(line);
  return () => {
    const { method, version, parameters, n, change_points, withheld } = detectChangePoints(dimensions);
    if (withheld !== null) return { method: null, withheld, n };
    const cps = change_points.map(({ index }) => index);
    return { method, version, parameters, n, cps, change_points };
  };
}

function dimensionsOf(line: SeriesLine): Float64Array[] {
  const { values } = line as { values?: unknown };
  if (!Array.isArray(values) || !Array.isArray(values[0])) return [valuesOf(line, ['values'])];
  const rows = values.map((row: unknown, i) => numbersOf(row, `values[${i}]`));
  const width = rows[0]!.length;
  const odd = rows.findIndex((row) => row.length !== width);
  if (odd >= 0)
    throw new SeriesLineError(
      `values[${odd}]`,
      `values[${odd}] has ${rows[odd]!.length} values where values[0] has ${width}`,
      'Give every point the same dimensions, with null for what is missing.',
    );
  const { dims } = line as { dims?: unknown };
  const areDimensions = dims === rows.length || (dims !== width && rows.length <= width);
  if (areDimensions) return rows;
  return Array.from({ length: width }, (_, k) => Float64Array.from(rows, (row) => row[k]!));
}
