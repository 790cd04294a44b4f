import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectPeriods } from '../../../analytics/periods.js';
import { deseasonalise, monthlyPattern, seasonalPattern } from '../../../analytics/seasonality.js';
import { generateSeasonalSeries } from '../../../bench/generated/seasonal-series.js';
import { gaussian, seeded } from './random.js';

const weekly = [0.8, 0.9, 1, 1, 1.1, 1.3, 0.9];
const lengths = (values: Float64Array, samplesPerDay?: number): number[] =>
  detectPeriods(values, samplesPerDay === undefined ? {} : { samplesPerDay }).periods.map(
    ({ period }) => period,
  );

function series(length: number, seed: number, at: (i: number, noise: number) => number): Float64Array {
  const normal = gaussian(seeded(seed));
  return Float64Array.from({ length }, (_, i) => at(i, normal()));
}

describe('periods', () => {
  it.each([
    ['daily', 0.95],
    ['hourly', 0.9],
    ['any', 0.9],
  ] as const)('are found exactly in %s series', (kind, share) => {
    const generated = generateSeasonalSeries({ seed: 1, count: 100, kind });
    let exact = 0;
    for (const { values, samplesPerDay, periods } of generated) {
      if (lengths(values, samplesPerDay)[0] === periods[0]) exact++;
    }
    expect(exact).toBeGreaterThanOrEqual(share * generated.length);
  });

  it('are not named for what a smooth pattern leaves of its own harmonics', () => {
    const hourly = generateSeasonalSeries({ seed: 11, count: 200, kind: 'hourly' });
    const withOthers = hourly.filter(({ values, samplesPerDay, periods }) =>
      detectPeriods(values, { samplesPerDay }).periods.some(({ period }) => !periods.includes(period)),
    );
    // 15 of them when harmonics were named.
    expect(withOthers.length).toBeLessThanOrEqual(9);
  });

  it.each([14, 28, 45])('keep a second cycle of %i days beside a stronger week', (second) => {
    for (let seed = 0; seed < 10; seed++) {
      const normal = gaussian(seeded(seed));
      const values = Float64Array.from({ length: 400 }, (_, i) => {
        const wave = (period: number): number => Math.sin((2 * Math.PI * i) / period);
        return 100 + 20 * wave(7) + 9 * wave(second) + 6 * normal();
      });
      expect(lengths(values, 1)).toEqual([7, second]);
    }
  });

  it('are seldom found in noise, in noise that remembers and in random walks', () => {
    const generated = generateSeasonalSeries({ seed: 2, count: 400, kind: 'none' });
    const found = generated.filter(({ values }) => lengths(values, 1).length > 0);
    // 400 at 2 %: 14 is the 97.5 % quantile.
    expect(found.length).toBeLessThanOrEqual(14);
  });

  it('are told with days and weeks apart, strength, p and what was looked for', () => {
    const hours = series(24 * 42, 3, (i, e) => {
      return 100 + 30 * Math.sin((2 * Math.PI * i) / 24) + (Math.floor(i / 24) % 7 < 5 ? 20 : 0) + 5 * e;
    });
    const { periods, parameters, n, method, withheld } = detectPeriods(hours, { samplesPerDay: 24 });
    expect(periods.map(({ period }) => period)).toEqual([24, 168]);
    expect(periods[0]!.strength).toBeGreaterThan(0.6);
    expect(periods[0]!.strength + periods[1]!.strength).toBeLessThanOrEqual(1);
    expect(periods[0]!.p).toBeLessThan(1e-10);
    expect({ n, method, withheld }).toEqual({
      n: hours.length,
      method: 'phases-over-autoregression',
      withheld: null,
    });
    expect(parameters).toEqual({ significance: 0.005, longest: 252, calendar: [24, 168], logarithms: false });
  });

  it('are found in a launch’s decay, through gaps and beside events', () => {
    const values = series(150, 4, (i, e) =>
      Math.round(9_000 * (0.1 + (1 + i / 4) ** -0.9) * weekly[i % 7]! * Math.exp(0.1 * e)),
    );
    for (let i = 20; i < 150; i += 11) values[i] = Number.NaN;
    values[77] = 90_000;
    const { periods, parameters } = detectPeriods(values, { samplesPerDay: 1 });
    expect(periods[0]!.period).toBe(7);
    expect(parameters.logarithms).toBe(true);
  });

  it('are those that are asked for and no others', () => {
    const values = series(120, 5, (i, e) => 10 * (i % 5) + e);
    expect(lengths(values)).toEqual([5]);
    expect(detectPeriods(values, { candidates: [7] }).periods).toEqual([]);
    expect(detectPeriods(values, { candidates: [5, 1] }).periods).toMatchObject([{ period: 5 }]);
    expect(detectPeriods(values, { most: 0 }).periods).toEqual([]);
  });

  it('are none where nothing can be told', () => {
    expect(detectPeriods(new Float64Array())).toMatchObject({
      periods: [],
      withheld: 'needs 12 more points',
    });
    expect(detectPeriods(new Float64Array(11).fill(1)).withheld).toBe('needs 1 more point');
    expect(lengths(new Float64Array(100).fill(Number.NaN))).toEqual([]);
    for (const value of [0, 7, -3, 1e8, 0.1, 1e300, 1e-310]) {
      expect(lengths(new Float64Array(100).fill(value))).toEqual([]);
    }
    const spike = new Float64Array(100);
    spike[50] = 1e6;
    expect(lengths(spike)).toEqual([]);
    expect(lengths(Float64Array.from({ length: 100 }, (_, i) => i))).toEqual([]);
  });

  it('are found in a pattern without noise, whatever its scale', () => {
    for (const scale of [1e-300, 1, 1e8, 1e300]) {
      const exact = Float64Array.from({ length: 84 }, (_, i) => scale * weekly[i % 7]!);
      expect(lengths(exact)[0]).toBe(7);
    }
  });

  it('do not mind scale, shift or the direction of time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.constantFrom(5, 7, 12), (seed, period) => {
        const values = series(120, seed, (i, e) => 8 * Math.sin((2 * Math.PI * i) / period) + 4 * e - 1e3);
        const frozen = Array.from(values);
        const found = lengths(values);
        expect(Array.from(values)).toEqual(frozen);
        expect(lengths(values.map((value) => 4_096 * value))).toEqual(found);
        expect(lengths(values.map((value) => value - 2 ** 20))).toEqual(found);
        // The noise remembers forwards only: where a period and its double are equally likely, that decides.
        const [reversed = 0] = lengths(values.toReversed());
        expect([1, 2]).toContain(Math.max(reversed, found[0]!) / Math.min(reversed, found[0]!));
      }),
      { numRuns: 30 },
    );
  });
});

describe('seasonal patterns', () => {
  it('need two periods and every phase', () => {
    expect(seasonalPattern(new Float64Array(13).fill(1), 7)).toBeNull();
    expect(seasonalPattern(new Float64Array(20).fill(Number.NaN), 7)).toBeNull();
    expect(seasonalPattern(new Float64Array(20).fill(1), 1)).toBeNull();
    expect(monthlyPattern(new Float64Array(92).fill(1), '2026-01-01')).toBeNull();
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
