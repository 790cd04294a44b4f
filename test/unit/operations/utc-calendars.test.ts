import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { utcCalendars, type UtcCalendar } from '../../../operations/utc-calendars.js';

/** Every instant that the calendars fire at, by walking over each day that they name. */
function firesOf(calendars: readonly UtcCalendar[]): Date[] {
  const fires = new Set<number>();
  for (const { year, month, dayOfMonth, hour, minute } of calendars)
    for (let m = month.start; m <= month.end; m += 1)
      for (let d = dayOfMonth.start; d <= dayOfMonth.end; d += 1) {
        const at = new Date(Date.UTC(year, m - 1, d, hour, minute));
        if (at.getUTCMonth() === m - 1) fires.add(at.getTime());
      }
  return [...fires].sort((a, b) => a - b).map((ms) => new Date(ms));
}

describe('utcCalendars', () => {
  it.each([
    'UTC',
    'America/Los_Angeles',
    'Europe/Berlin',
    'Asia/Bangkok',
    'Australia/Lord_Howe',
    'Asia/Kolkata',
  ])('fires once on every local day in %s, never before the time of day', (zone) => {
    for (const time of ['02:00', '01:30', '02:30', '00:00', '23:45']) {
      const local = firesOf(utcCalendars(time, zone, 2026, 2)).map((at) => DateTime.fromJSDate(at, { zone }));
      const days = local.map((at) => at.toISODate());
      expect(new Set(days).size).toBe(365 + 365);
      expect(days).toHaveLength(365 + 365);
      const [hour, minute] = time.split(':').map(Number);
      for (const at of local) {
        const late = at.hour * 60 + at.minute - (hour! * 60 + minute!);
        expect(late).toBeGreaterThanOrEqual(0);
        expect(late).toBeLessThanOrEqual(60);
      }
    }
  });

  it('takes one calendar a year where clocks never change', () => {
    expect(utcCalendars('02:00', 'UTC', 2026, 1)).toEqual([
      { year: 2026, month: { start: 1, end: 12 }, dayOfMonth: { start: 1, end: 31 }, hour: 2, minute: 0 },
    ]);
  });

  it('fires after the gap in spring and at the first of two in autumn', () => {
    const fires = firesOf(utcCalendars('02:30', 'America/Los_Angeles', 2026, 1)).map((at) =>
      at.toISOString(),
    );
    expect(fires).toContain('2026-03-08T10:30:00.000Z');
    const autumn = firesOf(utcCalendars('01:30', 'America/Los_Angeles', 2026, 1)).map((at) =>
      at.toISOString(),
    );
    expect(autumn).toContain('2026-11-01T08:30:00.000Z');
    expect(autumn).not.toContain('2026-11-01T09:30:00.000Z');
  });
});
