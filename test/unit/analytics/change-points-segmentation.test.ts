import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { segmentCosts, type SegmentModel } from '../../../analytics/change-point-costs.js';
import { fitNoise, lineOf, residualsOf } from '../../../analytics/change-point-criterion.js';
import { standardised } from '../../../analytics/change-point-preparation.js';
import {
  gridOf,
  optimalSegmentation,
  segmentationPath,
  type Segmentation,
} from '../../../analytics/change-point-segmentation.js';
import { expectClose, readGolden } from './golden.js';
import { gaussian, seeded } from './random.js';

interface GoldenCase {
  name: string;
  y: number[];
  levels: Segmentation[];
  lines: Segmentation[];
  pelt: { penalty: number; starts: number[] }[];
  autocorrelation: number;
  deviance: number;
}
const { cases } = readGolden('change-points') as { cases: GoldenCase[] };

function squares(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}

/** The least cost with penalties by trying every start for every end, without any pruning. */
function exhaustive(
  dimensions: readonly Float64Array[],
  model: SegmentModel,
  shortest: number,
  penalty: number,
): number {
  const n = dimensions[0]!.length;
  const best = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY);
  best[0] = -penalty;
  for (let to = shortest; to <= n; to++) {
    for (let from = 0; from + shortest <= to; from++) {
      const cost = dimensions.reduce(
        (sum, one) => sum + squares(residualsOf(one.subarray(from, to), [], model)),
        0,
      );
      best[to] = Math.min(best[to]!, best[from]! + cost + penalty);
    }
  }
  return best[n]!;
}

function penalised({ starts, cost }: Segmentation, penalty: number): number {
  return cost + penalty * starts.length;
}

/** Levels and bends with noise, of 1 to 3 dimensions and some length, from a seed. */
function mixture(seed: number): Float64Array[] {
  const uniform = seeded(seed);
  const normal = gaussian(uniform);
  const n = 12 + Math.floor(70 * uniform());
  return Array.from({ length: 1 + Math.floor(3 * uniform()) }, () => {
    const size = 4 * uniform();
    const each = 6 + Math.floor(20 * uniform());
    const slope = uniform() - 0.5;
    return standardised(
      Float64Array.from(
        { length: n },
        (_, i) => size * (Math.floor(i / each) % 2) + slope * Math.max(0, i - n / 2) + normal(),
      ),
    );
  });
}

describe('optimal segmentation', () => {
  it.each(cases)('has the costs and places of ruptures: $name', ({ y, levels, lines }) => {
    const values = Float64Array.from(y);
    const costs = segmentCosts([values]);
    for (const [model, golden] of [
      ['level', levels],
      ['line', lines],
    ] as const) {
      const n = values.length;
      for (const [changes, { starts, cost }] of golden.entries()) {
        expectClose(squares(residualsOf(values, starts, model)), cost);
        // A penalty at which this number of changes is the best, where there is one.
        const least = Math.max(
          0,
          ...golden.slice(changes + 1).map((more, k) => (cost - more.cost) / (k + 1)),
        );
        const most = Math.min(
          n * n,
          ...golden.slice(0, changes).map((fewer, k) => (fewer.cost - cost) / (changes - k)),
        );
        if (changes === golden.length - 1 || least >= most) continue;
        const found = optimalSegmentation(costs, model, 5, (least + most) / 2);
        expect(found.starts).toEqual(starts);
        expectClose(found.cost, cost);
      }
    }
  });

  it.each(cases)('finds the places of ruptures with a penalty: $name', ({ y, pelt }) => {
    const costs = segmentCosts([Float64Array.from(y)]);
    for (const { penalty, starts } of pelt) {
      expect(optimalSegmentation(costs, 'level', 2, penalty).starts).toEqual(starts);
    }
  });

  it('costs as little as trying every segmentation, in several dimensions and at any shortest segment', () => {
    for (let seed = 0; seed < 50; seed++) {
      const dimensions = mixture(seed);
      const costs = segmentCosts(dimensions);
      const shortest = 3 + (seed % 6);
      for (const model of ['level', 'line'] as const) {
        for (const penalty of [0.5, 2, 8]) {
          const found = optimalSegmentation(costs, model, shortest, penalty);
          const segments = [0, ...found.starts, dimensions[0]!.length];
          expect(Math.min(...segments.slice(1).map((end, i) => end - segments[i]!))).toBeGreaterThanOrEqual(
            shortest,
          );
          expectClose(penalised(found, penalty), exhaustive(dimensions, model, shortest, penalty), 1e-9, 1);
          const again = dimensions.reduce(
            (sum, one) => sum + squares(residualsOf(one, found.starts, model)),
            0,
          );
          expectClose(found.cost, again, 1e-9, 1);
        }
      }
    }
  });

  it('is exact for levels where cheap changes crowd and none may be short', () => {
    // A start that others beat only by segments too short to end yet must be kept: the seed of such a case.
    const normal = gaussian(seeded(57));
    let level = 0;
    const values = Float64Array.from({ length: 129 }, (_, i) => {
      if ((i * 7 + 57) % 61 === 0) level = 3 * normal();
      return level + normal();
    });
    const standard = [standardised(values)];
    for (const penalty of [0.25, 0.5, 1]) {
      const found = optimalSegmentation(segmentCosts(standard), 'level', 5, penalty);
      expectClose(penalised(found, penalty), exhaustive(standard, 'level', 5, penalty), 1e-9);
    }
  });

  it('is exact for levels where nothing changes for 700 points', () => {
    const normal = gaussian(seeded(11));
    const values = standardised(Float64Array.from({ length: 700 }, normal));
    for (const penalty of [4, 10, 25]) {
      const found = optimalSegmentation(segmentCosts([values]), 'level', 10, penalty);
      expectClose(penalised(found, penalty), exhaustive([values], 'level', 10, penalty), 1e-9);
    }
  });

  it('begins lines on a grid beyond 300 points', () => {
    const normal = gaussian(seeded(5));
    const values = standardised(
      Float64Array.from({ length: 2_000 }, (_, i) => (i < 901 ? i : 1_802 - i) / 40 + normal()),
    );
    const { starts } = optimalSegmentation(segmentCosts([values]), 'line', 15, 1);
    expect(gridOf(300)).toBe(1);
    expect(gridOf(2_000)).toBe(7);
    expect(starts.length).toBeGreaterThan(0);
    expect(starts.every((at) => at % 7 === 0)).toBe(true);
    expect(starts.some((at) => Math.abs(at - 901) <= 30)).toBe(true);
  });

  it('has one segment where it is too short for two', () => {
    const costs = segmentCosts([Float64Array.of(1, 9, 1, 9)]);
    expect(optimalSegmentation(costs, 'level', 5, 1)).toEqual({ starts: [], cost: 0 });
    expect(optimalSegmentation(segmentCosts([]), 'line', 5, 1)).toEqual({ starts: [], cost: 0 });
  });
});

