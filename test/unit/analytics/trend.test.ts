import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recogniseLaunch } from '../../../analytics/launch-decay.js';
import { analyzeTrend, type TrendOptions, type TrendResult } from '../../../analytics/trend.js';
import { gaussian, seeded } from './random.js';

const startDay = '2026-01-05';
const options = { minPoints: 10, startDay };
const weekly = [0.8, 0.9, 1, 1, 1.1, 1.3, 0.9];

function series(length: number, seed: number, at: (i: number, noise: number) => number): Float64Array {
  const normal = gaussian(seeded(seed));
  return Float64Array.from({ length }, (_, i) => at(i, normal()));
}

function told(values: Float64Array, more: Partial<TrendOptions> = {}): TrendResult {
  const result = analyzeTrend(values, { ...options, ...more });
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
    expect(rising.parameters).toEqual({ min_points: 10, significance: 0.05, season: null });
    expect(told(series(90, 2, (i, e) => 5_000 * Math.exp(-i / 60) * (1 + 0.1 * e))).direction).toBe(
      'falling',
    );
    expect(told(series(90, 3, (_, e) => 1_000 + 50 * e)).direction).toBe('stable');
    const wave = told(series(120, 4, (i, e) => 1_000 + 300 * Math.sin((2 * Math.PI * i) / 28) + 60 * e));
    expect(wave.direction).toBe('cyclical');
    expect(wave.cycle!.length).toBe(28);
  });

  it('finds the week, Monday first, and takes no trend from it', () => {
    const result = told(series(84, 5, (i, e) => 1_000 * weekly[i % 7]! * (1 + 0.05 * e)));
    expect(result.direction).toBe('stable');
    const { effects, strength, p, multiplicative, kind } = result.seasons[0]!;
    expect(kind).toBe('weekly');
    expect(multiplicative).toBe(true);
    weekly.forEach((effect, day) => expect(effects[day]).toBeCloseTo(effect, 1));
    expect(strength).toBeGreaterThan(0.6);
    expect(p).toBeLessThan(1e-8);
    const steep = told(series(84, 5, (i, e) => 1_000 * (i % 7 < 5 ? 1 : 2.5) * (1 + 0.05 * e)));
    expect(steep).toMatchObject({ direction: 'cyclical', strength: 'strong', cycle: { kind: 'weekly' } });
    // The same days, begun on a Thursday.
    const later = told(
      series(84, 5, (i, e) => 1_000 * weekly[(i + 3) % 7]! * (1 + 0.05 * e)),
      { startDay: '2026-01-08' },
    );
    weekly.forEach((effect, day) => expect(later.seasons[0]!.effects[day]).toBeCloseTo(effect, 1));
  });

  it('finds days and weeks in hours, the days of the month in days, and any length that it is not told', () => {
    const hours = told(
      series(24 * 35, 6, (i, e) => {
        const workday = Math.floor(i / 24) % 7 < 5 ? 1 : 0.6;
        return 1_000 * workday * (1 + 0.5 * Math.sin((2 * Math.PI * i) / 24)) * (1 + 0.05 * e);
      }),
      { samplesPerDay: 24 },
    );
    expect(hours.seasons.map(({ kind, length }) => [kind, length])).toEqual([
      ['daily', 24],
      ['weekly', 168],
    ]);
    const payday = told(
      series(360, 7, (i, e) => {
        const day = new Date(Date.UTC(2026, 0, 5 + i)).getUTCDate();
        return 1_000 * (day <= 3 ? 2 : 1) * (1 + 0.05 * e);
      }),
    );
    const month = payday.seasons.find(({ kind }) => kind === 'monthly')!;
    expect(month.length).toBeCloseTo(30.44, 2);
    expect(month.effects).toHaveLength(31);
    expect(month.effects[1]! / month.effects[14]!).toBeCloseTo(2, 0.5);
    const nine = told(series(180, 8, (i, e) => 1_000 + 300 * Math.sin((2 * Math.PI * i) / 9) + 100 * e));
    expect(nine.seasons[0]).toMatchObject({ kind: 'other', length: 9 });
    expect(
      told(
        series(180, 8, (i, e) => 100 * (i % 7) + e),
        { season: 1 },
      ).seasons,
    ).toEqual([]);
  });

  it('is not carried off by outliers, nor by gaps', () => {
    const values = series(60, 6, (i, e) => 1_000 + 5 * e + (i % 20 === 7 ? 50_000 : 0));
    values[30] = Number.NaN;
    const result = told(values, { season: 7 });
    expect(result.direction).toBe('stable');
    expect(Math.abs(result.slope)).toBeLessThan(0.2);
    expect(result.n).toBe(59);
  });

  it('seldom finds a trend in noise that remembers, a cycle in a random walk, or a week in either', () => {
    let directed = 0;
    let cyclical = 0;
    let seasonal = 0;
    for (let seed = 0; seed < 200; seed++) {
      let state = 0;
      const noise = told(series(90, 1_000 + seed, (_, e) => 100 + 30 * (state = 0.5 * state + e)));
      if (noise.direction === 'rising' || noise.direction === 'falling') directed++;
      let level = 1_000;
      const walk = told(series(90, 5_000 + seed, (_, e) => (level += 10 * e)));
      if (walk.direction === 'cyclical') cyclical++;
      if (noise.seasons.length > 0) seasonal++;
      if (walk.seasons.length > 0) seasonal++;
    }
    // 200 tests at 5 %: 16 is the 97.5 % quantile; 400 at 2 %: 14.
    expect(directed).toBeLessThanOrEqual(16);
    expect(cyclical).toBeLessThanOrEqual(4);
    expect(seasonal).toBeLessThanOrEqual(14);
  });

  it('is withheld below the minimum, with what is missing', () => {
    expect(analyzeTrend(new Float64Array(7).fill(1), options)).toEqual({ withheld: 'needs 3 more days' });
    expect(analyzeTrend(new Float64Array(9).fill(1), options)).toEqual({ withheld: 'needs 1 more day' });
    expect(analyzeTrend(new Float64Array(90).fill(Number.NaN), options)).toEqual({
      withheld: 'needs 10 more days',
    });
    expect(analyzeTrend(new Float64Array(), options)).toEqual({ withheld: 'needs 10 more days' });
  });

  it('answers for degenerate values', () => {
    expect(told(new Float64Array(30))).toMatchObject({
      ...{ direction: 'stable', slope: 0, r_squared: null, volatility: null, growth: null },
      ...{ seasons: [], cycle: null, launch: null },
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
    expect(told(series(40, 9, (i, e) => 1e300 * (1 + 0.02 * i + 0.01 * e))).direction).toBe('rising');
  });

  it('turns with the sign of the values and with time, and does not mind their scale', () => {
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
          const back = told(values.toReversed(), { season: 1 });
          expect(back.slope).toBeCloseTo(-told(values, { season: 1 }).slope, 8);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('the trend of a launch', () => {
  const release = (length: number, seed: number): Float64Array =>
    series(length, seed, (i, e) => Math.round(5_000 * (0.1 + 0.9 * (1 + i / 3) ** -0.9) * (1 + 0.08 * e)));

  it('is weakly falling while its decay lasts, and what the decay leaves keeps its course', () => {
    const values = release(25, 1);
    const launch = recogniseLaunch(values, { ageAtStart: 0 });
    const result = told(values, { launch });
    expect(result).toMatchObject({ direction: 'falling', strength: 'weak', launch: { still: true } });
    expect(result.slope_interval[0]).toBeLessThanOrEqual(0);
    expect(result.slope_interval[1]).toBeGreaterThanOrEqual(0);
    // Where nobody knows of the launch, the same days are a strong fall.
    expect(told(values)).toMatchObject({ direction: 'falling', strength: 'strong', launch: null });
  });

  it('is that of the days after the decay once they are enough', () => {
    const values = release(200, 2);
    const launch = recogniseLaunch(values, { ageAtStart: 0 });
    const recent = values.subarray(110);
    expect(told(recent, { launch, launchOffset: 110 })).toMatchObject({
      direction: 'stable',
      launch: { still: false },
    });
    const reviving = recent.map((value, i) => value * (1 + i / 60));
    expect(told(reviving, { launch, launchOffset: 110 }).direction).toBe('rising');
  });
});
