import { describe, expect, it } from 'vitest';
import { compareMeans } from '../../../analytics/ab-test-mean.js';
import { compareProportions } from '../../../analytics/ab-test-proportion.js';
import { planSample, type AbTestAims } from '../../../analytics/ab-test-plan.js';
import { alwaysValidP } from '../../../analytics/sequential-guard.js';
import { gaussian, seeded } from './random.js';

const alpha = 0.05;

interface Outcome {
  /** Share of the tests in which some look called a winner. */
  guarded: number;
  naive: number;
  /** Mean observations a variant at the guard's stop, or at the end. */
  spent: number;
}

interface Simulation {
  tests: number;
  looks: number;
  perLook: number;
  planned: number;
  /** Adds `perLook` observations to each arm and tells the z and p of all of them so far. */
  start: () => () => { z: number; p: number };
}

function peek({ tests, looks, perLook, planned, start }: Simulation): Outcome {
  let guarded = 0;
  let naive = 0;
  let spent = 0;
  for (let test = 0; test < tests; test++) {
    const next = start();
    let stoppedAt = 0;
    let fooled = false;
    for (let look = 1; look <= looks; look++) {
      const { z, p } = next();
      if (p <= alpha) fooled = true;
      if (stoppedAt === 0 && alwaysValidP(z, (look * perLook) / planned) <= alpha) stoppedAt = look;
    }
    if (fooled) naive++;
    if (stoppedAt > 0) guarded++;
    spent += (stoppedAt === 0 ? looks : stoppedAt) * perLook;
  }
  return { guarded: guarded / tests, naive: naive / tests, spent: spent / tests };
}

function coins(rates: readonly [number, number], seed: number, perLook: number): Simulation['start'] {
  const uniform = seeded(seed);
  return () => {
    const arms = rates.map(() => ({ trials: 0, successes: 0 }));
    return () => {
      arms.forEach((arm, i) => {
        arm.trials += perLook;
        for (let k = 0; k < perLook; k++) if (uniform() < rates[i]!) arm.successes++;
      });
      return compareProportions(arms[0]!, arms[1]!, alpha);
    };
  };
}

function draws(
  shift: number,
  seed: number,
  perLook: number,
  value: (z: number) => number,
): Simulation['start'] {
  const normal = gaussian(seeded(seed));
  return () => {
    const sums = [0, 1].map(() => ({ n: 0, sum: 0, squares: 0 }));
    return () => {
      const [a, b] = sums.map((arm, i) => {
        for (let k = 0; k < perLook; k++) {
          const drawn = value(normal()) + i * shift;
          arm.n++;
          arm.sum += drawn;
          arm.squares += drawn * drawn;
        }
        const mean = arm.sum / arm.n;
        return { trials: arm.n, mean, variance: (arm.squares - arm.n * mean * mean) / (arm.n - 1) };
      });
      return compareMeans(a!, b!, alpha)!;
    };
  };
}

describe('continuous peeking without a difference', () => {
  it('fools one in twenty at most, with shares, and many without the guard', () => {
    const shared = { tests: 1_000, looks: 120, perLook: 25, planned: 2_000 };
    const { guarded, naive } = peek({ ...shared, start: coins([0.08, 0.08], 11, 25) });
    expect(guarded).toBeLessThanOrEqual(0.05);
    expect(naive).toBeGreaterThan(0.15);
  });

  it('fools one in twenty at most, with means of few observations, looked at from the tenth on', () => {
    const shared = { tests: 1_000, looks: 40, perLook: 10, planned: 300 };
    const plain = peek({ ...shared, start: draws(0, 12, 10, (z) => z) });
    expect(plain.guarded).toBeLessThanOrEqual(0.05);
    expect(plain.naive).toBeGreaterThan(0.15);
    const skewed = peek({ ...shared, start: draws(0, 13, 10, Math.exp) });
    expect(skewed.guarded).toBeLessThanOrEqual(0.05);
  });
});

describe('a difference of the planned size', () => {
  it('is found by the planned sample with the planned power, and mostly before', () => {
    const aims: AbTestAims = {
      kind: 'proportion',
      goal: 'increase',
      alpha,
      power: 0.8,
      baseline: 0.1,
      standardDeviation: null,
      minimumEffect: 0.03,
    };
    const { perVariant, perVariantOfOneLook } = planSample(aims, 1);
    expect(perVariant / perVariantOfOneLook).toBeLessThan(1.34);
    const looks = 50;
    const perLook = Math.ceil(perVariant / looks);
    const { guarded, spent } = peek({
      ...{ tests: 800, looks, perLook, planned: perVariant },
      start: coins([0.1, 0.13], 14, perLook),
    });
    expect(guarded).toBeGreaterThanOrEqual(0.8);
    // Stopping early pays for most of what the guard costs.
    expect(spent).toBeLessThan(1.1 * perVariantOfOneLook);
  });
});
