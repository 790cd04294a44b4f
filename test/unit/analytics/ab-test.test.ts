import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateAbTest, type AbTestArm } from '../../../analytics/ab-test.js';
import {
  faultOfAims,
  planSample,
  type AbTestAims,
  type AbTestPlan,
} from '../../../analytics/ab-test-plan.js';
import { expectClose, readGolden } from './golden.js';

const golden = readGolden('ab_tests') as {
  sample_ratio: [number[], number[], number, number][];
};

const shares: AbTestAims = {
  kind: 'proportion',
  goal: 'increase',
  alpha: 0.05,
  power: 0.8,
  baseline: 0.05,
  standardDeviation: null,
  minimumEffect: 0.01,
};
const means: AbTestAims = {
  ...shares,
  kind: 'mean',
  baseline: 100,
  standardDeviation: 40,
  minimumEffect: 10,
};
const planOf = (aims: AbTestAims, variants = 1): AbTestPlan => ({
  ...aims,
  plannedPerVariant: planSample(aims, variants).perVariant,
});

const names = ['plain', 'bold', 'calm', 'third'];
const counts = (...pairs: [trials: number, successes: number][]): AbTestArm[] =>
  pairs.map(([trials, successes], i) => ({
    ...{ name: names[i]!, isControl: i === 0, share: 1 },
    observed: { kind: 'proportion', counts: { trials, successes } },
  }));

describe('the plan of an A/B test', () => {
  it('says what makes none', () => {
    const faults = (
      [
        { alpha: 0 },
        { alpha: 0.5 },
        { power: 1 },
        { minimumEffect: 0 },
        { minimumEffect: Number.POSITIVE_INFINITY },
        { baseline: Number.NaN },
        { baseline: 1 },
        { minimumEffect: 0.96 },
        { goal: 'decrease', minimumEffect: 0.05 },
        { kind: 'mean' },
        { kind: 'mean', standardDeviation: 0 },
      ] satisfies Partial<AbTestAims>[]
    ).map((change) => faultOfAims({ ...shares, ...change }));
    expect(faults.every((fault) => fault !== null)).toBe(true);
    expect(faultOfAims(shares)).toBeNull();
    expect(faultOfAims(means)).toBeNull();
    expect(() => planSample({ ...shares, power: 2 }, 1)).toThrow('power lies between');
  });

  it('asks for more with every variant, and for more than one look would', () => {
    for (const aims of [shares, means]) {
      const [one, two] = [planSample(aims, 1), planSample(aims, 2)];
      expect(one.perVariant).toBeGreaterThan(one.perVariantOfOneLook);
      expect(two.perVariant).toBeGreaterThan(one.perVariant);
    }
  });
});

