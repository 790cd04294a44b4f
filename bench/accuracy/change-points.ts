/** Change points beside none at all and two plain segmentations, on annotated and on generated series. */
import { detectChangePoints } from '../../analytics/change-points.js';
import { binarySegmentation, leastSquaresPelt } from '../baselines/segmentations.js';
import { overAll, rate, rounded } from '../cpu-time.js';
import { generateChangePointSeries } from '../generated/change-point-series.js';
import { givenChangePoints, type GivenAnnotated } from '../given-series.js';
import { scoreChangePoints } from '../scoring/change-point-scores.js';

export interface ChangePointRow {
  set: string;
  method: string;
  series: number;
  f1: number | null;
  covering: number | null;
  pointsPerSecond: number | null;
}

interface Contender {
  method: string;
  find: (series: GivenAnnotated) => number[];
}

const contenders: readonly Contender[] = [
  {
    method: 'tidemark',
    find: ({ dimensions }) => detectChangePoints(dimensions).change_points.map(({ index }) => index),
  },
  { method: 'no change', find: () => [] },
  { method: 'PELT, squares, 2 ln n', find: ({ dimensions }) => leastSquaresPelt(dimensions[0]!) },
  { method: 'binary segmentation', find: ({ dimensions }) => binarySegmentation(dimensions[0]!) },
];

export function givenChangePointRows(): ChangePointRow[] {
  return rowsOf('annotated', givenChangePoints());
}

export function generatedChangePointRows(seed: number, count: number): ChangePointRow[] {
  const series = generateChangePointSeries(seed, count).map(({ values, truth }) => ({
    n: values.length,
    dimensions: [values],
    annotations: [truth],
  }));
  const changing = series.filter(({ annotations }) => annotations[0]!.length > 0);
  const unchanged = series.filter(({ annotations }) => annotations[0]!.length === 0);
  return [...rowsOf('generated', changing), ...rowsOf('generated, no change', unchanged)];
}

function rowsOf(set: string, series: readonly GivenAnnotated[]): ChangePointRow[] {
  const points = series.reduce((sum, { n }) => sum + n, 0);
  return contenders.map(({ method, find }) => {
    const { results, seconds } = overAll(series, find);
    const scores = scoreChangePoints(series, results);
    return {
      set,
      method,
      series: scores.series,
      f1: rounded(scores.f1, 3),
      covering: rounded(scores.covering, 3),
      pointsPerSecond: rate(points, seconds),
    };
  });
}
