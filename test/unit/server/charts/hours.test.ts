import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayBounds } from '../../../../analytics/calendar.js';
import { hourTicks, momentsOf } from '../../../../server/charts/hours.js';

const ticksOf = (day: string, zone: string, most: number): { at: string; text: string }[] => {
  const { start, end } = dayBounds(day, zone);
  return hourTicks(start, end, zone, most).map(({ at, text }) => ({ at: at.toISOString(), text }));
};

describe('the hours along an axis', () => {
  it('are those of the zone’s clocks, half an hour aside from UTC too', () => {
    expect(ticksOf('2026-02-10', 'Asia/Kolkata', 4)).toEqual([
      { at: '2026-02-09T18:30:00.000Z', text: '10 Feb' },
      { at: '2026-02-10T00:30:00.000Z', text: '06:00' },
      { at: '2026-02-10T06:30:00.000Z', text: '12:00' },
      { at: '2026-02-10T12:30:00.000Z', text: '18:00' },
      { at: '2026-02-10T18:30:00.000Z', text: '11 Feb' },
    ]);
  });

  it('leave out the hour that clocks skip, and stay at the clock’s hours after one that comes twice', () => {
    const spring = ticksOf('2026-03-29', 'Europe/Berlin', 25);
    expect(spring.slice(0, 4)).toEqual([
      { at: '2026-03-28T23:00:00.000Z', text: '29 Mar' },
      { at: '2026-03-29T00:00:00.000Z', text: '01:00' },
      { at: '2026-03-29T01:00:00.000Z', text: '03:00' },
      { at: '2026-03-29T02:00:00.000Z', text: '04:00' },
    ]);
    const autumn = ticksOf('2026-10-25', 'Europe/Berlin', 8);
    expect(autumn.slice(0, 4)).toEqual([
      { at: '2026-10-24T22:00:00.000Z', text: '25 Oct' },
      { at: '2026-10-25T05:00:00.000Z', text: '06:00' },
      { at: '2026-10-25T11:00:00.000Z', text: '12:00' },
      { at: '2026-10-25T17:00:00.000Z', text: '18:00' },
    ]);
  });

  it('ascend, lie within, and are about as many as there is room for', () => {
    const zone = fc.constantFrom(
      ...['UTC', 'Asia/Kathmandu', 'Europe/Berlin', 'America/Havana', 'Australia/Lord_Howe', 'Pacific/Apia'],
    );
    const start = fc.integer({ min: Date.UTC(2011, 0), max: Date.UTC(2030, 0) });
    fc.assert(
      fc.property(zone, start, fc.integer({ min: 1, max: 31 * 24 }), (zoneName, from, hours) => {
        const [first, last] = [new Date(from), new Date(from + hours * 3_600_000)];
        const ticks = hourTicks(first, last, zoneName, 8);
        expect(ticks.length).toBeLessThanOrEqual(10);
        for (const [index, { at }] of ticks.entries()) {
          expect(at >= first && at <= last).toBe(true);
          if (index > 0) expect(at > ticks[index - 1]!.at).toBe(true);
        }
      }),
    );
  });
});

describe('an hour in words', () => {
  it('tells apart the two that the clock shows alike', () => {
    const berlin = momentsOf('Europe/Berlin');
    expect(berlin(new Date('2026-10-25T00:00:00Z'))).toBe('2026-10-25 02:00 CEST');
    expect(berlin(new Date('2026-10-25T01:00:00Z'))).toBe('2026-10-25 02:00 CET');
    expect(momentsOf('Asia/Kolkata')(new Date('2026-02-09T18:30:00Z'))).toBe('2026-02-10 00:00 GMT+5:30');
    expect(momentsOf('UTC')(new Date('2026-02-09T00:00:00Z'))).toBe('2026-02-09 00:00 UTC');
  });
});
