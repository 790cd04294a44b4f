import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectAnomalies, type AnomalyMode } from '../../../analytics/anomalies.js';
import { countAtResidual, countResidual } from '../../../analytics/count-residual.js';
import { TailSurprise } from '../../../analytics/tail-surprise.js';
import { expectClose, readGolden } from './golden.js';

interface Count {
  expected: number;
  dispersion: number;
  value: number;
  residual: number;
}

interface Golden {
  plain: { values: number[]; zscore: number[]; robust: number[] }[];
  counts: Count[];
  bounds: Count[];
  tail: { figures: number[]; surprises: number[] };
}

const golden = readGolden('anomalies') as Golden;

describe('anomaly scores', () => {
  it('of the plain modes are those of NumPy and SciPy', () => {
    for (const { values, ...modes } of golden.plain) {
      for (const [mode, expected] of Object.entries(modes)) {
        const result = detectAnomalies(Float64Array.from(values), { mode: mode as AnomalyMode });
        if ('withheld' in result) throw new Error(result.withheld);
        expected.forEach((score, index) => expectClose(result.score[index]!, score, 1e-10, 1e-3));
      }
    }
  });

  it('of counts are those of the formula at forty digits', () => {
    for (const { value, expected, dispersion, residual } of golden.counts) {
      expectClose(countResidual(value, expected, dispersion), residual, 1e-10, 1e-2);
    }
    for (const { value, expected, dispersion, residual } of golden.bounds) {
      expectClose(countAtResidual(residual, expected, dispersion), value, 1e-10, 1e-6);
    }
  });

  it('grow with the count and lead back to it', () => {
    const mean = fc.double({ min: 0.01, max: 1e7, noNaN: true });
    const dispersion = fc.double({ min: 1e-4, max: 2, noNaN: true });
    const share = fc.double({ min: 0, max: 20, noNaN: true });
    fc.assert(
      fc.property(mean, dispersion, share, share, (expected, phi, a, b) => {
        const [low, high] = [Math.min(a, b) * expected, Math.max(a, b) * expected];
        expect(countResidual(low, expected, phi)).toBeLessThanOrEqual(
          countResidual(high, expected, phi) + 1e-9,
        );
        const residual = countResidual(high, expected, phi);
        const back = countAtResidual(residual, expected, phi);
        if (high > expected + 0.5) expect(Math.abs(back / high - 1)).toBeLessThan(1e-6);
        expect(countAtResidual(-3, expected, phi)).toBeLessThanOrEqual(expected);
        expect(countAtResidual(3, expected, phi)).toBeGreaterThanOrEqual(expected);
      }),
    );
  });

  it('are 0 within half a count of what was expected, and finite of huge ones', () => {
    expect(countResidual(5.4, 5, 0.1)).toBe(0);
    expect(countResidual(4.6, 5, 0.1)).toBeCloseTo(0, 12);
    expect(countResidual(1e300, 1, 0.01)).toBeGreaterThan(1_000);
    expect(Number.isFinite(countResidual(0, 1e300, 0.01))).toBe(true);
    expect(countResidual(0, 0, 0.01)).toBe(0);
    expect(countAtResidual(-9, 2, 0.1)).toBe(0);
  });
});

describe('the surprise of a tail', () => {
  it('is that of peaks over the exact quantile of everything so far', () => {
    const tail = new TailSurprise(50);
    golden.tail.figures.forEach((figure, index) => {
      expectClose(tail.take(figure, 0), golden.tail.surprises[index]!, 1e-10, 1e-6);
    });
    expect(golden.tail.surprises.filter((surprise) => surprise > 1.7).length).toBeGreaterThan(15);
  });

  it('counts excesses in units that mean something', () => {
    const surpriseOf = (unit: number): number => {
      const tail = new TailSurprise(50);
      for (let i = 0; i < 60; i++) tail.take(7, unit);
      return tail.take(7.001, unit);
    };
    expect(surpriseOf(1)).toBeLessThan(2);
    expect(surpriseOf(1e-6)).toBeGreaterThan(100);
    expect(Number.isFinite(surpriseOf(0))).toBe(true);
  });
});
