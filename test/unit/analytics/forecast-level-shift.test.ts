import { describe, expect, it } from 'vitest';
import { errorGrowth, findLevelShifts, moveBefore } from '../../../analytics/forecast-level-shift.js';
import { forecast, type ForecastResult } from '../../../analytics/forecast.js';
import { gaussian, seeded } from './random.js';

const week = [0.7, 0.9, 1, 1, 1.1, 1.4, 0.9];

/** Days with a week in them, with memory in their noise. */
function days(seed: number, length: number, level: (i: number) => number): Float64Array {
  const normal = gaussian(seeded(seed));
  let memory = 0;
  return Float64Array.from({ length }, (_, i) => {
    memory = 0.4 * memory + 0.12 * normal();
    return Math.round(level(i) * week[i % 7]! * Math.exp(memory));
  });
}

function told(values: Float64Array, h: number): ForecastResult {
  const result = forecast(values, { h, period: 7, nonNegative: true });
  if ('withheld' in result) throw new Error(result.withheld);
  return result;
}

function mae(actual: Float64Array, predicted: Float64Array): number {
  return actual.reduce((sum, value, i) => sum + Math.abs(value - predicted[i]!), 0) / actual.length;
}

describe('findLevelShifts', () => {
  it.each([4, 6, 10, 40, 120])('finds a new level %i days before the end, and its size', (ago) => {
    let found = 0;
    for (let seed = 0; seed < 40; seed++) {
      const factor = seed % 2 === 0 ? 4 : 0.25;
      const y = days(seed, 300, (i) => (i < 300 - ago ? 800 : 800 * factor));
      const [shift, ...others] = findLevelShifts(y, 7);
      expect(others).toEqual([]);
      if (shift === undefined) continue;
      found++;
      expect(Math.abs(shift.at - (300 - ago))).toBeLessThanOrEqual(1);
      expect(shift.multiplicative).toBe(true);
      expect(Math.abs(Math.log(shift.size / factor))).toBeLessThan(Math.max(0.3, 5 * shift.error));
    }
    expect(found).toBeGreaterThanOrEqual(ago < 5 ? 34 : 38);
  });

  it('finds two, and moves what came before to the last level', () => {
    const y = days(9, 300, (i) => (i < 200 ? 400 : i < 260 ? 2_000 : 6_000));
    const shifts = findLevelShifts(y, 7);
    expect(shifts.map(({ at }) => at).sort()).toEqual([200, 260]);
    expect(shifts.reduce((factor, { size }) => factor * size, 1)).toBeGreaterThan(12);
    const moved = y.slice();
    for (const shift of shifts) moveBefore(moved, shift);
    expect(findLevelShifts(moved, 7)).toEqual([]);
    expect(moved.subarray(260)).toEqual(y.subarray(260));
    const middle = (from: number): number => moved.subarray(from, from + 49).reduce((a, b) => a + b) / 49;
    expect(Math.abs(middle(100) / middle(205) - 1)).toBeLessThan(0.2);
    // What changed in the first half has been learnt since.
    expect(
      findLevelShifts(
        days(9, 300, (i) => (i < 100 ? 400 : 2_000)),
        7,
      ),
    ).toEqual([]);
  });

  it('takes no spike, drop, silence, ramp, season, noise nor walk for one', () => {
    const nothing: Float64Array[] = [];
    for (let seed = 0; seed < 40; seed++) {
      const normal = gaussian(seeded(100 + seed));
      const from = seed % 2 === 0 ? 297 : 200;
      const within = (i: number, length: number): boolean => i >= from && i < from + length;
      let walk = 0;
      nothing.push(
        days(seed, 300, (i) => (within(i, 3) ? 6_000 : 800)),
        days(seed, 300, (i) => (within(i, 2) ? 100 : 800)),
        days(seed, 300, (i) => (i >= 296 ? 0 : 800)),
        days(seed, 300, (i) => 800 * 1.01 ** i),
        days(seed, 300, (i) => 300 * (1 + 20 / (1 + i))),
        Float64Array.from({ length: 300 }, normal),
        Float64Array.from({ length: 300 }, () => (walk += normal())),
        Float64Array.from({ length: 300 }, (_, i) => 10 + 5 * Math.sin(i / 30) + normal()),
      );
    }
    const found = nothing.filter((y) => findLevelShifts(y, 7).length > 0).length;
    expect(found / nothing.length).toBeLessThan(0.02);
  });

  it('moves values that may be negative by a difference, and answers for degenerate ones', () => {
    const normal = gaussian(seeded(3));
    const y = Float64Array.from({ length: 120 }, (_, i) => (i < 90 ? 0 : 40) + 2 * normal());
    const [shift] = findLevelShifts(y, 1);
    expect(shift).toMatchObject({ at: 90, multiplicative: false });
    expect(Math.abs(shift!.size - 40)).toBeLessThan(4);
    for (const degenerate of [
      new Float64Array(0),
      Float64Array.of(1, 2, 3),
      new Float64Array(200),
      new Float64Array(200).fill(7),
      new Float64Array(200).fill(1, 199),
    ]) {
      expect(findLevelShifts(degenerate, 7)).toEqual([]);
    }
  });

  it('finds the same at any scale', () => {
    const y = days(8, 200, (i) => (i < 180 ? 500 : 1_500));
    const [shift] = findLevelShifts(y, 7);
    const [scaled] = findLevelShifts(
      y.map((value) => value * 1_000),
      7,
    );
    expect(scaled!.at).toBe(shift!.at);
    expect(Math.abs(scaled!.size / shift!.size - 1)).toBeLessThan(1e-12);
  });
});

