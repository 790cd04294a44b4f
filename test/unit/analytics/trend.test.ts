import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCycle } from '../../../analytics/cycle.js';
import { deseasonalise, seasonalPattern } from '../../../analytics/seasonality.js';
import { analyzeTrend, type TrendResult } from '../../../analytics/trend.js';
import { gaussian, seeded } from './random.js';

const startDay = '2026-01-05';
const options = { minPoints: 10, startDay };
const weekly = [0.8, 0.9, 1, 1, 1.1, 1.3, 0.9];

function series(length: number, seed: number, at: (i: number, noise: number) => number): Float64Array {
  const normal = gaussian(seeded(seed));
  return Float64Array.from({ length }, (_, i) => at(i, normal()));
}

function told(values: Float64Array): TrendResult {
  const result = analyzeTrend(values, options);
  if ('withheld' in result) throw new Error(result.withheld);
  return result;
}

describe('trend', () => {
  it('tells rising from falling, stable and cyclical', () => {
    const rising = told(series(90, 1, (i, e) => 1_000 + 15 * i + 80 * e));
    expect(rising).toMatchObject({ direction: 'rising', strength: 'strong' });
    expect(rising.slope).toBeGreaterThan(14);
    expect(rising.slope).toBeLessThan(16);
    expect(rising.slope_interval[0]).toBeLessThan(15);
    expect(rising.slope_interval[1]).toBeGreaterThan(15);
    expect(rising.r_squared).toBeGreaterThan(0.9);
    expect(rising.growth).toBeGreaterThan(1);
    expect(told(series(90, 2, (i, e) => 5_000 * Math.exp(-i / 60) * (1 + 0.1 * e))).direction).toBe(
      'falling',
    );
    expect(told(series(90, 3, (_, e) => 1_000 + 50 * e)).direction).toBe('stable');
    const wave = told(series(120, 4, (i, e) => 1_000 + 300 * Math.sin((2 * Math.PI * i) / 28) + 60 * e));
    expect(wave.direction).toBe('cyclical');
    expect(wave.cycle!.period).toBeCloseTo(28, -0.3);
  });

  it('finds the week, Monday first, and takes no trend from it', () => {
    const result = told(series(84, 5, (i, e) => 1_000 * weekly[i % 7]! * (1 + 0.05 * e)));
    expect(result.direction).toBe('stable');
    const { effects, strength, p, multiplicative } = result.seasonality!;
    expect(multiplicative).toBe(true);
    weekly.forEach((effect, day) => expect(effects[day]).toBeCloseTo(effect, 1));
    expect(strength).toBeGreaterThan(0.6);
    expect(p).toBeLessThan(1e-8);
    const steep = told(series(84, 5, (i, e) => 1_000 * (i % 7 < 5 ? 1 : 2.5) * (1 + 0.05 * e)));
    expect(steep).toMatchObject({ direction: 'cyclical', strength: 'strong', cycle: null });
    // The same days, begun on a Thursday.
    const later = analyzeTrend(
      series(84, 5, (i, e) => 1_000 * weekly[(i + 3) % 7]! * (1 + 0.05 * e)),
      {
        ...options,
        startDay: '2026-01-08',
      },
    ) as TrendResult;
    weekly.forEach((effect, day) => expect(later.seasonality!.effects[day]).toBeCloseTo(effect, 1));
  });

  it('is not carried off by outliers, nor by gaps', () => {
    const values = series(60, 6, (i, e) => 1_000 + 5 * e + (i % 20 === 7 ? 50_000 : 0));
    values[30] = Number.NaN;
    const result = told(values);
    expect(result.direction).toBe('stable');
    expect(Math.abs(result.slope)).toBeLessThan(0.2);
    expect(result.n).toBe(59);
  });

  it('seldom finds a trend in noise, a cycle in a random walk, or a week in either', () => {
    let directed = 0;
    let cyclical = 0;
    let seasonal = 0;
    for (let seed = 0; seed < 200; seed++) {
      const noise = told(series(90, 1_000 + seed, (_, e) => 100 + 30 * e));
      if (noise.direction !== 'stable') directed++;
      let level = 1_000;
      const walk = told(series(90, 5_000 + seed, (_, e) => (level += 10 * e)));
      if (walk.direction === 'cyclical') cyclical++;
      if (noise.seasonality !== null) seasonal++;
      if (walk.seasonality !== null) seasonal++;
    }
    // 200 tests at 5 %: 16 is the 97.5 % quantile.
    expect(directed).toBeLessThanOrEqual(16);
    expect(cyclical).toBeLessThanOrEqual(10);
    expect(seasonal).toBeLessThanOrEqual(8);
  });

  it('is withheld below the minimum, with what is missing', () => {
    expect(analyzeTrend(new Float64Array(7).fill(1), options)).toEqual({ withheld: 'needs 3 more days' });
    expect(analyzeTrend(new Float64Array(9).fill(1), options)).toEqual({ withheld: 'needs 1 more day' });
    expect(analyzeTrend(new Float64Array(90).fill(Number.NaN), options)).toEqual({
      withheld: 'needs 10 more days',
    });
  });

  it('answers for degenerate values', () => {
    expect(told(new Float64Array(30))).toMatchObject({
      ...{ direction: 'stable', slope: 0, r_squared: null, volatility: null, growth: null },
      ...{ seasonality: null, cycle: null },
    });
    expect(told(new Float64Array(30).fill(1e8))).toMatchObject({
      direction: 'stable',
      growth: 0,
      volatility: 0,
    });
    const spike = new Float64Array(30);
    spike[12] = 1e6;
    expect(told(spike).direction).toBe('stable');
    expect(told(series(40, 9, (i, e) => -1_000 - 20 * i + e)).direction).toBe('falling');
  });

  it('turns with the sign of the values and does not mind their scale', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.double({ min: -20, max: 20, noNaN: true }),
        (seed, slope) => {
          const values = series(60, seed, (i, e) => 2_000 + slope * i + 40 * e);
          const frozen = Array.from(values);
          const result = told(values);
          expect(Array.from(values)).toEqual(frozen);
          const scaled = told(values.map((value) => value * 1_024));
          expect(scaled.direction).toBe(result.direction);
          expect(scaled.slope).toBeCloseTo(result.slope * 1_024, 4);
          expect(result.slope_interval[0]).toBeLessThanOrEqual(result.slope);
          expect(result.slope_interval[1]).toBeGreaterThanOrEqual(result.slope);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('seasonal patterns', () => {
  it('need two periods and every phase', () => {
    expect(seasonalPattern(new Float64Array(13).fill(1), 7)).toBeNull();
    expect(seasonalPattern(new Float64Array(20).fill(Number.NaN), 7)).toBeNull();
    expect(seasonalPattern(new Float64Array(20).fill(1), 1)).toBeNull();
  });

  it('are additive where values fall below 0, and come off again', () => {
    const values = Float64Array.from({ length: 70 }, (_, i) => 10 * (weekly[i % 7]! - 1) + 0.01 * i);
    const pattern = seasonalPattern(values, 7)!;
    expect(pattern.multiplicative).toBe(false);
    const rest = deseasonalise(values, pattern);
    for (let i = 0; i < rest.length; i++) expect(rest[i]).toBeCloseTo(0.01 * i, 1);
  });

  it('leave gaps where a phase is never active', () => {
    const idle = Float64Array.from({ length: 70 }, (_, i) => (i % 7 === 6 ? 0 : 100 + (i % 7)));
    const pattern = seasonalPattern(idle, 7)!;
    expect(pattern.p).toBeLessThan(1e-6);
    expect(deseasonalise(idle, pattern)[6]).toBeNaN();
  });
});

describe('cycles', () => {
  it('need 16 points and something to explain', () => {
    expect(findCycle(new Float64Array(15).fill(1))).toBeNull();
    expect(findCycle(new Float64Array(50).fill(1))).toBeNull();
    expect(findCycle(new Float64Array(50).fill(Number.NaN))).toBeNull();
  });

  it('tell period, amplitude and share', () => {
    const cycle = findCycle(series(100, 3, (i, e) => 50 + i + 20 * Math.cos((2 * Math.PI * i) / 10) + e))!;
    expect(cycle.period).toBeCloseTo(10, 0);
    expect(cycle.amplitude).toBeCloseTo(20, 0);
    expect(cycle.strength).toBeGreaterThan(0.95);
    expect(cycle.p).toBeLessThan(1e-10);
  });
});
