/** What a change is: its size and kind, and how certain it is. */
import { fitNoise, lineOf, mostPersistent, residualsOf, squaresOf } from './change-point-criterion.js';
import type { SegmentModel } from './change-point-costs.js';
import { chiSquaredSf, fSf } from './distributions.js';
import { standardDeviation } from './summary.js';

export type ChangeKind = 'level' | 'slope' | 'variance';

export interface ChangePoint {
  /** First index of the new segment. */
  index: number;
  /** What changes most there: the level, the slope of a line, or the size of the noise. */
  kind: ChangeKind;
  /** The dimension that changes most, from 0. */
  dimension: number;
  /**
   * Mean of the segment before and of the one after, season and lone outliers taken out; over a course the
   * level after, and what it would have been without the change; for a change of variance the deviations.
   */
  before: number;
  after: number;
  /** after − before. */
  size: number;
  /** size / |before|; null where that is 0. */
  relative_size: number | null;
  /** Change a point of the lines before and after; 0 where segments are levels. */
  slope_before: number;
  slope_after: number;
  /** 0..1: one less the p of the change, over noise that may be as persistent as a random walk. */
  confidence: number;
}

/** One part of a series, ready to be segmented: a `Float64Array` a dimension. */
export interface Prepared {
  /** In the values' unit, or logarithms over a course; without gaps, season and lone outliers. */
  values: Float64Array[];
  /** The same about the mean in standard deviations. */
  standard: Float64Array[];
  minSegment: number;
  /** The expected course at the same points; null where there is none. */
  course: Float64Array | null;
}

/**
 * The changes of level and slope that a segmentation tells, ascending. One that the best segmentation over a
 * random walk's noise does not share is no surer than the odds against that one (`doubt`: the square root of
 * their likelihoods' ratio, parameters counted; 1 where they are the same).
 */
export function describeChanges(
  prepared: Prepared,
  starts: readonly number[],
  model: SegmentModel,
  overWalk: { starts: readonly number[]; doubt: number },
): ChangePoint[] {
  const edges = [0, ...starts, prepared.standard[0]?.length ?? 0];
  return starts.map((index, k) => {
    const from = edges[k]!;
    const to = edges[k + 2]!;
    const isShared = overWalk.starts.some((at) => Math.abs(at - index) < prepared.minSegment);
    const dimension = mostChanged(prepared.standard, from, index, to, model);
    const values = prepared.values[dimension]!;
    const left = lineOf(values, from, index, model);
    const right = lineOf(values, index, to, model);
    const jump =
      right.level - right.slope * ((to - index) / 2) - (left.level + left.slope * ((index - from) / 2));
    const bend = (Math.abs(right.slope - left.slope) * Math.min(index - from, to - index)) / 2;
    const scale = prepared.course === null ? null : meanBetween(prepared.course, index, to);
    const before = scale === null ? left.level : scale * Math.exp(left.level);
    const after = scale === null ? right.level : scale * Math.exp(right.level);
    return {
      ...{ index, kind: bend > Math.abs(jump) ? 'slope' : 'level', dimension },
      ...sized(before, after),
      ...{ slope_before: left.slope, slope_after: right.slope },
      confidence: confidenceOf(prepared.standard, starts, k, model) * (isShared ? 1 : overWalk.doubt / 2),
    };
  });
}

/** A change of values that were divided by `unit`. */
export function inUnit(change: ChangePoint, unit: number): ChangePoint {
  return {
    ...change,
    before: change.before * unit,
    after: change.after * unit,
    size: change.size * unit,
    slope_before: change.slope_before * unit,
    slope_after: change.slope_after * unit,
  };
}

function sized(
  before: number,
  after: number,
): Pick<ChangePoint, 'before' | 'after' | 'size' | 'relative_size'> {
  const size = after - before;
  return { before, after, size, relative_size: before === 0 ? null : size / Math.abs(before) };
}

const meanBetween = (values: Float64Array, from: number, to: number): number =>
  lineOf(values, from, to, 'level').level;

/** The dimension that two segments explain best beyond what one does. */
function mostChanged(
  standard: readonly Float64Array[],
  from: number,
  index: number,
  to: number,
  model: SegmentModel,
): number {
  if (standard.length === 1) return 0;
  const gains = standard.map((one) => {
    const part = one.subarray(from, to);
    return squaresOf(residualsOf(part, [], model)) - squaresOf(residualsOf(part, [index - from], model));
  });
  return gains.indexOf(Math.max(...gains));
}

/**
 * One less the p of the k-th change: the likelihoods of AR(1) noise with and without it, its autocorrelation
 * estimated each time up to a random walk's, as an F (χ² over several dimensions) times the places that it
 * could have had between its neighbours (Bonferroni).
 */
function confidenceOf(
  standard: readonly Float64Array[],
  starts: readonly number[],
  k: number,
  model: SegmentModel,
): number {
  const n = standard[0]!.length;
  const without = starts.filter((_, at) => at !== k);
  let gain = 0;
  for (const one of standard) {
    gain +=
      fitNoise(residualsOf(one, without, model), mostPersistent).deviance -
      fitNoise(residualsOf(one, starts, model), mostPersistent).deviance;
  }
  const perSegment = model === 'line' ? 2 : 1;
  const degrees = perSegment * standard.length;
  const free = n - perSegment * (starts.length + 1) - 1;
  const p =
    standard.length === 1 && free > 0
      ? fSf((Math.expm1(Math.max(0, gain) / n) * free) / degrees, degrees, free)
      : chiSquaredSf(Math.max(0, gain), degrees);
  const places = (starts[k + 1] ?? n) - (starts[k - 1] ?? 0);
  return Math.max(0, 1 - p * places);
}

/**
 * Changes of the noise's size from the segmentation of its scores; those within a shortest segment of another
 * change are left out, since a change that lies a little off looks like noise.
 */
export function describeVarianceChanges(
  prepared: Prepared,
  scores: Float64Array,
  starts: readonly number[],
  others: readonly number[],
  residuals: readonly Float64Array[],
): ChangePoint[] {
  const edges = [0, ...starts, scores.length];
  return starts.flatMap((index, k): ChangePoint[] => {
    if (others.some((at) => Math.abs(at - index) < 2 * prepared.minSegment)) return [];
    const sides = residuals.map((one) => ({
      before: standardDeviation(one.subarray(edges[k], index)),
      after: standardDeviation(one.subarray(index, edges[k + 2])),
    }));
    const changes = sides.map(({ before, after }) => Math.abs(Math.log(after / before)));
    const dimension = Math.max(0, changes.indexOf(Math.max(...changes)));
    const { before, after } = sides[dimension]!;
    return [
      {
        ...{ index, kind: 'variance', dimension, ...sized(before, after) },
        ...{ slope_before: 0, slope_after: 0 },
        confidence: confidenceOf([scores], starts, k, 'level'),
      },
    ];
  });
}
