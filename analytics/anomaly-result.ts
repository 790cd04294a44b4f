/** What every way of looking for anomalies gives back. */

export type AnomalyKind = 'spike' | 'drop' | 'level' | 'silence';
export type AnomalyDirection = 'up' | 'down';

export interface Anomaly {
  index: number;
  /** Of the point; where three days tell what none alone does, the mean of the three, as are the next ones. */
  value: number;
  expected: number;
  lower: number;
  upper: number;
  /** Signed by the direction, in the method's own unit; its size is at least the threshold. */
  score: number;
  kind: AnomalyKind;
  direction: AnomalyDirection;
  /** Points up to `index` that the score judges together: 1, or 3 where three days tell what none alone does. */
  span: number;
}

/** One a point; NaN where the point is a gap or has too little before it. */
export interface Baseline {
  expected: Float64Array;
  lower: Float64Array;
  upper: Float64Array;
  /** Signed, unbounded. */
  score: Float64Array;
}

export interface Judgement extends Baseline {
  /**
   * 0 to 1 a point: a half and more at alerts, and in streams where an event still grows soon after one; 0 where
   * nothing is judged or an event goes on.
   */
  scores: Float64Array;
  anomalies: Anomaly[];
}

export function emptyJudgement(length: number): Judgement {
  const gaps = (): Float64Array => new Float64Array(length).fill(Number.NaN);
  return {
    expected: gaps(),
    lower: gaps(),
    upper: gaps(),
    score: gaps(),
    scores: new Float64Array(length),
    anomalies: [],
  };
}

/** 0 for none, one half at the threshold, towards 1 beyond it. */
export function unitScore(score: number, threshold: number): number {
  const size = Math.abs(score);
  if (!(size > 0)) return 0;
  return size === Number.POSITIVE_INFINITY ? 1 : size / (size + threshold);
}
