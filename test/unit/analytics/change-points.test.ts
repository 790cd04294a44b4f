import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changePointMethod, detectChangePoints } from '../../../analytics/change-points.js';
import { gaussian, seeded } from './random.js';

function steps(levels: readonly number[], each: number, noise: () => number): Float64Array {
  return Float64Array.from(
    { length: levels.length * each },
    (_, i) => levels[Math.floor(i / each)]! + noise(),
  );
}
type Options = Parameters<typeof detectChangePoints>[1];
const indices = (values: Float64Array | Float64Array[], options: Options = {}): number[] =>
  detectChangePoints(values, options).change_points.map(({ index }) => index);

describe('change points', () => {
  it('finds planted levels and tells both sides', () => {
    const result = detectChangePoints(steps([100, 140, 90], 60, gaussian(seeded(3))));
    expect(result).toMatchObject({ ...changePointMethod, n: 180, withheld: null });
    expect(result.change_points.map(({ index }) => index)).toEqual([60, 120]);
    const [first] = result.change_points;
    expect(first!.before).toBeCloseTo(100, 0);
    expect(first!.after).toBeCloseTo(140, 0);
    expect(first!.size).toBe(first!.after - first!.before);
    expect(first!.relative_size).toBeCloseTo(0.4, 1);
    expect(first).toMatchObject({ kind: 'level', dimension: 0, slope_before: 0, slope_after: 0 });
    expect(first!.confidence).toBeGreaterThan(0.999);
    expect(result.parameters.parts).toMatchObject([
      { from: 0, to: 180, model: 'level', periods: [1], min_segment: 9, step: 1 },
    ]);
    expect(result.parameters.parts[0]!.noise[0]).toBeCloseTo(1, 0);
  });

  it('finds a bend and calls it one', () => {
    const normal = gaussian(seeded(2));
    const values = Float64Array.from({ length: 160 }, (_, i) => 5 * Math.max(0, i - 80) + 10 * normal());
    const { change_points: found, parameters } = detectChangePoints(values);
    expect(parameters.parts[0]!.model).toBe('line');
    expect(found).toHaveLength(1);
    expect(Math.abs(found[0]!.index - 80)).toBeLessThanOrEqual(5);
    expect(found[0]!.kind).toBe('slope');
    expect(found[0]!.slope_before).toBeCloseTo(0, 0);
    expect(found[0]!.slope_after).toBeCloseTo(5, 0);
  });

  it('finds a change of the noise and tells its deviations', () => {
    const normal = gaussian(seeded(8));
    const values = Float64Array.from({ length: 300 }, (_, i) => 50 + (i < 150 ? 1 : 6) * normal());
    const { change_points: found } = detectChangePoints(values);
    expect(found).toHaveLength(1);
    expect(found[0]!.kind).toBe('variance');
    expect(Math.abs(found[0]!.index - 150)).toBeLessThanOrEqual(8);
    expect(found[0]!.before).toBeCloseTo(1, 0);
    expect(found[0]!.after / 6).toBeGreaterThan(0.8);
    expect(found[0]!.after / 6).toBeLessThan(1.2);
  });

  it('is less sure of what a random walk may do than of what it may not', () => {
    let sure = 0;
    for (let seed = 0; seed < 40; seed++) {
      const normal = gaussian(seeded(seed));
      let level = 0;
      const walk = Float64Array.from({ length: 200 }, () => (level += normal()));
      sure += detectChangePoints(walk).change_points.filter(({ confidence }) => confidence >= 0.95).length;
    }
    expect(sure).toBeLessThanOrEqual(12);
  });

  it('takes a season out, told or not', () => {
    const normal = gaussian(seeded(6));
    const week = [0, 2, 4, 4, 2, -6, -6];
    const values = Float64Array.from(
      { length: 140 },
      (_, i) => 100 + 3 * week[i % 7]! + (i < 70 ? 0 : 20) + 2 * normal(),
    );
    for (const options of [{}, { period: 7 }]) {
      const { change_points: found, parameters } = detectChangePoints(values, options);
      expect(parameters.parts[0]!.periods).toEqual([7]);
      expect(found.map(({ index }) => index)).toEqual([70]);
      expect(found[0]!.size).toBeGreaterThan(18);
      expect(found[0]!.size).toBeLessThan(22);
    }
    expect(detectChangePoints(values, { period: 1 }).parameters.parts[0]!.periods).toEqual([1]);
  });

  it('tells a change of level over an expected course in the values own unit', () => {
    const normal = gaussian(seeded(9));
    const course = Float64Array.from({ length: 120 }, (_, i) => 1_000 * (1 + i) ** -0.5);
    const values = course.map((value, i) => value * (i < 60 ? 1 : 2) * Math.exp(0.05 * normal()));
    const { change_points: found, parameters } = detectChangePoints(values, { course, period: 1 });
    expect(parameters.parts[0]!.model).toBe('level');
    expect(found.map(({ index }) => index)).toEqual([60]);
    expect(found[0]!.after / found[0]!.before).toBeGreaterThan(1.8);
    expect(found[0]!.after / found[0]!.before).toBeLessThan(2.2);
    const factor = 2 * course.subarray(60).reduce((sum, value) => sum + value / 60, 0);
    expect(found[0]!.after / factor).toBeCloseTo(1, 0);
    expect(() => detectChangePoints(values, { course: course.subarray(1) })).toThrow(RangeError);
  });

  it('adds up the evidence of several dimensions and names the one that changed', () => {
    const dimensions = [1, 2, 3].map((seed) => steps([0, 0], 60, gaussian(seeded(seed))));
    dimensions[1]!.forEach((value, i) => (dimensions[1]![i] = value + (i < 60 ? 0 : 4)));
    const { change_points: found, parameters } = detectChangePoints(dimensions);
    expect(found).toHaveLength(1);
    expect(Math.abs(found[0]!.index - 60)).toBeLessThanOrEqual(2);
    expect(found[0]!.dimension).toBe(1);
    expect(found[0]!.size).toBeCloseTo(4, 0);
    expect(parameters.parts[0]!.noise).toHaveLength(3);
    expect(() => detectChangePoints([new Float64Array(9), new Float64Array(8)])).toThrow(RangeError);
  });

  it('compares nothing across a break', () => {
    const values = steps([10, 50], 50, gaussian(seeded(4)));
    expect(indices(values)).toEqual([50]);
    const { change_points: found, parameters } = detectChangePoints(values, { breaks: [50, 0, 400, 50] });
    expect(found).toEqual([]);
    expect(parameters.parts.map(({ from, to }) => [from, to])).toEqual([
      [0, 50],
      [50, 100],
    ]);
    expect(indices(steps([10, 50, 10], 40, gaussian(seeded(4))), { breaks: [40] })).toEqual([80]);
  });

  it('is not led astray by lone outliers and gaps', () => {
    const values = steps([10, 20], 40, gaussian(seeded(7)));
    for (const at of [13, 29, 61]) values[at] = 400;
    values.fill(Number.NaN, 38, 40);
    values.fill(Number.NaN, 50, 60);
    expect(indices(values)).toEqual([40]);
  });

  it('tells the first known point after a long gap', () => {
    const values = steps([10, 20], 50, gaussian(seeded(7)));
    values.fill(Number.NaN, 40, 70);
    expect(indices(values)).toEqual([70]);
  });

  it('looks at a very long series in steps', () => {
    const values = steps([0, 3, 0], 2_000, gaussian(seeded(12)));
    const { change_points: found, parameters } = detectChangePoints(values);
    expect(parameters.parts[0]!.step).toBe(3);
    expect(found.filter(({ kind }) => kind === 'level').map(({ index }) => Math.round(index / 10))).toEqual([
      200, 400,
    ]);
  });
});

