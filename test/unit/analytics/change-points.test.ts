import { describe, expect, it } from 'vitest';
import { detectChangePoints, estimateNoise } from '../../../analytics/change-points.js';
import { gaussian, seeded } from './random.js';

function steps(levels: readonly number[], each: number, noise: () => number): Float64Array {
  return Float64Array.from(
    { length: levels.length * each },
    (_, i) => levels[Math.floor(i / each)]! + noise(),
  );
}
const indices = (values: Float64Array, options = {}): number[] =>
  detectChangePoints(values, options).map(({ index }) => index);

/** The cheapest segmentation by trying them all with dynamic programming, for comparison. */
function exhaustive(values: Float64Array, deviation: number, minSegment: number, penalty: number): number[] {
  const n = values.length;
  const cost = (from: number, to: number): number => {
    const part = values.subarray(from, to);
    const centre = part.reduce((sum, value) => sum + value, 0) / part.length;
    return part.reduce((sum, value) => sum + ((value - centre) / deviation) ** 2, 0);
  };
  const best = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY);
  const previous = new Int32Array(n + 1);
  best[0] = -penalty;
  for (let to = minSegment; to <= n; to++) {
    for (let from = 0; from + minSegment <= to; from++) {
      const total = best[from]! + cost(from, to) + penalty;
      if (total < best[to]!) {
        best[to] = total;
        previous[to] = from;
      }
    }
  }
  const starts: number[] = [];
  for (let to = n; to > 0; to = previous[to]!) if (previous[to]! > 0) starts.push(previous[to]!);
  return starts.reverse();
}

describe('change points', () => {
  it('finds planted levels and tells both sides', () => {
    const values = steps([100, 140, 90], 60, gaussian(seeded(3)));
    const found = detectChangePoints(values);
    expect(found.map(({ index }) => index)).toEqual([60, 120]);
    expect(found[0]!.before).toBeCloseTo(100, 0);
    expect(found[0]!.after).toBeCloseTo(140, 0);
    expect(found[0]!.confidence).toBeGreaterThan(0.999);
  });

  it('is exact: the same as trying every segmentation', () => {
    for (let seed = 0; seed < 30; seed++) {
      const normal = gaussian(seeded(seed));
      const uniform = seeded(seed + 99);
      const levels = Array.from({ length: 4 }, () => 3 * uniform());
      const values = steps(levels, 20, normal);
      const { deviation, autocorrelation } = estimateNoise(values);
      const penalty = 3 * Math.log(values.length) * ((1 + autocorrelation) / (1 - autocorrelation));
      expect(indices(values)).toEqual(exhaustive(values, deviation, 5, penalty));
    }
  });

  it('seldom finds one in noise, autocorrelated or not', () => {
    let found = 0;
    for (let seed = 0; seed < 100; seed++) {
      const normal = gaussian(seeded(seed));
      found += indices(Float64Array.from({ length: 200 }, normal)).length;
      let state = 0;
      const colour = (): number => (state = 0.6 * state + normal());
      found += indices(Float64Array.from({ length: 200 }, colour)).length;
    }
    expect(found).toBeLessThanOrEqual(20);
  });

  it('finds a change of variance where asked to', () => {
    const normal = gaussian(seeded(8));
    const values = Float64Array.from({ length: 200 }, (_, i) => 50 + (i < 100 ? 1 : 8) * normal());
    const found = indices(values, { cost: 'mean-variance' });
    expect(found).toHaveLength(1);
    expect(Math.abs(found[0]! - 100)).toBeLessThanOrEqual(5);
  });

  it('compares nothing across a break, and does not mind offset or scale', () => {
    const values = steps([10, 50], 50, gaussian(seeded(4)));
    expect(indices(values, { breaks: [50, 0, 400] })).toEqual([]);
    expect(indices(values.map((value) => 1e8 + value))).toEqual([50]);
    expect(indices(values.map((value) => 1e-6 * value))).toEqual([50]);
    expect(indices(values.toReversed())).toEqual([50]);
  });

  it('is empty where nothing can be told', () => {
    expect(indices(new Float64Array())).toEqual([]);
    expect(indices(new Float64Array([1, 2, 3]))).toEqual([]);
    expect(indices(new Float64Array(50).fill(3))).toEqual([]);
    expect(indices(new Float64Array(50).fill(Number.NaN))).toEqual([]);
  });

  it('estimates noise from differences, whatever the level does', () => {
    const normal = gaussian(seeded(5));
    const white = estimateNoise(steps([0, 30, 60, -20], 300, normal));
    expect(white.deviation).toBeCloseTo(1, 0.8);
    expect(white.autocorrelation).toBeLessThan(0.15);
    let state = 0;
    const colour = (): number => (state = 0.6 * state + normal());
    const ar = estimateNoise(Float64Array.from({ length: 3_000 }, colour));
    expect(ar.autocorrelation).toBeGreaterThan(0.5);
    expect(ar.autocorrelation).toBeLessThan(0.7);
    expect(ar.deviation).toBeCloseTo(1.25, 0.7);
    expect(estimateNoise(new Float64Array([1, 2]))).toEqual({ deviation: 0, autocorrelation: 0 });
  });
});
