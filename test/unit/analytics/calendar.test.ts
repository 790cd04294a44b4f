import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  addMonths,
  dayBounds,
  dayOf,
  daysBetween,
  eachDay,
  hourOf,
  hourStart,
  weekdayOf,
} from '../../../analytics/calendar.js';

const hours = (day: string, zone: string): number => {
  const { start, end } = dayBounds(day, zone);
  return (end.getTime() - start.getTime()) / 3_600_000;
};

describe('days and zones', () => {
  it('knows days of 23 and 25 hours', () => {
    expect(hours('2026-03-08', 'America/Los_Angeles')).toBe(23);
    expect(hours('2026-11-01', 'America/Los_Angeles')).toBe(25);
    expect(hours('2026-07-01', 'America/Los_Angeles')).toBe(24);
    expect(hours('2026-04-05', 'Australia/Lord_Howe')).toBe(24.5);
  });

  it('finds the first instant where midnight is missing or comes twice', () => {
    // São Paulo skipped 2018-11-04 00:00 to 01:00; Havana shows midnight twice on 2025-11-02.
    expect(dayBounds('2018-11-04', 'America/Sao_Paulo').start.toISOString()).toBe('2018-11-04T03:00:00.000Z');
    expect(hours('2018-11-04', 'America/Sao_Paulo')).toBe(23);
    expect(dayBounds('2025-11-02', 'America/Havana').start.toISOString()).toBe('2025-11-02T04:00:00.000Z');
    expect(hours('2025-11-02', 'America/Havana')).toBe(25);
    expect(hours('2011-12-30', 'Pacific/Apia')).toBe(0);
  });

  it('reads the day and hour of an instant', () => {
    expect(dayOf(new Date('2026-01-05T17:25:00Z'), 'Asia/Bangkok')).toBe('2026-01-06');
    expect(dayOf(new Date('2026-01-05T07:59:59Z'), 'America/Los_Angeles')).toBe('2026-01-04');
    expect(hourOf(new Date('2026-01-05T17:25:00Z'), 'Asia/Bangkok')).toBe(0);
    expect(hourOf(new Date('1969-12-31T23:30:00Z'), 'UTC')).toBe(23);
  });

  it('does arithmetic on days', () => {
    expect(addDays('2024-02-28', 2)).toBe('2024-03-01');
    expect(addDays('2024-03-01', -1)).toBe('2024-02-29');
    expect(daysBetween('2024-12-31', '2025-01-02')).toBe(2);
    expect(eachDay('2026-01-30', '2026-02-02')).toEqual(['2026-01-30', '2026-01-31', '2026-02-01']);
    expect(eachDay('2026-01-02', '2026-01-01')).toEqual([]);
    expect(weekdayOf('2026-01-05')).toBe(1);
    expect(weekdayOf('1969-12-28')).toBe(7);
  });

  it('moves by months, to the last day of a shorter one', () => {
    expect(addMonths('2026-01-15', 1)).toBe('2026-02-15');
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
    expect(addMonths('2024-02-29', -12)).toBe('2023-02-28');
    expect(addMonths('2026-11-30', 3)).toBe('2027-02-28');
    expect(addMonths('2026-03-31', -13)).toBe('2025-02-28');
  });

  it('begins hours where the zone’s clocks do', () => {
    const start = (at: string, zone: string): string => hourStart(new Date(at), zone).toISOString();
    expect(start('2026-02-09T18:29:59Z', 'Asia/Kolkata')).toBe('2026-02-09T17:30:00.000Z');
    expect(start('2026-02-09T18:30:00Z', 'Asia/Kolkata')).toBe('2026-02-09T18:30:00.000Z');
    expect(start('2026-02-09T18:44:59Z', 'UTC')).toBe('2026-02-09T18:00:00.000Z');
    // Both hours that Berlin calls two o'clock.
    expect(start('2026-10-25T00:59:59Z', 'Europe/Berlin')).toBe('2026-10-25T00:00:00.000Z');
    expect(start('2026-10-25T01:00:00Z', 'Europe/Berlin')).toBe('2026-10-25T01:00:00.000Z');
  });

  it('refuses what is no day, no instant and no zone', () => {
    expect(() => addDays('2026-02-30', 1)).toThrow(RangeError);
    expect(() => addDays('5 Jan 2026', 1)).toThrow(RangeError);
    expect(() => dayOf(new Date(Number.NaN), 'UTC')).toThrow(RangeError);
    expect(() => dayOf(new Date(0), 'Mars/Olympus')).toThrow(/Mars\/Olympus/);
  });

  const zone = fc.constantFrom(
    'UTC',
    'America/Los_Angeles',
    'America/Sao_Paulo',
    'America/Havana',
    'Asia/Kathmandu',
    'Pacific/Apia',
    'Australia/Lord_Howe',
    'Europe/Berlin',
  );
  const instant = fc.date({
    min: new Date('1995-01-01T00:00:00Z'),
    max: new Date('2037-12-31T00:00:00Z'),
    noInvalidDate: true,
  });

  it('agrees with luxon and puts every instant inside its own day', () => {
    fc.assert(
      fc.property(zone, instant, (name, at) => {
        const day = dayOf(at, name);
        expect(day).toBe(DateTime.fromJSDate(at, { zone: name }).toISODate());
        expect(hourOf(at, name)).toBe(DateTime.fromJSDate(at, { zone: name }).hour);
        const { start, end } = dayBounds(day, name);
        expect(start.getTime()).toBeLessThanOrEqual(at.getTime());
        expect(end.getTime()).toBeGreaterThan(at.getTime());
        expect(dayBounds(addDays(day, 1), name).start).toEqual(end);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is cheap enough for a row each', () => {
    const started = performance.now();
    const from = Date.parse('2025-01-01T00:00:00Z');
    for (let i = 0; i < 200_000; i++) dayOf(new Date(from + i * 150_000), 'America/Los_Angeles');
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
