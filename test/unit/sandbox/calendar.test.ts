import { describe, expect, it } from 'vitest';
import { dayNumber, dayText, isDay, pacificDay, pacificStart, weekdayOf } from '../../../sandbox/calendar.js';

const hours = (day: string): number =>
  (pacificStart(dayNumber(day) + 1) - pacificStart(dayNumber(day))) / 3_600_000;

describe('days', () => {
  it('are counted from 1970 and written back', () => {
    expect(dayNumber('1970-01-02')).toBe(1);
    expect(dayText(dayNumber('2026-02-28') + 1)).toBe('2026-03-01');
    expect(weekdayOf(dayNumber('2026-11-16'))).toBe(0);
    expect(weekdayOf(dayNumber('1969-12-31'))).toBe(2);
  });

  it('are told from texts that are none', () => {
    expect(['2026-02-29', '2024-02-29', '2026-2-1', 'today', '2026-02-30'].map(isDay)).toEqual([
      false,
      true,
      false,
      false,
      false,
    ]);
  });

  it('turn in Los Angeles at its own midnight, and last 23 and 25 hours when the clocks change', () => {
    expect(new Date(pacificStart(dayNumber('2026-01-05'))).toISOString()).toBe('2026-01-05T08:00:00.000Z');
    expect(new Date(pacificStart(dayNumber('2026-07-05'))).toISOString()).toBe('2026-07-05T07:00:00.000Z');
    expect([hours('2026-03-08'), hours('2026-11-01'), hours('2026-11-02')]).toEqual([23, 25, 24]);
    expect(pacificDay(new Date('2026-01-05T07:59:59Z'))).toBe('2026-01-04');
    expect(pacificDay(new Date('2026-07-05T07:00:00Z'))).toBe('2026-07-05');
  });
});
