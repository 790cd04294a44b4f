import { describe, expect, it } from 'vitest';
import { withoutSilences } from '../../../analytics/forecast-silences.js';
import { forecast } from '../../../analytics/forecast.js';
import { gaussian, seeded } from './random.js';

const normal = gaussian(seeded(12));
const loud = Float64Array.from({ length: 200 }, (_, i) => Math.round(500 + 60 * (i % 7) + 20 * normal()));

function silenced(from: number, to: number): Float64Array {
  return loud.slice().fill(0, from, to);
}

describe('withoutSilences', () => {
  it('makes gaps of runs of zeros shorter than a season, also at both ends', () => {
    for (const [from, to] of [
      [50, 51],
      [50, 56],
      [0, 3],
      [195, 200],
    ] as const) {
      const heard = withoutSilences(silenced(from, to), 7);
      heard.forEach((value, i) => expect(value).toBe(i >= from && i < to ? Number.NaN : loud[i]!));
    }
  });

  it('leaves a season of silence, few counts, many zeros and values below 0 as they are', () => {
    const values = [
      silenced(50, 57),
      loud.map((_, i) => [2, 0, 1, 4, 9, 3, 0, 1][i % 8]!),
      loud.map((value, i) => (i % 5 === 0 ? 0 : value)),
      silenced(50, 52).fill(-1, 90, 91),
      loud,
      new Float64Array(30),
      new Float64Array(0),
    ];
    for (const before of values) expect(Array.from(withoutSilences(before, 7))).toEqual(Array.from(before));
  });

  it('does not change what it is given, nor what was missing', () => {
    const gappy = silenced(50, 52).fill(Number.NaN, 60, 62);
    const before = gappy.slice();
    const heard = withoutSilences(gappy, 7);
    expect(gappy).toEqual(before);
    expect(heard.filter(Number.isNaN)).toHaveLength(4);
  });

  it('lets a forecast go on as before, but the silence judges it', () => {
    const options = { h: 14, period: 7, nonNegative: true };
    const quiet = forecast(loud, options);
    const mute = forecast(silenced(195, 200), options);
    if ('withheld' in quiet || 'withheld' in mute) throw new Error('withheld');
    mute.mean.forEach((value, k) => expect(Math.abs(value / quiet.mean[k]! - 1)).toBeLessThan(0.05));
    expect(mute.backtest.mae).toBeGreaterThan(1.5 * quiet.backtest.mae);
    expect(mute.n).toBe(200);
  });
});
