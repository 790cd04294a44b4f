import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareMeans, meanInterval, poolMoments } from '../../../analytics/ab-test-mean.js';
import {
  compareProportions,
  fisherExactP,
  liftInterval,
  newcombeInterval,
  pooledZ,
  wilsonInterval,
} from '../../../analytics/ab-test-proportion.js';
import { noncentralTTwoSided } from '../../../analytics/noncentral-t.js';
import {
  powerOfMeans,
  powerOfProportions,
  sampleSizeOfMeans,
  sampleSizeOfProportions,
} from '../../../analytics/sample-size.js';
import { expectClose, readGolden } from './golden.js';

type Pair = [number, number];
interface Golden {
  proportions: {
    control: Pair;
    variant: Pair;
    level: number;
    wilson: Pair;
    newcombe: Pair;
    lift: Pair | null;
    fisher: number | null;
    z: number;
    p: number;
  }[];
  means: {
    control: [number, number, number];
    variant: [number, number, number];
    level: number;
    t: number;
    df: number;
    p: number;
    interval: Pair;
    fieller: Pair | null;
  }[];
  noncentral_two_sided: [number, number, number, number][];
  mean_power: [number, number, number, number, number][];
  proportion_power: [number, number, number, number, number, number][];
  mean_sizes: [number, number, number, number][];
  proportion_sizes: [number, number, number, number, number][];
}
const golden = readGolden('ab_tests') as Golden;

const proportion = ([trials, successes]: Pair) => ({ trials, successes });
const moments = ([trials, mean, variance]: [number, number, number]) => ({ trials, mean, variance });
const expectPair = (actual: readonly number[], expected: Pair, floor?: number): void => {
  expectClose(actual[0]!, expected[0], 1e-10, floor);
  expectClose(actual[1]!, expected[1], 1e-10, floor);
};