describe('change points where there is little to tell', () => {
  it('withholds with the reason', () => {
    expect(detectChangePoints(new Float64Array())).toMatchObject({
      n: 0,
      change_points: [],
      withheld: 'needs 10 more points',
    });
    expect(detectChangePoints([]).withheld).toBe('needs 10 more points');
    expect(detectChangePoints(new Float64Array(9)).withheld).toBe('needs 1 more point');
    expect(detectChangePoints(new Float64Array(50).fill(Number.NaN)).withheld).toBe('needs 10 more points');
    expect(detectChangePoints(new Float64Array(16), { breaks: [8] }).withheld).toBe(
      'no part without a break has 10 points',
    );
    expect(detectChangePoints(new Float64Array(16), { minSegment: 10 }).withheld).toBe('needs 4 more points');
  });

  it.each([
    ['zeros', new Float64Array(50)],
    ['a constant', new Float64Array(50).fill(3.3)],
    ['a constant but for rounding', Float64Array.from({ length: 50 }, (_, i) => 1e8 + (i % 3) * 1e-8)],
    ['one spike', Float64Array.from({ length: 50 }, (_, i) => (i === 20 ? 1e6 : 0))],
    ['a straight line', Float64Array.from({ length: 50 }, (_, i) => 2 * i)],
  ])('is empty for %s', (_, values) => {
    const result = detectChangePoints(values);
    expect(result.change_points).toEqual([]);
    expect(result.withheld).toBeNull();
  });

  it('finds a step without any noise, negative or huge', () => {
    for (const [low, high] of [
      [0, 1],
      [-5, -9],
      [1e300, 3e300],
      [1e-300, 3e-300],
    ] as const) {
      const values = Float64Array.from({ length: 40 }, (_, i) => (i < 20 ? low : high));
      const { change_points: found } = detectChangePoints(values);
      expect(found.map(({ index }) => index)).toEqual([20]);
      expect(found[0]!.after / high).toBeCloseTo(1, 9);
      expect(found[0]!.confidence).toBeGreaterThan(0.99);
    }
  });

  it('does not change its input', () => {
    const values = steps([1, 5], 30, gaussian(seeded(1)));
    const before = values.slice();
    detectChangePoints(values);
    expect(values).toEqual(before);
  });
});

