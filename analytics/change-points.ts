/**
 * Change points: where a series' level, slope or noise changes for good. Every optimal segmentation into levels
 * and into lines is found exactly (PELT over a range of penalties), and the one that describes the series best
 * over noise that remembers is told, with how certain each of its changes is.
 */
import {
  describeChanges,
  describeVarianceChanges,
  inUnit,
  type ChangePoint,
  type Prepared,
} from './change-point-evidence.js';
import { chooseSegmentation, mostAutocorrelation, type ChosenSegmentation } from './change-point-choice.js';
import type { SegmentModel } from './change-point-costs.js';
import { fitNoise, mostPersistent, residualsOf } from './change-point-criterion.js';
import {
  knownPositions,
  meansOf,
  overCourse,
  seasonOf,
  standardised,
  unitOf,
  withoutDrift,
  withoutOutliers,
  withoutSeason,
} from './change-point-preparation.js';
import { fillGaps } from './series.js';
import { countFinite, median } from './summary.js';

export const changePointMethod = { method: 'pelt-path-ar1', version: 3 } as const;

export interface ChangePointOptions {
  /** Period of the season that is taken out first, in points; 1 for none; looked for unless told. */
  period?: number;
  /**
   * Expected course, one positive value a point, up to a factor (a launch's decay): changes are then those of
   * the logarithm of the values over it, and only of its level; a slow drift of the two apart is none. Needs
   * values ≥ 0.
   */
  course?: Float64Array;
  /** Shortest segment; a twentieth of the points, 5 to 15, unless told. */
  minSegment?: number;
  /** Indices across which nothing is compared (definition breaks): each part is segmented by itself. */
  breaks?: readonly number[];
}

/** How a part of the series between two breaks was segmented. */
export interface ChangePointPart {
  /** The part: from, and to before which. */
  from: number;
  to: number;
  model: SegmentModel;
  /** One a dimension; 1 where no season was taken out. */
  periods: number[];
  min_segment: number;
  /** Cost of a change at the least penalty that was asked about, in the standardised values' squares. */
  penalty: number;
  /** Standard deviation of the noise in the values' unit (of logarithms over a course), one a dimension. */
  noise: number[];
  /** Its coefficient at lag 1, one a dimension. */
  autocorrelation: number[];
  /** Points taken together before the search; 1 up to 2,500 points. */
  step: number;
}

export interface ChangePointResult {
  method: string;
  version: number;
  parameters: { most_autocorrelation: number; parts: ChangePointPart[] };
  /** Points with a value (in the first dimension). */
  n: number;
  change_points: ChangePoint[];
  /** Why nothing was looked for; null where it was, in one part at least. */
  withheld: string | null;
}

/** Two segments of five are the least that can differ. */
const fewestPoints = 10;
/** The search costs the square of the length at worst: 2,500 points take 20 ms. */
const mostPoints = 2_500;
/**
 * Change points of a series, or of several dimensions of one (each of the same length), NaN for gaps. Lone
 * outliers are drawn in and a season is taken out first.
 *
 * @throws RangeError where the dimensions' lengths, or the course's, differ.
 */
export function detectChangePoints(
  values: Float64Array | readonly Float64Array[],
  options: ChangePointOptions = {},
): ChangePointResult {
  const dimensions = values instanceof Float64Array ? [values] : values;
  const length = dimensions[0]?.length ?? 0;
  const { course, breaks = [] } = options;
  if ([...dimensions, ...(course === undefined ? [] : [course])].some((one) => one.length !== length)) {
    throw new RangeError(`Dimensions and course of ${length} points have to be of one length`);
  }
  const needed = Math.max(fewestPoints, 2 * (options.minSegment ?? 0));
  const edges = [...new Set([0, ...breaks.filter((at) => at > 0 && at < length), length])];
  edges.sort((a, b) => a - b);
  // Logarithms over a course have no unit.
  const unit = course === undefined ? unitOf(dimensions) : 1;
  const parts: ChangePointPart[] = [];
  const changes: ChangePoint[] = [];
  for (let k = 0; k + 1 < edges.length; k++) {
    const from = edges[k]!;
    const to = edges[k + 1]!;
    const part = dimensions.map((one) => {
      const own = one.slice(from, to);
      if (course !== undefined) return overCourse(own, course.subarray(from, to));
      return unit === 1 ? own : own.map((value) => value / unit);
    });
    const found = segmentPart(part, { from, needed, course: course?.subarray(from, to) ?? null }, options);
    if (found === null) continue;
    parts.push({ ...found.part, noise: found.part.noise.map((deviation) => deviation * unit) });
    changes.push(...found.changes.map((change) => inUnit(change, unit)));
  }
  const n = dimensions[0] === undefined ? 0 : countFinite(dimensions[0]);
  const missing = needed - n;
  return {
    ...changePointMethod,
    parameters: { most_autocorrelation: mostAutocorrelation, parts },
    n,
    change_points: changes,
    withheld:
      parts.length > 0
        ? null
        : missing <= 0
          ? `no part without a break has ${needed} points`
          : `needs ${missing} more ${missing === 1 ? 'point' : 'points'}`,
  };
}

