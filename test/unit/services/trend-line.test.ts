import { describe, expect, it } from 'vitest';
import { trendLine } from '../../../services/series-lines/trend-line.js';
import { gaussian, seeded } from '../analytics/random.js';

const days = Array.from({ length: 84 }, (_, i) => i);
const answer = (line: Record<string, unknown>): Record<string, unknown> => ({ ...trendLine(line, {})() });
const noisy = (at: (day: number, noise: number) => number, length = 84): number[] => {
  const normal = gaussian(seeded(length));
  return Array.from({ length }, (_, i) => at(i, normal()));
};

describe('a line of trend', () => {
  it('finds periods that it does not tell, and takes a period of 1 for none told', () => {
    const values = noisy((i, e) => 100 + 20 * Math.sin((2 * Math.PI * i) / 9) + 5 * e);
    expect(answer({ values })['seasonality']).toMatchObject([{ kind: 'other', period: 9 }]);
    expect(answer({ values, period: 1 })).toEqual(answer({ values }));
    expect(answer({ values, period: 7 })['seasonality']).toEqual([]);
  });

  it('tells the sampling from the times', () => {
    const hourly = noisy((i, e) => 100 + 20 * Math.sin((2 * Math.PI * i) / 24) + 5 * e, 24 * 14);
    const t = hourly.map((_, i) => new Date(Date.UTC(2026, 0, 5, i)).toISOString());
    expect(answer({ values: hourly, t })).toMatchObject({
      parameters: { samples_per_day: 24 },
      seasonality: [{ kind: 'daily', period: 24 }],
    });
  });

  it('makes days of a counter’s samples in the zone that it tells', () => {
    const values = days.map((day) => 100 * day + day * day);
    const t = days.map((day) => new Date(Date.UTC(2026, 0, 5 + day, 5)).toISOString());
    const given = answer({ values, t, kind: 'counter', zone: 'America/New_York' });
    // Midnight in New York is the very moment of each sample: 83 increments of 101, 103, …
    expect(given).toMatchObject({ direction: 'rising', n: 83 });
    expect(given['slope']).toBeCloseTo(2, 1);
    expect(() => answer({ values, t, kind: 'counter', zone: 'Nowhere/Land' })).toThrow(/zone/);
    expect(() => answer({ values, kind: 'counter' })).toThrow('A counter has no t');
    expect(() => answer({ values, kind: 'gauge' })).toThrow(/neither/);
  });

  it('cuts at a break and bridges a change by a factor', () => {
    const values = noisy((i, e) => (i < 40 ? 100 : 300) + 2 * e);
    const start = '2026-01-01';
    expect(answer({ values, start, breaks: ['2026-02-10'] })).toMatchObject({ n: 44, direction: 'stable' });
    expect(answer({ values, start, bridges: ['2026-02-10'] })).toMatchObject({ n: 84, direction: 'stable' });
    expect(answer({ values, start })['direction']).toBe('rising');
    expect(() => answer({ values, breaks: '2026-02-10' })).toThrow('breaks is no array');
    expect(() => answer({ values, bridges: ['soon'] })).toThrow(/bridges\[0\]/);
  });

  it('knows a launch by the age that it tells', () => {
    const values = noisy((i, e) => 5_000 * (0.1 + 0.9 * (1 + i / 3) ** -0.9) * (1 + 0.08 * e), 25);
    expect(answer({ values, age: 0 })).toMatchObject({
      direction: 'falling',
      strength: 'weak',
      launch: { still: true },
    });
  });

  it('is withheld with the reason', () => {
    expect(answer({ values: [1, 2, 3] })).toEqual({ method: null, withheld: 'needs 7 more days', n: 3 });
    expect(answer({ values: [null, null], start: '2026-01-01' })).toMatchObject({ method: null, n: 0 });
  });
});