describe('proportions against SciPy and statsmodels', () => {
  it.each(golden.proportions)('$control and $variant at $level', (row) => {
    const control = proportion(row.control);
    const variant = proportion(row.variant);
    expectPair(wilsonInterval(variant, row.level), row.wilson, 1e-6);
    // A limit near zero is a difference of near equals: its error counts by the size of the rates.
    expectPair(newcombeInterval(control, variant, row.level), row.newcombe, 1e-3);
    if (row.lift === null) expect(liftInterval(control, variant, row.level)).toBeNull();
    else expectPair(liftInterval(control, variant, row.level)!, row.lift, 1e-2);
    expectClose(pooledZ(control, variant), row.z, 1e-10, 1e-3);
    if (row.fisher !== null) expectClose(fisherExactP(control, variant), row.fisher);
    const { method, p } = compareProportions(control, variant, row.level);
    expectClose(p, method === 'pooled z test' ? row.p : row.fisher!);
  });

  it('take Fisher’s exact test where a cell expects fewer than five', () => {
    const few = compareProportions({ trials: 100, successes: 3 }, { trials: 90, successes: 5 }, 0.05);
    expect(few.method).toBe('Fisher’s exact test');
    expect(Math.sign(few.z)).toBe(1);
    const many = compareProportions({ trials: 100, successes: 30 }, { trials: 90, successes: 20 }, 0.05);
    expect(many.method).toBe('pooled z test');
  });

  it('bear no success at all, and nothing but successes', () => {
    const none = compareProportions({ trials: 50, successes: 0 }, { trials: 60, successes: 0 }, 0.05);
    expect(none).toMatchObject({ p: 1, difference: 0, lift: null, liftInterval: null });
    expect(none.interval[0]).toBeLessThan(0);
    const all = compareProportions({ trials: 50, successes: 50 }, { trials: 60, successes: 60 }, 0.05);
    expect(all).toMatchObject({ p: 1, difference: 0, lift: 0 });
    expect(wilsonInterval({ trials: 9, successes: 9 }, 0.05)[1]).toBe(1);
  });

  it('are the other way round with the arms exchanged, and intervals nest', () => {
    const arm = fc
      .tuple(fc.integer({ min: 1, max: 3_000 }), fc.double({ min: 0, max: 1, noNaN: true }))
      .map(([trials, share]) => ({ trials, successes: Math.floor(share * trials) }));
    fc.assert(
      fc.property(arm, arm, (a, b) => {
        const there = compareProportions(a, b, 0.05);
        const back = compareProportions(b, a, 0.05);
        expectClose(there.p, back.p, 1e-8);
        expectClose(there.interval[0], -back.interval[1], 1e-9, 1e-3);
        const wider = compareProportions(a, b, 0.001).interval;
        expect(wider[0]).toBeLessThanOrEqual(there.interval[0] + 1e-15);
        expect(wider[1]).toBeGreaterThanOrEqual(there.interval[1] - 1e-15);
        expect(there.p).toBeGreaterThanOrEqual(0);
        expect(there.p).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('means against SciPy', () => {
  it.each(golden.means)('$control and $variant at $level', (row) => {
    const found = compareMeans(moments(row.control), moments(row.variant), row.level)!;
    expectClose(found.p, row.p);
    expectPair(found.interval, row.interval, 1e-6);
    if (row.fieller === null) expect(found.liftInterval).toBeNull();
    else expectPair(found.liftInterval!, row.fieller, 1e-3);
  });

  it('say nothing of what does not vary or is not there', () => {
    const still = { trials: 20, mean: 4, variance: 0 };
    expect(compareMeans(still, still, 0.05)).toBeNull();
    expect(compareMeans({ ...still, trials: 1 }, { ...still, variance: 1 }, 0.05)).toBeNull();
    expect(meanInterval({ ...still, trials: 1 }, 0.05)).toBeNull();
    expect(poolMoments([])).toBeNull();
  });

  it('have no lift where the control’s mean is not positive', () => {
    const found = compareMeans(
      { trials: 20, mean: -1, variance: 1 },
      { trials: 20, mean: 2, variance: 1 },
      0.05,
    );
    expect(found).toMatchObject({ lift: null, liftInterval: null });
  });

  it('pool groups as if their values stood in one', () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 20 });
    const summary = (list: readonly number[]) => {
      const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
      const squares = list.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      return { trials: list.length, mean, variance: squares / (list.length - 1) };
    };
    fc.assert(
      fc.property(values, values, (a, b) => {
        const pooled = poolMoments([summary(a), summary(b)])!;
        const whole = summary([...a, ...b]);
        expect(pooled.trials).toBe(whole.trials);
        expectClose(pooled.mean, whole.mean, 1e-9, 1e6);
        expectClose(pooled.variance, whole.variance, 1e-9, 1e6);
      }),
    );
  });

  it('do not mind a shift or a scale', () => {
    const arm = fc.record({
      trials: fc.integer({ min: 3, max: 500 }),
      mean: fc.double({ min: -100, max: 100, noNaN: true }),
      variance: fc.double({ min: 0.01, max: 100, noNaN: true }),
    });
    fc.assert(
      fc.property(arm, arm, (a, b) => {
        const plain = compareMeans(a, b, 0.05)!;
        const moved = [a, b].map((one) => ({ ...one, mean: 4 * one.mean + 64, variance: 16 * one.variance }));
        const other = compareMeans(moved[0]!, moved[1]!, 0.05)!;
        expectClose(other.z, plain.z, 1e-8, 1e-3);
        expectClose(other.interval[0], 4 * plain.interval[0], 1e-9, 1);
      }),
    );
  });
});

describe('power and sample size', () => {
  it('agree with mpmath over the noncentral t distribution', () => {
    for (const [t, df, shift, expected] of golden.noncentral_two_sided) {
      expectClose(noncentralTTwoSided(t, df, shift), expected);
    }
    expect(noncentralTTwoSided(-1, 3, 0)).toBeNaN();
    expect(noncentralTTwoSided(Number.POSITIVE_INFINITY, 3, 9)).toBe(0);
    expectClose(noncentralTTwoSided(2, 50, 90), 1, 1e-12);
  });

  it('agree with statsmodels', () => {
    for (const [effectSize, n0, n1, level, expected] of golden.mean_power) {
      expectClose(powerOfMeans({ effectSize, level }, n0, n1), expected);
    }
    for (const [control, variant, n0, n1, level, expected] of golden.proportion_power) {
      expectClose(powerOfProportions({ control, variant, level }, n0, n1), expected);
    }
    for (const [effectSize, level, power, expected] of golden.mean_sizes) {
      expect(sampleSizeOfMeans({ effectSize, level }, power)).toBe(expected);
    }
    for (const [control, variant, level, power, expected] of golden.proportion_sizes) {
      expect(sampleSizeOfProportions({ control, variant, level }, power)).toBe(expected);
    }
  });

  it('goes on evenly where the normal quantile takes over from Student’s', () => {
    const at = (effectSize: number): number => sampleSizeOfMeans({ effectSize, level: 0.05 }, 0.8);
    const near = 2 * (2.801585218 / 0.003963) ** 2;
    expect(Math.abs(at(0.003963) - near)).toBeLessThan(3);
    expect(Math.abs(at(0.00396) - near * (0.003963 / 0.00396) ** 2)).toBeLessThan(3);
  });

  it('ends where nobody could collect enough', () => {
    expect(() => sampleSizeOfProportions({ control: 0.1, variant: 0.1, level: 0.05 }, 0.8)).toThrow(
      RangeError,
    );
  });
});