describe('invariants of change points', () => {
  const seeds = fc.integer({ min: 0, max: 10_000 });
  const series = (seed: number): Float64Array => steps([0, 4, -2], 20 + (seed % 30), gaussian(seeded(seed)));

  it('scale and shift move the sizes and nothing else', () => {
    fc.assert(
      fc.property(seeds, fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (seed, scale) => {
        const values = series(seed);
        const found = detectChangePoints(values).change_points;
        const moved = detectChangePoints(values.map((value) => scale * (7 - value))).change_points;
        expect(moved.map(({ index }) => index)).toEqual(found.map(({ index }) => index));
        moved.forEach(({ size, kind }, k) => {
          const sign = kind === 'variance' ? 1 : -1;
          expect(size / (sign * scale * found[k]!.size)).toBeCloseTo(1, 6);
        });
        expect(indices(values.map((value) => 1e8 + value))).toEqual(found.map(({ index }) => index));
      }),
      { numRuns: 40 },
    );
  });

  it('levels are the same read backwards', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const values = series(seed);
        const there = indices(values);
        const back = indices(values.toReversed()).map((index) => values.length - index);
        expect(back.reverse()).toEqual(there);
      }),
      { numRuns: 40 },
    );
  });

  it('confidence is a probability, and indices ascend within the series', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { nil: Number.NaN }), {
          maxLength: 80,
        }),
        (numbers) => {
          const { change_points: found } = detectChangePoints(Float64Array.from(numbers));
          found.forEach(({ index, confidence }, k) => {
            expect(confidence).toBeGreaterThanOrEqual(0);
            expect(confidence).toBeLessThanOrEqual(1);
            expect(index).toBeGreaterThan(found[k - 1]?.index ?? 0);
            expect(index).toBeLessThan(numbers.length);
          });
        },
      ),
      { numRuns: 100 },
    );
  });
});
