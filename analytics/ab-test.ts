/** The evaluation of an A/B test: every variant against the control, guarded against peeking, and the verdict. */
import type { ArmComparison } from './ab-test-comparison.js';
import { compareMeans, meanInterval, type MeanArm } from './ab-test-mean.js';
import type { AbTestPlan } from './ab-test-plan.js';
import { compareProportions, wilsonInterval, type ProportionArm } from './ab-test-proportion.js';
import { verdictOf, type Verdict } from './ab-test-verdict.js';
import { chiSquaredSf } from './distributions.js';
import { powerOfMeans, powerOfProportions } from './sample-size.js';
import { alwaysValidP, guardedLevel, guardMethod, guardVersion } from './sequential-guard.js';

/** Below it in any arm neither a variance nor a normal approximation is worth a word. */
export const leastPerArm = 10;

export interface AbTestArm {
  name: string;
  isControl: boolean;
  /** Part of the trials planned for it, relative to the other arms'. */
  share: number;
  /** Null before the first observation. */
  observed: { kind: 'proportion'; counts: ProportionArm } | { kind: 'mean'; moments: MeanArm } | null;
}

export interface ArmEstimate {
  variant: string;
  is_control: boolean;
  /** Trials, or observations of a mean. */
  points: number;
  /** Share of successes, or mean; null without an observation. */
  estimate: number | null;
  /** Of this arm alone, of one look, at the confidence 1 − α. */
  interval: [number, number] | null;
}

export interface VariantComparison {
  variant: string;
  test: ArmComparison['method'];
  difference: number;
  /** Holds at all looks and for all variants together, at the confidence 1 − α. */
  interval: [number, number];
  /** Variant / control − 1. */
  lift: number | null;
  lift_interval: [number, number] | null;
  /** Of one look: what it would be if nobody had looked before or would again. */
  p_value: number;
  /** Holds at any number of looks. */
  always_valid_p: number;
  /** The always valid one after Holm's adjustment over the variants; it decides. */
  adjusted_p: number;
  significant: boolean;
  /** Information over that of the planned sample; 1 at the plan. */
  information_fraction: number;
  /** Probability that a look at this many observations finds the smallest effect that matters. */
  power: number;
}

export interface SampleRatio {
  statistic: number;
  p_value: number;
  /** The split is not the planned one: what made it uneven may have made the difference too. */
  mismatch: boolean;
}

export interface AbTestEvaluation {
  method: string;
  version: number;
  parameters: {
    kind: AbTestPlan['kind'];
    goal: AbTestPlan['goal'];
    alpha: number;
    power: number;
    minimum_effect: number;
    planned_per_variant: number;
  };
  /** Trials or observations of all arms. */
  points: number;
  variants: ArmEstimate[];
  comparisons: VariantComparison[];
  /** Null where an arm expects fewer than five. */
  sample_ratio: SampleRatio | null;
  verdict: Verdict;
  winner: string | null;
  /** Observations that each variant still needs by the plan; 0 once it is reached. */
  needed_per_variant: number;
  /** Why there is no answer; null where there is one. */
  withheld: string | null;
  interpretation: string;
}

/** A split as uneven as this is no chance: Fabijan et al. (KDD 2019) take a level far below the test's own. */
const mismatchLevel = 0.001;
const leastExpected = 5;

/**
 * Evaluates a test as it stands. To be called as often as anybody likes: the guard keeps the chance of naming a
 * winner where there is no difference at α over all the looks together (see `sequential-guard.ts`), and Holm's
 * adjustment (1979) keeps it over all variants.
 * @param arms exactly one of them the control.
 * @throws RangeError without exactly one control and at least one variant beside it.
 */
export function evaluateAbTest(plan: AbTestPlan, arms: readonly AbTestArm[]): AbTestEvaluation {
  const control = arms.find(({ isControl }) => isControl);
  const variants = arms.filter(({ isControl }) => !isControl);
  if (control === undefined || variants.length === 0 || variants.length !== arms.length - 1) {
    throw new RangeError('A test has one control and at least one variant');
  }
  const fewest = Math.min(...arms.map(pointsOf));
  const sampleRatio = sampleRatioOf(arms);
  const compared =
    fewest < leastPerArm ? [] : variants.map((variant) => compare(plan, control, variant, variants.length));
  const comparisons = withHolm(
    compared.flatMap((one) => one ?? []),
    plan.alpha,
  );
  return {
    method: `${plan.kind === 'proportion' ? 'proportions' : 'means'} against the control; ${guardMethod}; Holm`,
    version: guardVersion,
    parameters: {
      kind: plan.kind,
      goal: plan.goal,
      alpha: plan.alpha,
      power: plan.power,
      minimum_effect: plan.minimumEffect,
      planned_per_variant: plan.plannedPerVariant,
    },
    points: arms.reduce((sum, arm) => sum + pointsOf(arm), 0),
    variants: arms.map((arm) => estimateOf(arm, plan.alpha)),
    comparisons,
    sample_ratio: sampleRatio,
    ...verdictOf({
      plan,
      control: control.name,
      fewest,
      leastPerArm,
      comparisons,
      expectedComparisons: variants.length,
      mismatch: sampleRatio?.mismatch ?? false,
    }),
  };
}