describe('the evaluation of an A/B test', () => {
  it('names a winner with its interval', () => {
    const plan = planOf(shares);
    const found = evaluateAbTest(plan, counts([11_000, 550], [11_000, 715]));
    expect(found).toMatchObject({ verdict: 'winner', winner: 'bold', withheld: null, needed_per_variant: 0 });
    const [bold] = found.comparisons;
    expect(bold!.interval[0]).toBeGreaterThan(0);
    expect(bold!.lift).toBeCloseTo(0.3, 12);
    expect(bold!.lift_interval![0]).toBeGreaterThan(0);
    expect(bold!.always_valid_p).toBeGreaterThan(bold!.p_value);
    expect(found.interpretation).toContain('“bold” beats the control by 0.015');
    expect(found.parameters.planned_per_variant).toBe(plan.plannedPerVariant);
    expect(found.points).toBe(22_000);
  });

  it('has none yet, and says how many more it needs, where one look would have called one', () => {
    const plan = planOf(shares);
    const found = evaluateAbTest(plan, counts([900, 40], [900, 62]));
    expect(found.comparisons[0]!.p_value).toBeLessThan(0.05);
    const needed = plan.plannedPerVariant - 900;
    expect(found).toMatchObject({
      verdict: 'undecided',
      winner: null,
      needed_per_variant: needed,
      interpretation: `No winner yet: needs ${needed} more a variant.`,
    });
  });

  it('ends without a winner at the planned sample', () => {
    const plan = planOf(shares);
    const n = plan.plannedPerVariant;
    const found = evaluateAbTest(plan, counts([n, Math.round(n * 0.05)], [n, Math.round(n * 0.0505)]));
    expect(found).toMatchObject({ verdict: 'inconclusive', winner: null, needed_per_variant: 0 });
    expect(found.comparisons[0]!.power).toBeGreaterThanOrEqual(0.8);
  });

  it('keeps the control where every variant does worse, and turns with the goal', () => {
    const arms = counts([12_000, 900], [12_000, 600]);
    const more = evaluateAbTest(planOf(shares), arms);
    expect(more).toMatchObject({ verdict: 'control', winner: 'plain' });
    const less = evaluateAbTest(planOf({ ...shares, goal: 'decrease' }), arms);
    expect(less).toMatchObject({ verdict: 'winner', winner: 'bold' });
  });

  it('adjusts over several variants by Holm, and names the best', () => {
    const plan = planOf(shares, 3);
    const n = plan.plannedPerVariant;
    const of = (share: number): [number, number] => [n, Math.round(n * share)];
    const found = evaluateAbTest(plan, counts(of(0.05), of(0.063), of(0.066), of(0.051)));
    const p = found.comparisons.map(({ always_valid_p }) => always_valid_p);
    const adjusted = found.comparisons.map(({ adjusted_p }) => adjusted_p);
    expectClose(adjusted[1]!, 3 * p[1]!);
    expectClose(adjusted[0]!, 2 * p[0]!);
    expect(adjusted[2]).toBe(Math.min(1, p[2]!));
    expect(found).toMatchObject({ verdict: 'winner', winner: 'calm' });
    expect(found.interpretation).toContain('“bold”; the two were not tested against each other');
  });

  it('is withheld with the reason', () => {
    const plan = planOf(shares);
    const empty = { name: 'bold', isControl: false, share: 1, observed: null };
    const cases: [AbTestArm[], string][] = [
      [[counts([50, 5])[0]!, empty], 'needs 10 more for the smallest variant'],
      [counts([50, 5], [4, 1]), 'needs 6 more for the smallest variant'],
      [counts([6_000, 300], [5_000, 350]), 'the trials are not split as planned; find out why first'],
    ];
    for (const [arms, withheld] of cases) {
      expect(evaluateAbTest(plan, arms)).toMatchObject({ verdict: 'withheld', winner: null, withheld });
    }
    const still = names.slice(0, 2).map((name, i): AbTestArm => {
      const moments = { trials: 30, mean: 4, variance: 0 };
      return { name, isControl: i === 0, share: 1, observed: { kind: 'mean', moments } };
    });
    expect(evaluateAbTest(planOf(means), still).withheld).toBe('the values do not vary');
    const early = evaluateAbTest(plan, [counts([50, 5])[0]!, empty]);
    expect(early.variants[1]).toEqual({
      ...{ variant: 'bold', is_control: false, points: 0 },
      ...{ estimate: null, interval: null },
    });
    expect(early.sample_ratio?.mismatch).toBe(true);
  });

  it('checks the split against the shares planned', () => {
    for (const [trials, planned, statistic, p] of golden.sample_ratio) {
      const arms = counts(...trials.map((n): [number, number] => [n, Math.floor(n / 20)])).map((arm, i) => ({
        ...arm,
        share: planned[i]!,
      }));
      const { sample_ratio: found } = evaluateAbTest(planOf(shares, trials.length - 1), arms);
      expectClose(found!.statistic, statistic);
      expectClose(found!.p_value, p);
      expect(found!.mismatch).toBe(p < 0.001);
    }
    expect(evaluateAbTest(planOf(shares), counts([4, 1], [4, 1])).sample_ratio).toBeNull();
  });

  it('takes one control and something to compare it with', () => {
    const plan = planOf(shares);
    const [control, variant] = counts([50, 5], [50, 6]) as [AbTestArm, AbTestArm];
    for (const arms of [[control], [variant], [control, control, variant], []]) {
      expect(() => evaluateAbTest(plan, arms)).toThrow(RangeError);
    }
  });

  it('decides by interval as by p, whatever the means, and does not mind their unit', () => {
    const arm = fc.record({
      trials: fc.integer({ min: 10, max: 2_000 }),
      mean: fc.double({ min: 50, max: 150, noNaN: true }),
      variance: fc.double({ min: 1, max: 2_000, noNaN: true }),
    });
    const plan = planOf(means);
    const of = (moments: { trials: number; mean: number; variance: number }, i: number): AbTestArm => ({
      ...{ name: names[i]!, isControl: i === 0, share: moments.trials },
      observed: { kind: 'mean', moments },
    });
    fc.assert(
      fc.property(arm, arm, (a, b) => {
        const [found] = evaluateAbTest(plan, [of(a, 0), of(b, 1)]).comparisons;
        const [low, high] = found!.interval;
        if (Math.abs(found!.adjusted_p / plan.alpha - 1) > 1e-6) {
          expect(low > 0 || high < 0).toBe(found!.significant);
        }
        const inSeconds = [a, b].map((one) => ({
          trials: one.trials,
          mean: one.mean * 60,
          variance: one.variance * 3_600,
        }));
        const [other] = evaluateAbTest(plan, inSeconds.map(of)).comparisons;
        expectClose(other!.always_valid_p, found!.always_valid_p, 1e-7);
      }),
    );
  });
});
