/** Hours as the clocks of a zone tell them: along a chart's axis, and in words. */
import { DateTime } from 'luxon';
import { addDays, dayBounds, dayOf } from '../../analytics/calendar.js';

export interface HourTick {
  at: Date;
  text: string;
}

/** Divisors of a day, so that the same hours are marked on each; then whole days. */
const stepsInHours = [1, 2, 3, 6, 12, 24, 48, 96, 168];

/**
 * Midnights by their day, and between them, where there is room, hours by the clock. On the day that clocks are
 * set on, the hour that they skip has no tick; one that comes twice has one.
 * @param most as many ticks as there is room for, about
 */
export function hourTicks(first: Date, last: Date, zone: string, most: number): HourTick[] {
  const hours = (last.getTime() - first.getTime()) / 3_600_000;
  const step = stepsInHours.find((candidate) => hours / candidate <= most) ?? stepsInHours.at(-1)!;
  const ticks: HourTick[] = [];
  const dayName = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: zone });
  const end = dayOf(last, zone);
  for (let day = dayOf(first, zone); day <= end; day = addDays(day, Math.max(1, step / 24))) {
    const midnight = dayBounds(day, zone).start;
    const [year, month, date] = day.split('-').map(Number);
    ticks.push({ at: midnight, text: dayName.format(midnight) });
    for (let hour = step; hour < 24; hour += step) {
      const at = DateTime.fromObject({ year, month, day: date, hour }, { zone });
      if (at.hour === hour && at.toMillis() > midnight.getTime())
        ticks.push({ at: at.toJSDate(), text: at.toFormat('HH:mm') });
    }
  }
  return ticks.filter(({ at }) => at >= first && at <= last);
}

/** Writes instants as `2026-10-25 02:00 CEST`: with the zone's short name, since an hour may come twice. */
export function momentsOf(zone: string): (at: Date) => string {
  const format = new Intl.DateTimeFormat('en-GB', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
    timeZoneName: 'short',
  });
  return (at) => {
    const part = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const day = `${part.get('year')}-${part.get('month')}-${part.get('day')}`;
    return `${day} ${part.get('hour')}:${part.get('minute')} ${part.get('timeZoneName')}`;
  };
}
