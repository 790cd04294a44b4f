import { describe, expect, it } from 'vitest';
import { detectChangePoints } from '../../../analytics/change-points.js';
import { recogniseLaunch } from '../../../analytics/launch-decay.js';
import { generateChangePointSeries } from '../../../bench/generated/change-point-series.js';
import { gaussian, seeded } from './random.js';

/** A release's days in whole views: decay × week × noise. */
function launch(seed: number, days: number): Float64Array {
  const uniform = seeded(seed);
  const normal = gaussian(uniform);
  const reach = Math.exp(6 + 2 * uniform());
  const floor = 0.1 + 0.3 * uniform();
  const exponent = 0.6 + 0.8 * uniform();
  const swing = 0.3 * uniform();
  return Float64Array.from({ length: days }, (_, day) => {
    const level = reach * (floor + (1 - floor) * (1 + day / 4) ** -exponent);
    const weekday = 1 + swing * Math.sin((2 * Math.PI * day) / 7);
    return Math.max(0, Math.round(level * weekday * Math.exp(0.12 * normal())));
  });
}

describe('change points of generated series', () => {
  it('stand where they were planted, and seldom where none was', () => {
    const series = generateChangePointSeries(7, 360).filter(
      ({ values, id }) => values.length <= 500 && !id.startsWith('null-walk'),
    );
    let planted = 0;
    let hits = 0;
    let told = 0;
    let quiet = 0;
    let quietTold = 0;
    for (const { values, truth } of series) {
      const found = detectChangePoints(values).change_points;
      const margin = Math.max(5, values.length / 25);
      planted += truth.length;
      hits += truth.filter((at) => found.some(({ index }) => Math.abs(index - at) <= margin)).length;
      told += found.length;
      if (truth.length > 0) continue;
      quiet++;
      if (found.length > 0) quietTold++;
    }
    expect(hits / planted).toBeGreaterThan(0.8);
    expect(hits / told).toBeGreaterThan(0.9);
    expect(quietTold / quiet).toBeLessThan(0.05);
  });

  it('are surely true where the confidence says so', () => {
    let sure = 0;
    let right = 0;
    for (const { values, truth } of generateChangePointSeries(8, 360)) {
      if (values.length > 500) continue;
      const margin = Math.max(5, values.length / 25);
      for (const { index, confidence } of detectChangePoints(values).change_points) {
        if (confidence < 0.95) continue;
        sure++;
        if (truth.some((at) => Math.abs(at - index) <= margin)) right++;
      }
    }
    expect(sure).toBeGreaterThan(200);
    expect(right / sure).toBeGreaterThanOrEqual(0.95);
  });

  it('are none in the decay and the week of a launch', () => {
    let wrong = 0;
    let without = 0;
    for (let seed = 0; seed < 300; seed++) {
      const values = launch(1_000 + seed, 60 + (seed % 5) * 60);
      const { curve } = recogniseLaunch(values, { ageAtStart: 0 });
      const course = curve === null ? {} : { course: curve };
      if (detectChangePoints(values, { period: 7, ...course }).change_points.length > 0) wrong++;
      if (detectChangePoints(values, { period: 7 }).change_points.length > 0) without++;
    }
    expect(wrong / 300).toBeLessThanOrEqual(0.05);
    // The control: with the decay left in, most launches have some.
    expect(without).toBeGreaterThan(200);
  });

  it('stand where a launch was lifted', () => {
    let found = 0;
    for (let seed = 0; seed < 100; seed++) {
      const at = 40 + (seed % 50);
      const values = launch(seed, 120).map((value, i) => (i < at ? value : Math.round(1.8 * value)));
      const { curve } = recogniseLaunch(values, { ageAtStart: 0 });
      const course = curve === null ? {} : { course: curve };
      const { change_points: changes } = detectChangePoints(values, { period: 7, ...course });
      if (changes.some(({ index }) => Math.abs(index - at) <= 5)) found++;
    }
    expect(found).toBeGreaterThanOrEqual(80);
  });

  it('are the same however many series are asked for', () => {
    const few = generateChangePointSeries(3, 5);
    expect(generateChangePointSeries(3, 40).slice(0, 5)).toEqual(few);
    expect(generateChangePointSeries(4, 5)).not.toEqual(few);
  });
});