function segmentPart(
  raw: readonly Float64Array[],
  { from: offset, needed, course }: { from: number; needed: number; course: Float64Array | null },
  options: ChangePointOptions,
): { part: ChangePointPart; changes: ChangePoint[] } | null {
  const longestGap = options.minSegment ?? 5;
  const positions = knownPositions(raw, longestGap);
  if (positions.length < needed) return null;
  const periods = raw.map((values) => options.period ?? seasonOf(values));
  const step = Math.ceil(positions.length / mostPoints);
  const known = (one: Float64Array): Float64Array =>
    meansOf(
      Float64Array.from(positions, (at) => one[at]!),
      step,
    );
  const values = raw.map((one, d) =>
    withoutOutliers(known(withoutSeason(fillGaps(one, periods[d]), periods[d]!))),
  );
  const n = values[0]!.length;
  const minSegment = options.minSegment ?? Math.max(5, Math.min(15, Math.floor(n / 20)));
  const plain: Prepared = {
    values,
    standard: values.map(standardised),
    minSegment,
    course: course === null ? null : known(course),
  };
  const { prepared, chosen } = course === null ? choose(plain, ['line', 'level']) : chooseOverCourse(plain);
  const { starts, model, penalty } = chosen;
  const residuals = prepared.values.map((one) => residualsOf(one, starts, model));
  const noise = residuals.map((one) => fitNoise(one, mostPersistent));
  const changes = describeChanges(prepared, starts, model, chosen.overWalk);
  const innovations = residuals.map((one, d) => innovationsOf(one, noise[d]!.autocorrelation));
  const spread = varianceSegmentation(innovations, Math.max(minSegment, 15));
  changes.push(...describeVarianceChanges(prepared, spread.scores, spread.starts, starts, residuals));
  changes.sort((a, b) => a.index - b.index);
  return {
    part: {
      ...{ from: offset, to: offset + raw[0]!.length, model, periods, min_segment: minSegment, penalty },
      noise: noise.map(({ deviation }) => deviation),
      autocorrelation: noise.map(({ autocorrelation }) => autocorrelation),
      step,
    },
    changes: changes.map((change) => ({ ...change, index: offset + positions[change.index * step]! })),
  };
}

interface Choice {
  prepared: Prepared;
  chosen: ChosenSegmentation;
}

function choose(prepared: Prepared, models: readonly SegmentModel[]): Choice {
  return { prepared, chosen: chooseSegmentation(prepared.standard, prepared.minSegment, models) };
}

/** Levels over a course, as it is or without its drift, which is two parameters more a dimension. */
function chooseOverCourse(prepared: Prepared): Choice {
  const { values, standard } = prepared;
  const asTold = choose(prepared, ['level']);
  if (asTold.chosen.starts.length === 0) return asTold;
  const drifting = { ...prepared, values: values.map(withoutDrift), standard: standard.map(withoutDrift) };
  const other = choose(drifting, ['level']);
  const more = 2 * values.length * Math.log(values[0]!.length);
  return other.chosen.criterion + more < asTold.chosen.criterion ? other : asTold;
}

function innovationsOf(residuals: Float64Array, autocorrelation: number): Float64Array {
  return residuals.map((residual, i) =>
    i === 0 ? residual : residual - autocorrelation * residuals[i - 1]!,
  );
}

/**
 * Changes of the noise's size as changes of level of log(|innovation| / its median + 0.3): an even scatter
 * whatever the distribution's tails, which squares are not; 0.3 keeps values near zero from standing out.
 */
function varianceSegmentation(
  innovations: readonly Float64Array[],
  minSegment: number,
): { scores: Float64Array; starts: number[] } {
  const sizes = innovations.map((one) => one.map(Math.abs));
  const middles = sizes.map((one) => median(one));
  const scores = sizes[0]!.map((_, i) => {
    let sum = 0;
    for (let d = 0; d < sizes.length; d++) sum += Math.log(sizes[d]![i]! / middles[d]! + 0.3);
    return sum;
  });
  if (!scores.every(Number.isFinite) || scores.length < 2 * minSegment) return { scores, starts: [] };
  const standard = standardised(scores);
  return { scores: standard, starts: chooseSegmentation([standard], minSegment, ['level']).starts };
}
