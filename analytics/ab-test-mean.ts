/** Two means beside each other: a control's and a variant's. */
import type { ArmComparison } from './ab-test-comparison.js';
import { logStudentTwoSided, normalQuantile, studentQuantile } from './distributions.js';

export interface MeanArm {
  /** Observations. */
  trials: number;
  mean: number;
  /** Sample variance (n − 1). */
  variance: number;
}

/** Smallest p that has a normal quantile. */
const leastP = 1e-300;

/**
 * Groups of observations as one: the mean of them all and their variance, that between the groups included
 * (Chan, Golub & LeVeque 1979). Null without an observation.
 */
export function poolMoments(groups: readonly MeanArm[]): MeanArm | null {
  let trials = 0;
  let mean = 0;
  let squares = 0;
  for (const group of groups) {
    if (!(group.trials > 0)) continue;
    const joint = trials + group.trials;
    const apart = group.mean - mean;
    squares +=
      Math.max(0, group.variance) * (group.trials - 1) + (apart * apart * trials * group.trials) / joint;
    mean += (apart * group.trials) / joint;
    trials = joint;
  }
  return trials === 0 ? null : { trials, mean, variance: trials > 1 ? squares / (trials - 1) : 0 };
}

/** Welch's standard error (1947) and the degrees of freedom of Satterthwaite (1946). */
function welch(control: MeanArm, variant: MeanArm): { error: number; df: number } {
  const a = control.variance / control.trials;
  const b = variant.variance / variant.trials;
  const df = (a + b) ** 2 / ((a * a) / (control.trials - 1) + (b * b) / (variant.trials - 1));
  return { error: Math.sqrt(a + b), df };
}

/** Limits of a mean by Student's t, at the confidence 1 − `level`; null below two observations. */
export function meanInterval({ trials, mean, variance }: MeanArm, level: number): [number, number] | null {
  if (trials < 2) return null;
  const reach = -studentQuantile(level / 2, trials - 1) * Math.sqrt(variance / trials);
  return [mean - reach, mean + reach];
}

/**
 * Fieller's interval (1954) of variant / control − 1 for independent means; null where the control's mean is not
 * clearly positive at this confidence: the ratio then has no bounded interval.
 */
function fiellerLift(control: MeanArm, variant: MeanArm, quantile: number): [number, number] | null {
  const square = quantile * quantile;
  const v0 = control.variance / control.trials;
  const v1 = variant.variance / variant.trials;
  const difference = variant.mean - control.mean;
  // Of the lift itself, not of the ratio, whose limits less 1 would lose the digits of a small lift.
  const a = control.mean * control.mean - square * v0;
  if (!(a > 0) || !(control.mean > 0)) return null;
  const b = difference * control.mean + square * v0;
  const c = difference * difference - square * (v0 + v1);
  const inner = control.mean * control.mean * v1 + variant.mean * variant.mean * v0 - square * v0 * v1;
  const root = quantile * Math.sqrt(Math.max(0, inner));
  // The smaller root by the product of both: a difference of near equals loses its digits too.
  const far = b < 0 ? b - root : b + root;
  const limits = [far / a, far === 0 ? 0 : c / far];
  return [Math.min(...limits), Math.max(...limits)];
}

/**
 * Variant against control by Welch's t test, intervals at the confidence 1 − `level`. The z is the one whose
 * two-sided p is the test's own, so that few observations do not pass for many. Null below two observations on
 * either side and where neither varies.
 */
export function compareMeans(control: MeanArm, variant: MeanArm, level: number): ArmComparison | null {
  if (control.trials < 2 || variant.trials < 2) return null;
  const { error, df } = welch(control, variant);
  if (!(error > 0)) return null;
  const difference = variant.mean - control.mean;
  const p = Math.exp(logStudentTwoSided(difference / error, df));
  const quantile = -studentQuantile(level / 2, df);
  return {
    method: 'Welch’s t test',
    difference,
    interval: [difference - quantile * error, difference + quantile * error],
    z: difference === 0 ? 0 : Math.sign(difference) * -normalQuantile(Math.max(p, leastP) / 2),
    p,
    lift: control.mean > 0 ? difference / control.mean : null,
    liftInterval: fiellerLift(control, variant, quantile),
  };
}
