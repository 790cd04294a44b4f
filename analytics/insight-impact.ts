/** What an insight predicts, in numbers that can be checked once their time has come. */

export interface PredictedImpact {
  metric: string;
  /** 95 % limits. */
  low: number;
  expected: number;
  high: number;
  /**
   * `relative change`: a fraction of `base`, or of the ordinary outcome where there is no base; `a day`: the mean
   * daily value; `score points`: of the performance score, 0 to 10.
   */
  unit: 'relative change' | 'a day' | 'score points';
  /** Days after the decision by which it can be told. */
  horizon_days: number;
  /** The same figure as it was, or is for the others: what to expect if the insight has nothing to it. */
  baseline: number;
  /** The daily value that a relative change is told against. */
  base?: number;
}

/** Null where the figures are none: not finite, or limits on the wrong sides. */
export function predictedImpact(impact: PredictedImpact): PredictedImpact | null {
  const { low, expected, high, baseline } = impact;
  const isTold =
    [low, expected, high, baseline].every(Number.isFinite) && low <= expected && expected <= high;
  return isTold ? impact : null;
}

/** Reads what was stored with an insight; null where it predicts nothing that can be checked. */
export function readImpact(supporting: Record<string, unknown>): PredictedImpact | null {
  const impact = supporting['predicted_impact'];
  return typeof impact === 'object' && impact !== null ? (impact as PredictedImpact) : null;
}
