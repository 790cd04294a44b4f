import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  replaySeries,
  simulateAnomalies,
  thresholdLadder,
  type ReplayedSeries,
} from '../../../analytics/anomaly-simulation.js';
import { commonScores, isShared } from '../../../analytics/shared-events.js';
import { gaussian, seeded } from './random.js';

const year = 365;

function series(seed: number, factorOn: Readonly<Record<number, number>> = {}): Float64Array {
  const normal = gaussian(seeded(seed));
  return Float64Array.from({ length: year }, (_, day) =>
    Math.round(1_000 * (factorOn[day] ?? 1) * Math.exp(0.1 * normal())),
  );
}

function replayed(all: readonly Float64Array[], group = 'youtube'): ReplayedSeries[] {
  return all.map((values, index) => ({
    id: index + 1,
    group,
    start: 20_000,
    ...replaySeries(values, 'seasonal', [])!,
  }));
}

describe('a simulation over history', () => {
  it('takes the mode’s own threshold where it keeps within the budget, and tells the worst series', () => {
    const quiet = Array.from({ length: 9 }, (_, seed) => series(seed));
    const eventful = series(9, { 100: 5, 150: 6, 200: 7 });
    const simulation = simulateAnomalies(replayed([...quiet, eventful]), 'seasonal', 3);
    expect(simulation).toMatchObject({ series: 10, enabled: true, reason: null });
    expect(simulation.chosen.threshold).toBe(3.5);
    expect(simulation.chosen.worst).toEqual({ id: 10, alerts: 3 });
    expect(simulation.chosen.alertsPerSeriesYear).toBeCloseTo(0.3, 1);
    expect(simulation.chosen.seriesWithAlerts).toBeGreaterThanOrEqual(0.1);
    expect(simulation.seriesYears).toBeCloseTo(10, 1);
  });

  it('goes up the ladder, and says so where even its end is too much', () => {
    // Every eleven days an event, some larger than others.
    const events = Object.fromEntries(
      Array.from({ length: 30 }, (_, k) => [30 + 11 * k, k % 5 === 0 ? 20 : 1.9]),
    );
    const all = replayed([series(20, events), series(21, events)], 'spotify');
    const stricter = simulateAnomalies(all, 'seasonal', 7);
    expect(stricter.enabled).toBe(true);
    expect(stricter.chosen.threshold).toBeGreaterThan(3.5);
    const off = simulateAnomalies(all, 'seasonal', 0.5);
    expect(off.enabled).toBe(false);
    expect(off.chosen).toBe(off.steps.at(-1));
    expect(off.reason).toMatch(/^\d.* alerts a series-year at the strictest threshold; 0.5 at most$/);
    const rates = off.steps.map(({ alertsPerSeriesYear }) => alertsPerSeriesYear);
    expect(rates).toEqual(rates.toSorted((a, b) => b - a));
    expect(rates).toHaveLength(thresholdLadder.length);
  });

  it('counts apart what most series share, in whatever order they come', () => {
    const all = replayed(Array.from({ length: 8 }, (_, seed) => series(40 + seed, { 200: 6 })));
    const { chosen } = simulateAnomalies(all, 'seasonal', 3);
    expect(chosen.sharedPerSeriesYear).toBeGreaterThan(0.8);
    expect(chosen.alertsPerSeriesYear).toBeLessThan(0.4);
    expect(simulateAnomalies(all.toReversed(), 'seasonal', 3).steps).toEqual(
      simulateAnomalies(all, 'seasonal', 3).steps,
    );
    const apart = all.map((one, index) => ({ ...one, group: String(index) }));
    expect(simulateAnomalies(apart, 'seasonal', 3).chosen.sharedPerSeriesYear).toBe(0);
  });

  it('has nothing against no series, and leaves out those that are too short', () => {
    expect(replaySeries(new Float64Array(10), 'seasonal', [])).toBeNull();
    expect(simulateAnomalies([], 'seasonal', 3)).toMatchObject({
      series: 0,
      enabled: true,
      chosen: { threshold: 3.5, alertsPerSeriesYear: 0, worst: null },
    });
  });
});

describe('what series have in common', () => {
  const scored = (start: number, ...score: number[]): { start: number; score: Float64Array } => ({
    start,
    score: Float64Array.from(score),
  });

  it('is the median of a day that five and more were judged on', () => {
    const group = [
      scored(10, 1, 5),
      scored(10, 2, 6),
      scored(11, 9, 1),
      scored(11, 7, Number.NaN),
      scored(11, 8),
    ];
    expect(commonScores(group)).toEqual({ start: 10, median: Float64Array.of(0, 7, 0) });
    expect(commonScores([])).toEqual({ start: 0, median: new Float64Array(0) });
  });

  it('takes an alert away that would be none without it', () => {
    const common = { start: 10, median: Float64Array.of(6, -6) };
    expect(isShared(8, 10, common, 4)).toBe(true);
    expect(isShared(11, 10, common, 4)).toBe(false);
    expect(isShared(5, 11, common, 4)).toBe(false);
    expect(isShared(5, 99, common, 4)).toBe(false);
    // So far below the others that it points the other way.
    expect(isShared(4.5, 10, { start: 10, median: Float64Array.of(20) }, 4)).toBe(true);
  });

  it('does not depend on the order of the series', () => {
    const score = fc.array(fc.oneof(fc.constant(Number.NaN), fc.integer({ min: -9, max: 9 })), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(6), score), { maxLength: 9 }), (list) => {
        const group = list.map(([start, values]) => scored(start, ...values));
        expect(commonScores(group.toReversed())).toEqual(commonScores(group));
      }),
    );
  });
});
