/** What any test of a variant against the control tells. */
export interface ArmComparison {
  method: 'pooled z test' | 'Fisher’s exact test' | 'Welch’s t test';
  /** Variant − control, in the metric's unit. */
  difference: number;
  /** Of the difference, at the confidence asked for. */
  interval: [low: number, high: number];
  /** The statistic as a standard normal one; its sign is the difference's. */
  z: number;
  /** Two-sided, of one look. */
  p: number;
  /** Variant / control − 1; null where the control's estimate is not positive. */
  lift: number | null;
  /** Null where the ratio has no bounded interval. */
  liftInterval: [low: number, high: number] | null;
}
