import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alwaysValidP,
  brownianMaximumSf,
  criticalZ,
  guardedLevel,
} from '../../../analytics/sequential-guard.js';
import { normalSf } from '../../../analytics/distributions.js';
import { expectClose, readGolden } from './golden.js';

const golden = readGolden('ab_tests') as { brownian_maximum: [number, number][] };
const fraction = fc.double({ min: 1e-4, max: 20, noNaN: true });

describe('the guard on peeking', () => {
  it('knows the maximum of a Brownian motion', () => {
    for (const [b, expected] of golden.brownian_maximum) expectClose(brownianMaximumSf(b), expected);
    expect(brownianMaximumSf(0)).toBe(1);
    expect(brownianMaximumSf(Number.NaN)).toBeNaN();
    // O'Brien and Fleming's constant of unbroken monitoring.
    expectClose(brownianMaximumSf(2.241402727604947), 0.05, 1e-6);
  });

  it('tells by its p what it tells by its critical value', () => {
    const levels = fc.constantFrom(0.1, 0.05, 0.025, 0.01, 0.001);
    fc.assert(
      fc.property(levels, fraction, (alpha, at) => {
        const z = criticalZ(alpha, at);
        expectClose(alwaysValidP(z, at), alpha, 1e-9);
        expect(alwaysValidP(z * 1.001, at)).toBeLessThan(alpha);
        expect(alwaysValidP(-z * 0.999, at)).toBeGreaterThan(alpha);
        expect(guardedLevel(alpha, at)).toBeLessThan(alpha);
      }),
    );
  });

  it('is strict at first, mild by the plan, and never ends', () => {
    expect(criticalZ(0.05, 0.1)).toBeGreaterThan(4.5);
    expect(criticalZ(0.05, 1)).toBeCloseTo(2.3932, 4);
    expect(criticalZ(0.05, 1.2)).toBeCloseTo(3.7757, 4);
    expect(Number.isFinite(criticalZ(0.05, 1e6))).toBe(true);
    expect(guardedLevel(0.05, 1e-9)).toBe(1e-300);
    expect(alwaysValidP(1, 0)).toBeNaN();
    expect(alwaysValidP(Number.NaN, 1)).toBeNaN();
    expect(alwaysValidP(0, 1)).toBe(1);
  });

  it('costs a third more observations than one look at most', () => {
    const power80 = 0.8416212335729143;
    const oneLook = 1.959963984540054 + power80;
    expect(((criticalZ(0.05, 1) + power80) / oneLook) ** 2).toBeLessThan(1.34);
    // One look’s own level at the plan, for comparison with 0.05.
    expect(2 * normalSf(criticalZ(0.05, 1))).toBeCloseTo(guardedLevel(0.05, 1), 12);
  });
});
