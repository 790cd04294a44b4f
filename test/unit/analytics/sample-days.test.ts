import { describe, expect, it } from 'vitest';
import { counterSamplesToDays } from '../../../analytics/sample-days.js';

const samples = (
  entries: [time: string, value: number][],
): { times: Float64Array; values: Float64Array } => ({
  times: Float64Array.from(entries, ([time]) => Date.parse(time)),
  values: Float64Array.from(entries, ([, value]) => value),
});

describe('counter samples', () => {
  it('become what each complete day brought, its close between the samples around midnight', () => {
    const days = counterSamplesToDays(
      samples([
        ['2026-01-04T12:00:00Z', 100],
        ['2026-01-05T12:00:00Z', 124],
        ['2026-01-06T06:00:00Z', 160],
        ['2026-01-07T00:00:00Z', 190],
        ['2026-01-07T20:00:00Z', 260],
      ]),
      'UTC',
    )!;
    // Closes: 112 on the 4th, 148 on the 5th, 190 on the 6th; the 7th is not complete.
    expect(days.startDay).toBe('2026-01-04');
    expect(Array.from(days.values)).toEqual([Number.NaN, 36, 42]);
    expect(days.corrections).toEqual([]);
  });

  it('fall into the days of the zone, 23 and 25 hours long where clocks change', () => {
    const hourly: [string, number][] = Array.from({ length: 24 * 5 + 1 }, (_, hour) => [
      new Date(Date.UTC(2026, 2, 27, 23 + hour)).toISOString(),
      10 * hour,
    ]);
    const days = counterSamplesToDays(samples(hourly), 'Europe/Berlin')!;
    expect(days.startDay).toBe('2026-03-28');
    expect(Array.from(days.values)).toEqual([240, 230, 240, 240, 240]);
  });

  it('leave a gap where the samples lie too far apart, and after it', () => {
    const days = counterSamplesToDays(
      samples([
        ['2026-01-04T00:00:00Z', 0],
        ['2026-01-05T00:00:00Z', 10],
        ['2026-01-07T00:00:00Z', 50],
        ['2026-01-08T00:00:00Z', 60],
      ]),
      'UTC',
    )!;
    expect(Array.from(days.values)).toEqual([10, Number.NaN, Number.NaN, 10]);
  });

  it('set corrections apart and guess nothing from them', () => {
    const days = counterSamplesToDays(
      samples([
        ['2026-01-04T00:00:00Z', 100],
        ['2026-01-05T00:00:00Z', 130],
        ['2026-01-06T00:00:00Z', 110],
        ['2026-01-07T00:00:00Z', 140],
      ]),
      'UTC',
    )!;
    expect(Array.from(days.values)).toEqual([30, Number.NaN, 30]);
    expect(days.corrections).toEqual([{ index: 1, amount: -20 }]);
  });

  it('are nothing without a value, and refuse an unknown zone and an endless span', () => {
    expect(counterSamplesToDays(samples([]), 'UTC')).toBeNull();
    expect(counterSamplesToDays(samples([['2026-01-04T00:00:00Z', Number.NaN]]), 'UTC')).toBeNull();
    const one = counterSamplesToDays(samples([['2026-01-04T06:00:00Z', 5]]), 'UTC')!;
    expect(Array.from(one.values)).toEqual([]);
    expect(() => counterSamplesToDays(samples([['2026-01-04T00:00:00Z', 1]]), 'Nowhere/Land')).toThrow(
      RangeError,
    );
    const wide = samples([
      ['1000-01-01T00:00:00Z', 1],
      ['2026-01-01T00:00:00Z', 2],
    ]);
    expect(() => counterSamplesToDays(wide, 'UTC')).toThrow(/span/);
  });
});
