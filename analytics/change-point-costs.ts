/** What a segment costs: its squared residuals about a level or a line, from running sums. */

/** What a segment is taken to be: a level, or a straight line. */
export type SegmentModel = 'level' | 'line';

interface Sums {
  values: Float64Array;
  /** Of (i − middle) × value. */
  moments: Float64Array;
}

/** Running sums from which the cost of any segment follows at once. */
export interface SegmentCosts {
  length: number;
  squares: Float64Array;
  /** By length: 1 / length, and one over the squared distances of so many points from their middle. */
  perPoint: Float64Array;
  perSpread: Float64Array;
  dimensions: Sums[];
}

/** Sums of one or more series of equal length, best about their means and in units of their spread. */
export function segmentCosts(dimensions: readonly Float64Array[]): SegmentCosts {
  const length = dimensions[0]?.length ?? 0;
  const squares = new Float64Array(length + 1);
  const middle = length / 2;
  const sums = dimensions.map((series) => {
    const values = new Float64Array(length + 1);
    const moments = new Float64Array(length + 1);
    let square = 0;
    for (let i = 0; i < length; i++) {
      const value = series[i]!;
      values[i + 1] = values[i]! + value;
      moments[i + 1] = moments[i]! + (i - middle) * value;
      square += value * value;
      squares[i + 1] = squares[i + 1]! + square;
    }
    return { values, moments };
  });
  const perPoint = new Float64Array(length + 1);
  const perSpread = new Float64Array(length + 1);
  // Tables, since two divisions take half of the search's time.
  for (let points = 1; points <= length; points++) {
    perPoint[points] = 1 / points;
    perSpread[points] = points > 1 ? 12 / (points * (points * points - 1)) : 0;
  }
  return { length, squares, perPoint, perSpread, dimensions: sums };
}
