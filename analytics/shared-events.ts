/**
 * What moves most series of a group on the same day — a holiday, a platform's own counting — is no event of any
 * one of them. A day's common score is the median over the group; an alert that would be none without it is shared.
 */
import { medianInPlace } from './summary.js';

/** Series of a group below which a day has no common score. */
export const fewestInGroup = 5;

export interface ScoredSeries {
  /** Day number of the first score. */
  start: number;
  /** Signed; NaN where nothing was judged. */
  score: Float64Array;
}

export interface CommonScores {
  start: number;
  /** Median score a day; 0 where fewer than five series were judged. */
  median: Float64Array;
}

/** In whatever order the series come. An empty group has no days. */
export function commonScores(series: readonly ScoredSeries[]): CommonScores {
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const { start: from, score } of series) {
    start = Math.min(start, from);
    end = Math.max(end, from + score.length);
  }
  if (!(end > start)) return { start: 0, median: new Float64Array(0) };
  const median = new Float64Array(end - start);
  const work = new Float64Array(series.length);
  for (let day = start; day < end; day++) {
    let count = 0;
    for (const { start: from, score } of series) {
      const one = score[day - from];
      if (one !== undefined && Number.isFinite(one)) work[count++] = one;
    }
    if (count >= fewestInGroup) median[day - start] = medianInPlace(work, count);
  }
  return { start, median };
}

/** Whether a score of at least the threshold falls below it, or turns round, without the day's common score. */
export function isShared(score: number, day: number, common: CommonScores, threshold: number): boolean {
  const own = score - (common.median[day - common.start] ?? 0);
  return Math.abs(own) < threshold || Math.sign(own) !== Math.sign(score);
}
