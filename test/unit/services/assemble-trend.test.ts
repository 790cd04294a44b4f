import { describe, expect, it } from 'vitest';
import { assembleTrend, type TrendSubject } from '../../../services/assemble-trend.js';
import { gaussian, seeded } from '../analytics/random.js';

function subject(
  length: number,
  at: (day: number, noise: number) => number,
  more: Partial<TrendSubject> = {},
): TrendSubject {
  const normal = gaussian(seeded(length));
  return {
    metric: 'views',
    startDay: '2026-01-05',
    values: Float64Array.from({ length }, (_, day) => at(day, normal())),
    ...{ breaks: [], minPoints: 10, trendDays: 90, forecastDays: 14 },
    ...more,
  };
}
const decay = (day: number, noise: number): number =>
  Math.round(8_000 * (0.1 + 0.9 * (1 + day / 3) ** -0.9) * Math.exp(0.08 * noise));

describe('a trend as it is told', () => {
  it('says of a young release that it is in its launch decay', () => {
    const { analysis } = assembleTrend(subject(24, decay, { publishedOn: '2026-01-05' }));
    expect(analysis).toMatchObject({
      overall_direction: 'falling',
      strength: 'weak',
      launch_decay: { still_in_decay: true, until: null },
      change_points: [],
    });
    expect(analysis!.key_insights[0]).toMatch(
      /^Views are still in the launch decay and fall as releases do, to half of the first day within \d+ days; apart from the decay they keep their course\.$/,
    );
  });

  it('tells an old release’s trend apart from its launch, and when that ended', () => {
    const { analysis } = assembleTrend(subject(300, decay, { publishedOn: '2026-01-05' }));
    expect(analysis).toMatchObject({ overall_direction: 'stable', launch_decay: { still_in_decay: false } });
    expect(analysis!.launch_decay!.until).toMatch(/^2026-0[2-5]-\d\d$/);
    expect(analysis!.launch_decay!.half_life_days).toBeGreaterThan(2);
    expect(analysis!.launch_decay!.half_life_days).toBeLessThan(6);
  });

  it('looks ahead from the artist’s earlier releases before there are days enough for a trend', () => {
    const earlierReleases = [4_000, 9_000, 20_000, 30_000].map((level, i) => {
      // Another length, another noise.
      const { values } = subject(60 + i, (day, noise) => (decay(day, noise) * level) / 8_000);
      return { values, ageAtStart: 0, weekday: 0 };
    });
    const young = { publishedOn: '2026-01-05', earlierReleases };
    const told = assembleTrend(subject(4, decay, young));
    expect(told).toMatchObject({ analysis: null, withheld: 'needs 6 more days', points: 4 });
    expect(told.backtest).toMatchObject({ method: 'launch_shape', n: 4 });
    expect(told.predictions).toHaveLength(14);
    told.predictions.forEach(({ timestamp, value, lower_95, upper_95 }, k) => {
      expect(timestamp).toBe(`2026-01-${String(9 + k).padStart(2, '0')}`);
      const truth = decay(4 + k, 0);
      expect(Math.abs(value / truth - 1)).toBeLessThan(0.25);
      expect(lower_95).toBeLessThan(truth * 1.05);
      expect(upper_95).toBeGreaterThan(truth * 0.95);
    });
    const alone = assembleTrend(subject(4, decay, { publishedOn: '2026-01-05' }));
    expect(alone).toMatchObject({ analysis: null, predictions: [] });
  });

  it('bridges a break whose sides differ by a factor, and starts again after any other', () => {
    const steps = (day: number, noise: number): number => (day < 60 ? 1_000 : 3_000) * (1 + 0.02 * noise);
    const breaks = ['2026-03-06'];
    const bridged = assembleTrend(subject(90, steps, { breaks, bridges: breaks }));
    expect(bridged).toMatchObject({
      points: 90,
      analysis: { overall_direction: 'stable', change_points: [] },
    });
    expect(bridged.analysis!.trend_points[0]!.value! / 3_000).toBeCloseTo(1, 1);
    expect(assembleTrend(subject(90, steps, { breaks })).points).toBe(30);
  });

  it('names patterns with their length, method and parameters', () => {
    const { analysis } = assembleTrend(
      subject(90, (day, noise) => 1_000 + 40 * noise + (day % 9 === 4 ? 400 : 0)),
    );
    expect(analysis).toMatchObject({
      seasonality_patterns: [{ period: '9 points', period_length: 9, multiplicative: true }],
      launch_decay: null,
      method: 'theil-sen',
      method_version: '2',
      parameters: { min_points: 10, significance: 0.05, season: null, trend_days: 90 },
    });
    expect(analysis!.seasonality_patterns[0]!.effects).toHaveLength(9);
    expect(analysis!.key_insights.join(' ')).toMatch(/9 days/);
  });
});
