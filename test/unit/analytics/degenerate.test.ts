/** Every analysis of series on what is hardly one: an answer with finite figures or a reason, and no state between. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectAnomalies } from '../../../analytics/anomalies.js';
import { detectChangePoints } from '../../../analytics/change-points.js';
import { forecast } from '../../../analytics/forecast.js';
import { detectPeriods } from '../../../analytics/periods.js';
import { analyzeTrend } from '../../../analytics/trend.js';
import { gaussian, seeded } from './random.js';

const analyses = {
  forecast: (values: Float64Array) => forecast(values, { h: 7, period: 7 }),
  trend: (values: Float64Array) => analyzeTrend(values, { minPoints: 10, startDay: '2026-01-05' }),
  periods: (values: Float64Array) => detectPeriods(values),
  changePoints: (values: Float64Array) => detectChangePoints(values),
  days: (values: Float64Array) => detectAnomalies(values, { mode: 'seasonal' }),
  stream: (values: Float64Array) => detectAnomalies(values, { mode: 'stream', samplesPerDay: 24 }),
  zscore: (values: Float64Array) => detectAnomalies(values, { mode: 'zscore' }),
  robust: (values: Float64Array) => detectAnomalies(values, { mode: 'robust' }),
};

function series(length: number, at: (i: number) => number): Float64Array {
  return Float64Array.from({ length }, (_, i) => at(i));
}

const normal = gaussian(seeded(3));
const noise = series(120, () => normal());
const cases: Readonly<Record<string, Float64Array>> = {
  empty: new Float64Array(0),
  'one point': Float64Array.of(5),
  tiny: Float64Array.of(3, 1, 2, 5, 4, 3, 2, 6, 1, 4, 3),
  constant: new Float64Array(120).fill(0.1),
  'all zero': new Float64Array(120),
  'a single spike': series(120, (i) => (i === 77 ? 1e6 : 0)),
  negative: noise.map((value, i) => -500 - 20 * (i % 7) + 5 * value),
  huge: noise.map((value, i) => 1e300 * (3 + (i % 7) + value / 10)),
  'hardly above zero': noise.map((value) => 1e-300 * (3 + value)),
  'missing altogether': new Float64Array(120).fill(Number.NaN),
  'missing every third day': noise.map((value, i) => (i % 3 === 0 ? Number.NaN : 100 + 10 * value)),
  'missing a month': noise.map((value, i) => (i > 40 && i < 71 ? Number.NaN : 100 + 10 * value)),
  'a falling launch': noise.map((value, i) => Math.round((5_000 / (1 + i / 4)) * (1 + value / 20))),
};

/** Numbers that are told as infinite or as none, but for the typed arrays, which hold NaN where nothing is judged. */
function unboundedIn(value: unknown, path = ''): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path} = ${value}`];
  if (value instanceof Float64Array) {
    return Array.from(value).some((one) => Math.abs(one) === Number.POSITIVE_INFINITY) ? [path] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => unboundedIn(one, `${path}.${key}`));
}

describe.each(Object.entries(cases))('%s', (_, values) => {
  it.each(Object.entries(analyses))('has an answer of %s, or the reason for none', (_name, analyse) => {
    const before = values.slice();
    const result = analyse(values);
    expect(values).toEqual(before);
    expect(unboundedIn(result)).toEqual([]);
    const withheld = 'withheld' in result ? result.withheld : null;
    if (values.length < 8 || !values.some(Number.isFinite)) expect(withheld).toMatch(/^needs \d+ more/);
  });
});

describe('a set of series', () => {
  it('has the same answers in whatever order it comes', () => {
    const all = Object.values(cases);
    for (const [name, analyse] of Object.entries(analyses)) {
      const alone = all.map((values) => analyse(values));
      fc.assert(
        fc.property(fc.shuffledSubarray([...all.keys()], { minLength: all.length }), (order) => {
          for (const i of order) expect(analyse(all[i]!), name).toEqual(alone[i]);
        }),
        { numRuns: 4 },
      );
    }
  });
});
