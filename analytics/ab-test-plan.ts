/** The plan of an A/B test, made before its first observation. */
import { sampleSizeOfMeans, sampleSizeOfProportions } from './sample-size.js';
import { guardedLevel } from './sequential-guard.js';

export interface AbTestAims {
  kind: 'proportion' | 'mean';
  /** Whether more or less of the metric is better. */
  goal: 'increase' | 'decrease';
  /** Chance of naming a winner where there is no difference, over all looks and variants. */
  alpha: number;
  /** Chance of finding the smallest effect that matters by the planned sample. */
  power: number;
  /** The control's share or mean, as far as it is known. */
  baseline: number;
  /** Of a single observation; null for a proportion, which has its own. */
  standardDeviation: number | null;
  /** The smallest difference that matters, in the metric's unit; above 0. */
  minimumEffect: number;
}

export interface AbTestPlan extends AbTestAims {
  /** Observations of each variant by which the test ends. */
  plannedPerVariant: number;
}

export interface PlannedSample {
  /** With the guard, looked at as often as anybody likes. */
  perVariant: number;
  /** Of a test that is looked at once, at its end: what the guard costs is the difference. */
  perVariantOfOneLook: number;
}

/** Why the aims make no test; null where they do. */
export function faultOfAims(aims: AbTestAims): string | null {
  const { kind, goal, alpha, power, baseline, standardDeviation, minimumEffect } = aims;
  if (!(alpha > 0 && alpha < 0.5)) return 'alpha lies between 0 and 0.5';
  if (!(power > 0.5 && power < 1)) return 'power lies between 0.5 and 1';
  if (!(minimumEffect > 0) || !Number.isFinite(minimumEffect)) return 'the minimum effect is above 0';
  if (!Number.isFinite(baseline)) return 'the baseline is a number';
  if (kind === 'mean') {
    const known = standardDeviation !== null && standardDeviation > 0 && Number.isFinite(standardDeviation);
    return known ? null : 'a mean needs the standard deviation of a single observation';
  }
  const reached = goal === 'increase' ? baseline + minimumEffect : baseline - minimumEffect;
  if (!(baseline > 0 && baseline < 1)) return 'the baseline of a proportion lies between 0 and 1';
  return reached > 0 && reached < 1 ? null : 'the minimum effect leads past 0 or 1';
}

/**
 * Observations that each variant needs, equal arms: enough at the guard's last level, with Bonferroni's part of
 * the error for each of `comparisons` variants beside the control. Looks before the end only add to the power.
 * @throws RangeError for aims that make no test, and past 10^12.
 */
export function planSample(aims: AbTestAims, comparisons: number): PlannedSample {
  const fault = faultOfAims(aims);
  if (fault !== null) throw new RangeError(fault);
  const { kind, goal, alpha, power, baseline, standardDeviation, minimumEffect } = aims;
  const sizeAt = (level: number): number => {
    if (kind === 'mean') {
      return sampleSizeOfMeans({ effectSize: minimumEffect / standardDeviation!, level }, power);
    }
    const variant = goal === 'increase' ? baseline + minimumEffect : baseline - minimumEffect;
    return sampleSizeOfProportions({ control: baseline, variant, level }, power);
  };
  const part = alpha / comparisons;
  return { perVariant: sizeAt(guardedLevel(part, 1)), perVariantOfOneLook: sizeAt(part) };
}