describe('errorGrowth', () => {
  const down = { at: 80, size: 1 / 16, multiplicative: true, error: 0.1 };

  it('is the middle of root and proportion after a fall, by the share of errors before it', () => {
    expect(errorGrowth([down], 60, 80)).toBeCloseTo(2, 12);
    expect(errorGrowth([down], 60, 100)).toBeCloseTo(1.5, 12);
    expect(errorGrowth([down, down], 60, 80)).toBeCloseTo(4, 12);
  });

  it('is 1 after a rise, after a difference, and where all errors are later', () => {
    expect(errorGrowth([], 10, 20)).toBe(1);
    expect(errorGrowth([{ ...down, size: 16 }], 60, 80)).toBe(1);
    expect(errorGrowth([{ ...down, multiplicative: false }], 60, 80)).toBe(1);
    expect(errorGrowth([down], 80, 100)).toBe(1);
  });

  it('brings the coverage of counts after a fall nearer to what is said', () => {
    let inside80 = 0;
    let inside95 = 0;
    for (let seed = 0; seed < 60; seed++) {
      const normal = gaussian(seeded(seed));
      const all = Float64Array.from({ length: 214 }, (_, i) => {
        const level = (i < 190 ? 900 : 100) * week[i % 7]!;
        return Math.round(level + Math.sqrt(level) * normal());
      });
      const { lo80, hi80, lo95, hi95, parameters } = told(all.subarray(0, 200), 14);
      expect(parameters.level_shifts![0]!.points).toBeGreaterThan(7);
      for (let k = 0; k < 14; k++) {
        const value = all[200 + k]!;
        inside80 += Number(value >= lo80[k]! && value <= hi80[k]!) / 14 / 60;
        inside95 += Number(value >= lo95[k]! && value <= hi95[k]!) / 14 / 60;
      }
    }
    // Pure counts at a ninth of their level, the worst case; without the growth .31 and .50.
    expect(inside80).toBeGreaterThan(0.45);
    expect(inside95).toBeGreaterThan(0.68);
  });
});

describe('forecast after an event', () => {
  it('goes on from a new level, and neither further nor back', () => {
    for (const factor of [4, 0.25]) {
      let own = 0;
      let naive = 0;
      let inside = 0;
      for (let seed = 0; seed < 40; seed++) {
        const all = days(seed, 328, (i) => (i < 300 - 4 - (seed % 5) ? 1_000 : 1_000 * factor));
        const train = all.subarray(0, 300);
        const actual = all.subarray(300);
        const { mean, lo95, hi95, parameters } = told(train, 28);
        if (parameters.level_shifts !== undefined) {
          expect(parameters.level_shifts[0]!.points).toBeLessThanOrEqual(9);
        }
        own += mae(actual, mean);
        naive += mae(
          actual,
          actual.map((_, k) => train[293 + (k % 7)]!),
        );
        actual.forEach((value, k) => (inside += Number(value >= lo95[k]! && value <= hi95[k]!) / 28 / 40));
      }
      expect(own / naive).toBeLessThan(0.75);
      expect(inside).toBeGreaterThan(0.85);
    }
  });

  it('goes back to the level before a spike, a drop and a silence', () => {
    for (const factor of [6, 0.15, 0]) {
      let own = 0;
      let plain = 0;
      for (let seed = 0; seed < 30; seed++) {
        const level = (i: number): number => (i >= 298 && i < 300 ? 1_000 * factor : 1_000);
        const all = days(seed, 328, level);
        own += mae(all.subarray(300), told(all.subarray(0, 300), 28).mean);
        const quiet = days(seed, 328, () => 1_000);
        plain += mae(quiet.subarray(300), told(quiet.subarray(0, 300), 28).mean);
      }
      expect(own / plain).toBeLessThan(1.75);
    }
  });
});
