/** One association over again, among other contents: whether it holds there. */
import type { Measured } from './insight-outcome.js';
import { mean, standardDeviation, variance } from './summary.js';

export interface FeatureOutcome {
  /** 0 or 1 for a level. */
  feature: number;
  outcome: number;
}

/** With fewer contents on either side of a level, or in all for a number, nothing is told. */
const leastOnASide = 3;
const leastContents = 8;

/**
 * The association in shares of the outcome's mean, as `FeatureEffect` tells it: the difference between having the
 * level and not having it, or Pearson's r times the outcome's coefficient of variation; with its standard error.
 * Withheld with too few contents, no spread, or a mean that is not positive.
 */
export function associationAmong(pairs: readonly FeatureOutcome[], isLevel: boolean): Measured {
  const outcomes = Float64Array.from(pairs, ({ outcome }) => outcome);
  const level = mean(outcomes);
  const withheld = (reason: string): Measured => ({ value: null, error: 0, points: pairs.length, reason });
  if (isLevel) {
    const having = Float64Array.from(
      pairs.filter(({ feature }) => feature === 1),
      ({ outcome }) => outcome,
    );
    const lacking = Float64Array.from(
      pairs.filter(({ feature }) => feature !== 1),
      ({ outcome }) => outcome,
    );
    const fewer = Math.min(having.length, lacking.length);
    if (fewer < leastOnASide)
      return withheld(`needs ${leastOnASide - fewer} more contents published since the decision`);
    if (!(level > 0)) return withheld('the mean of the outcome is not positive');
    const error = Math.sqrt(variance(having) / having.length + variance(lacking) / lacking.length);
    return {
      ...{ value: (mean(having) - mean(lacking)) / level, error: error / level },
      ...{ points: pairs.length, reason: null },
    };
  }
  if (pairs.length < leastContents) {
    return withheld(`needs ${leastContents - pairs.length} more contents published since the decision`);
  }
  if (!(level > 0)) return withheld('the mean of the outcome is not positive');
  const features = Float64Array.from(pairs, ({ feature }) => feature);
  const spread = standardDeviation(outcomes);
  const centre = mean(features);
  const width = standardDeviation(features);
  if (!(spread > 0 && width > 0)) return withheld('the contents published since are all the same');
  const r =
    pairs.reduce(
      (sum, pair) => sum + ((pair.feature - centre) / width) * ((pair.outcome - level) / spread),
      0,
    ) /
    (pairs.length - 1);
  const error = Math.sqrt((1 - Math.min(1, r * r)) / (pairs.length - 2));
  const scale = spread / level;
  return { value: r * scale, error: error * scale, points: pairs.length, reason: null };
}
