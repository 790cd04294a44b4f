/** A time of day in a zone, as calendars in UTC. */
import type { CalendarSpec } from '@temporalio/client';
import { DateTime } from 'luxon';

export interface UtcCalendar {
  year: number;
  /** 1 to 12. */
  month: { start: number; end: number };
  dayOfMonth: { start: number; end: number };
  hour: number;
  minute: number;
}

/**
 * Calendars that fire once on each local day of the years, at that time of day. Temporal's own zoned
 * schedules drop 02:30 on the day that clocks go forward and fire 01:30 twice on the day that they go back;
 * here the one is moved on by the length of the gap and the other fires at the first of the two.
 *
 * @param timeOfDay `HH:MM`
 */
export function utcCalendars(
  timeOfDay: string,
  zone: string,
  firstYear: number,
  years: number,
): UtcCalendar[] {
  const [hour, minute] = timeOfDay.split(':').map(Number) as [number, number];
  const fires: { year: number; month: number; day: number; hour: number; minute: number }[] = [];
  let local = DateTime.fromObject({ year: firstYear, month: 1, day: 1 }, { zone });
  for (; local.year < firstYear + years; local = local.plus({ days: 1 }).startOf('day')) {
    const at = firstAtOrAfter(local, hour, minute).toUTC();
    fires.push({ year: at.year, month: at.month, day: at.day, hour: at.hour, minute: at.minute });
  }
  return mergeMonths(mergeDays(fires));
}

/** Luxon moves a time that a gap swallows on by the gap's length, and may take the later of two. */
function firstAtOrAfter(day: DateTime, hour: number, minute: number): DateTime {
  const wanted = day.set({ hour, minute });
  const hourBefore = wanted.minus({ hours: 1 });
  return hourBefore.hour === hour && hourBefore.day === wanted.day ? hourBefore : wanted;
}

function mergeDays(
  fires: readonly { year: number; month: number; day: number; hour: number; minute: number }[],
): UtcCalendar[] {
  const calendars: UtcCalendar[] = [];
  for (const { year, month, day, hour, minute } of fires) {
    const last = calendars.at(-1);
    const joins =
      last?.year === year &&
      last.month.start === month &&
      last.hour === hour &&
      last.minute === minute &&
      last.dayOfMonth.end === day - 1;
    if (joins) last.dayOfMonth.end = day;
    else
      calendars.push({
        year,
        month: { start: month, end: month },
        dayOfMonth: { start: day, end: day },
        hour,
        minute,
      });
  }
  return calendars;
}

/** Whole months in a row at the same hour are one calendar; a day that a month lacks never fires. */
function mergeMonths(calendars: readonly UtcCalendar[]): UtcCalendar[] {
  const merged: UtcCalendar[] = [];
  for (const calendar of calendars) {
    const last = merged.at(-1);
    const joins =
      last !== undefined &&
      isWholeMonth(calendar) &&
      (last.dayOfMonth.end === 31 || isWholeMonth(last)) &&
      last.dayOfMonth.start === 1 &&
      last.year === calendar.year &&
      last.month.end === calendar.month.start - 1 &&
      last.hour === calendar.hour &&
      last.minute === calendar.minute;
    if (joins) {
      last.month.end = calendar.month.end;
      last.dayOfMonth.end = 31;
    } else merged.push(structuredClone(calendar));
  }
  return merged;
}

function isWholeMonth({ year, month, dayOfMonth }: UtcCalendar): boolean {
  return dayOfMonth.start === 1 && dayOfMonth.end === new Date(Date.UTC(year, month.start, 0)).getUTCDate();
}

/** The same as Temporal’s client takes it. */
export function scheduleCalendar({ year, month, dayOfMonth, hour, minute }: UtcCalendar): CalendarSpec {
  const monthNames = [
    ...(['JANUARY', 'FEBRUARY', 'MARCH', 'APRIL', 'MAY', 'JUNE'] as const),
    ...(['JULY', 'AUGUST', 'SEPTEMBER', 'OCTOBER', 'NOVEMBER', 'DECEMBER'] as const),
  ];
  return {
    year,
    month: { start: monthNames[month.start - 1]!, end: monthNames[month.end - 1]! },
    dayOfMonth,
    hour,
    minute,
  };
}

/** `HH:MM` so many minutes later, round the clock. */
export function laterOn(timeOfDay: string, minutes: number): string {
  const [hour, minute] = timeOfDay.split(':').map(Number) as [number, number];
  const total = (hour * 60 + minute + minutes) % 1_440;
  return `${String(Math.floor(total / 60)).padStart(2, '0')}:${String(total % 60).padStart(2, '0')}`;
}