describe('path of segmentations', () => {
  it('tells what single penalties tell, by falling numbers of changes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5_000 }), (seed) => {
        const dimensions = mixture(seed);
        const costs = segmentCosts(dimensions);
        const whole = dimensions.reduce((sum, one) => sum + squares(residualsOf(one, [], 'level')), 0);
        const path = segmentationPath(
          costs,
          'level',
          3,
          { low: 2, high: 20, unchanged: { starts: [], cost: whole }, toBeat: Number.POSITIVE_INFINITY },
          ({ cost, starts }) => cost + 6 * starts.length,
        );
        path.forEach((one, k) => {
          if (k === 0) return;
          const before = path[k - 1]!;
          expect(one.starts.length).toBeLessThan(before.starts.length);
          expect(one.cost).toBeGreaterThanOrEqual(before.cost - 1e-9);
          const penalty = (one.cost - before.cost) / (before.starts.length - one.starts.length);
          // Both ends of a gap are optimal at no other penalty than the one that is indifferent between them.
          expect(penalised(optimalSegmentation(costs, 'level', 3, penalty), penalty)).toBeLessThanOrEqual(
            penalised(one, penalty) + 1e-9,
          );
        });
        expect(path.at(-1)!.starts).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('likelihood of the noise', () => {
  it.each(cases)('is that of statsmodels: $name', ({ y, autocorrelation, deviance }) => {
    const values = Float64Array.from(y);
    const middle = y.reduce((sum, value) => sum + value, 0) / y.length;
    const spread = Math.sqrt(y.reduce((sum, value) => sum + (value - middle) ** 2, 0) / y.length);
    const fit = fitNoise(
      values.map((value) => (value - middle) / spread),
      0.99,
    );
    expectClose(fit.autocorrelation, autocorrelation);
    expectClose(fit.deviance, deviance);
  });

  it('has an end for residuals of zero', () => {
    const fit = fitNoise(new Float64Array(20), 0.8);
    expect(fit.autocorrelation).toBeCloseTo(0.05, 12);
    expect(Number.isFinite(fit.deviance)).toBe(true);
  });

  it('fits a line to any offset', () => {
    const values = Float64Array.from({ length: 50 }, (_, i) => 1e8 + 0.25 * i);
    expect(lineOf(values, 10, 30, 'line').slope).toBeCloseTo(0.25, 12);
    expect(lineOf(values, 10, 30, 'level')).toEqual({ level: 1e8 + 0.25 * 19.5, slope: 0 });
  });
});
