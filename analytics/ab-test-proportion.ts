/** Two proportions beside each other: a control's and a variant's. */
import type { ArmComparison } from './ab-test-comparison.js';
import { normalQuantile, normalSf } from './distributions.js';
import { logGamma } from './special-functions.js';

export interface ProportionArm {
  trials: number;
  /** 0..trials. */
  successes: number;
}

/** Below it in any cell of the table the normal approximation gives way to Fisher's exact test (Cochran 1954). */
const leastExpected = 5;
/** Tables as probable as the one at hand but for rounding belong to its tail. */
const tieTolerance = 1e-7;

/** Wilson's score interval (1927) of a share, at the confidence 1 − `level`; 0..1. */
export function wilsonInterval({ trials, successes }: ProportionArm, level: number): [number, number] {
  const z = -normalQuantile(level / 2);
  const share = successes / trials;
  const spread = (z * z) / trials;
  const centre = (share + spread / 2) / (1 + spread);
  const reach =
    (z * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials))) / (1 + spread);
  return [
    successes === 0 ? 0 : Math.max(0, centre - reach),
    successes === trials ? 1 : Math.min(1, centre + reach),
  ];
}

/**
 * Newcombe's hybrid score interval (1998, method 10) of variant − control, at the confidence 1 − `level`. It
 * stays within −1..1 and holds near 0 and 1, where Wald's does not.
 */
export function newcombeInterval(
  control: ProportionArm,
  variant: ProportionArm,
  level: number,
): [number, number] {
  const p0 = control.successes / control.trials;
  const p1 = variant.successes / variant.trials;
  const [low0, high0] = wilsonInterval(control, level);
  const [low1, high1] = wilsonInterval(variant, level);
  return [p1 - p0 - Math.hypot(p1 - low1, high0 - p0), p1 - p0 + Math.hypot(high1 - p1, p0 - low0)];
}

/** The pooled (score) statistic of variant − control; 0 where neither or every trial succeeded. */
export function pooledZ(control: ProportionArm, variant: ProportionArm): number {
  const pooled = (control.successes + variant.successes) / (control.trials + variant.trials);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / control.trials + 1 / variant.trials));
  return error > 0 ? (variant.successes / variant.trials - control.successes / control.trials) / error : 0;
}

/**
 * Fisher's exact test, two-sided: the probability of all tables of these margins that are as improbable as the
 * one at hand, or more. Time grows with the smallest margin.
 */
export function fisherExactP(control: ProportionArm, variant: ProportionArm): number {
  const successes = control.successes + variant.successes;
  const total = control.trials + variant.trials;
  const logTable = (k: number): number =>
    logChoose(variant.trials, k) + logChoose(control.trials, successes - k) - logChoose(total, successes);
  const observed = logTable(variant.successes);
  let sum = 0;
  const most = Math.min(variant.trials, successes);
  for (let k = Math.max(0, successes - control.trials); k <= most; k++) {
    const here = logTable(k);
    if (here <= observed + tieTolerance) sum += Math.exp(here);
  }
  return Math.min(1, sum);
}

function logChoose(n: number, k: number): number {
  if (k === 0 || k === n) return 0;
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}

/**
 * Interval of the relative lift, variant / control − 1, from the logarithm of the ratio (Katz et al. 1978), at
 * the confidence 1 − `level`; null without a success on either side, where the ratio has no error to tell.
 */
export function liftInterval(
  control: ProportionArm,
  variant: ProportionArm,
  level: number,
): [number, number] | null {
  if (control.successes === 0 || variant.successes === 0) return null;
  const ratio = Math.log(variant.successes / variant.trials / (control.successes / control.trials));
  const error = Math.sqrt(
    1 / control.successes - 1 / control.trials + (1 / variant.successes - 1 / variant.trials),
  );
  const reach = -normalQuantile(level / 2) * error;
  return [Math.expm1(ratio - reach), Math.expm1(ratio + reach)];
}

/**
 * Variant against control: the pooled z test, or Fisher's where a cell expects fewer than five; trials of both
 * above 0. The z of Fisher's test is the one whose two-sided p is its own.
 */
export function compareProportions(
  control: ProportionArm,
  variant: ProportionArm,
  level: number,
): ArmComparison {
  const successes = control.successes + variant.successes;
  const total = control.trials + variant.trials;
  const expected =
    (Math.min(successes, total - successes) * Math.min(control.trials, variant.trials)) / total;
  const rate = control.successes / control.trials;
  const difference = variant.successes / variant.trials - rate;
  const shared = {
    difference,
    interval: newcombeInterval(control, variant, level),
    lift: rate > 0 ? difference / rate : null,
    liftInterval: liftInterval(control, variant, level),
  };
  if (expected < leastExpected) {
    const p = fisherExactP(control, variant);
    return { method: 'Fisher’s exact test', p, z: Math.sign(difference) * -normalQuantile(p / 2), ...shared };
  }
  const z = pooledZ(control, variant);
  return { method: 'pooled z test', p: Math.min(1, 2 * normalSf(Math.abs(z))), z, ...shared };
}
