import { describe, expect, it } from 'vitest';
import { recogniseLaunch } from '../../../analytics/launch-decay.js';
import { gaussian, seeded } from './random.js';

const release = (seed: number, length: number): Float64Array => {
  const uniform = seeded(seed);
  const normal = gaussian(uniform);
  const [exponent, scale, floor] = [0.5 + uniform(), 1 + 6 * uniform(), 0.02 + 0.2 * uniform()];
  const level = Math.exp(5 + 4 * uniform());
  return Float64Array.from({ length }, (_, i) =>
    Math.round(
      level *
        (floor + (1 - floor) * (1 + i / scale) ** -exponent) *
        (1 + 0.2 * Math.sin((2 * Math.PI * i) / 7)) *
        Math.exp(0.12 * normal()),
    ),
  );
};
const old = (kind: string, seed: number): Float64Array => {
  const normal = gaussian(seeded(seed));
  let state = 1_000;
  return Float64Array.from({ length: 120 }, (_, i) => {
    const noise = normal();
    state += 10 * noise;
    if (kind === 'flat') return 1_000 + 100 * noise;
    if (kind === 'rising') return 1_000 + 5 * i + 100 * noise;
    if (kind === 'falling') return 5_000 * Math.exp(-i / 60) * (1 + 0.1 * noise);
    return kind === 'walk' ? state : Math.max(0, Math.round(2 + 1.4 * noise));
  });
};

describe('a launch', () => {
  it.each([20, 45, 120, 365])('is recognised over %i days where the publication is known', (length) => {
    let found = 0;
    for (let seed = 0; seed < 100; seed++) {
      if (recogniseLaunch(release(seed, length), { ageAtStart: 0 }).isLaunch) found++;
    }
    expect(found).toBeGreaterThanOrEqual(95);
  });

  it('tells the half-life and the end of the decay', () => {
    const exact = Float64Array.from({ length: 120 }, (_, i) => 1e4 * (0.1 + 0.9 * (1 + i / 4) ** -1));
    const found = recogniseLaunch(exact, { ageAtStart: 0 });
    expect(found.parameters).toEqual({ exponent: 1, scaleDays: 4, floor: 0.1 });
    // 0.1 + 0.9 / (1 + t/4) = 0.5 at t = 5.
    expect(found.halfLifeDays).toBeCloseTo(5, 10);
    const weekly = exact.map((value, i) => 1 - (exact[i + 7] ?? Number.NaN) / value);
    expect(weekly[found.until]!).toBeLessThan(0.02);
    expect(weekly[found.until - 1]!).toBeGreaterThanOrEqual(0.02);
    const young = recogniseLaunch(exact.subarray(0, 20), { ageAtStart: 0 });
    expect(young.until).toBe(20);
    const scaled = recogniseLaunch(
      exact.map((value) => value * 1e-3),
      { ageAtStart: 0 },
    );
    expect(scaled.parameters).toEqual(found.parameters);
  });

  it.each(['flat', 'rising', 'falling', 'walk', 'few'])('is not seen in days that are %s', (kind) => {
    let found = 0;
    for (let seed = 0; seed < 100; seed++) {
      for (const ageAtStart of [0, null]) {
        if (recogniseLaunch(old(kind, seed), { ageAtStart }).isLaunch) found++;
      }
    }
    expect(found).toBeLessThanOrEqual(2);
  });

  it('is not looked for late after the publication, before it, and in too few days', () => {
    const values = release(1, 60);
    expect(recogniseLaunch(values, { ageAtStart: 15 }).isLaunch).toBe(false);
    expect(recogniseLaunch(values, { ageAtStart: -3 }).isLaunch).toBe(false);
    expect(recogniseLaunch(values.subarray(0, 9), { ageAtStart: 0 }).isLaunch).toBe(false);
    expect(recogniseLaunch(new Float64Array(40), { ageAtStart: 0 }).isLaunch).toBe(false);
    expect(recogniseLaunch(new Float64Array(40).fill(7), { ageAtStart: 0 }).isLaunch).toBe(false);
    expect(recogniseLaunch(new Float64Array(40).fill(Number.NaN), { ageAtStart: 0 }).isLaunch).toBe(false);
    expect(
      recogniseLaunch(
        values.map((value) => -value),
        { ageAtStart: 0 },
      ).isLaunch,
    ).toBe(false);
  });

  it('is seen through gaps and days without a view', () => {
    const values = release(3, 90);
    for (let i = 10; i < 90; i += 9) values[i] = Number.NaN;
    values[40] = 0;
    expect(recogniseLaunch(values, { ageAtStart: 0 }).isLaunch).toBe(true);
  });
});