function pointsOf({ observed }: AbTestArm): number {
  if (observed === null) return 0;
  return observed.kind === 'proportion' ? observed.counts.trials : observed.moments.trials;
}

function estimateOf(arm: AbTestArm, level: number): ArmEstimate {
  const { name, isControl, observed } = arm;
  const points = pointsOf(arm);
  const base = { variant: name, is_control: isControl, points };
  if (observed === null || points === 0) return { ...base, estimate: null, interval: null };
  if (observed.kind === 'mean') {
    return { ...base, estimate: observed.moments.mean, interval: meanInterval(observed.moments, level) };
  }
  const { counts } = observed;
  return { ...base, estimate: counts.successes / counts.trials, interval: wilsonInterval(counts, level) };
}

/** Null where nothing varies. */
function compare(
  plan: AbTestPlan,
  control: AbTestArm,
  variant: AbTestArm,
  family: number,
): VariantComparison | null {
  const nControl = pointsOf(control);
  const nVariant = pointsOf(variant);
  const fraction = 2 / (1 / nControl + 1 / nVariant) / plan.plannedPerVariant;
  // Intervals take Bonferroni's part of the error: Holm's steps have no intervals of their own.
  const level = guardedLevel(plan.alpha / family, fraction);
  const found = test(control, variant, level);
  if (found === null) return null;
  const { method, difference, interval, lift, liftInterval, z, p } = found;
  const always = alwaysValidP(z, fraction);
  return {
    variant: variant.name,
    test: method,
    difference,
    interval,
    lift,
    lift_interval: liftInterval,
    p_value: p,
    always_valid_p: always,
    adjusted_p: always,
    significant: false,
    information_fraction: fraction,
    power: powerOf(plan, level, nControl, nVariant),
  };
}

function test(control: AbTestArm, variant: AbTestArm, level: number): ArmComparison | null {
  const [a, b] = [control.observed, variant.observed];
  if (a?.kind === 'proportion' && b?.kind === 'proportion') {
    return compareProportions(a.counts, b.counts, level);
  }
  return a?.kind === 'mean' && b?.kind === 'mean' ? compareMeans(a.moments, b.moments, level) : null;
}

function powerOf(plan: AbTestPlan, level: number, nControl: number, nVariant: number): number {
  const { baseline, standardDeviation, minimumEffect, goal } = plan;
  if (plan.kind === 'mean') {
    return powerOfMeans({ effectSize: minimumEffect / standardDeviation!, level }, nControl, nVariant);
  }
  const variant = goal === 'increase' ? baseline + minimumEffect : baseline - minimumEffect;
  return powerOfProportions({ control: baseline, variant, level }, nControl, nVariant);
}

/** Holm's step-down adjustment; in the order given. */
function withHolm(comparisons: readonly VariantComparison[], alpha: number): VariantComparison[] {
  const ascending = comparisons.toSorted((a, b) => a.always_valid_p - b.always_valid_p);
  const adjusted = new Map<string, number>();
  let most = 0;
  ascending.forEach(({ variant, always_valid_p: p }, i) => {
    most = Math.min(1, Math.max(most, p * (ascending.length - i)));
    adjusted.set(variant, most);
  });
  return comparisons.map((one) => {
    const p = adjusted.get(one.variant)!;
    return { ...one, adjusted_p: p, significant: p <= alpha };
  });
}

/** Pearson's χ² of the trials against the shares planned; null where an arm expects fewer than five. */
function sampleRatioOf(arms: readonly AbTestArm[]): SampleRatio | null {
  const total = arms.reduce((sum, arm) => sum + pointsOf(arm), 0);
  const shares = arms.reduce((sum, { share }) => sum + share, 0);
  let statistic = 0;
  for (const arm of arms) {
    const expected = (total * arm.share) / shares;
    if (expected < leastExpected) return null;
    statistic += (pointsOf(arm) - expected) ** 2 / expected;
  }
  const p = chiSquaredSf(statistic, arms.length - 1);
  return { statistic, p_value: p, mismatch: p < mismatchLevel };
}
