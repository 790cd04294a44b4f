/** Which instants a collection of counters reads at. Pure. */
import { dayBounds, dayOf, eachDay } from '../analytics/calendar.js';
import type { CollectStatsInput } from '../contracts/runs.js';
import type { ReportCapability } from '../sources/source.js';
import { BadInputError } from './bad-input.js';

export interface Reading {
  /** RFC 3339 as it was given, or null for «now». */
  moment: string | null;
  day: string;
  /** After it, nothing more of that day is read in this collection. */
  completesDay: boolean;
}

/**
 * The readings of a collection in order of time: the moments that it names; otherwise «now» for a source that
 * can tell nothing else, or each day's last second for one that answers for the past (now, for the day that
 * is still under way).
 * @throws BadInputError for a window that the source cannot answer for
 */
export function readingsOf(
  input: Pick<CollectStatsInput, 'window' | 'moments'>,
  history: ReportCapability['history'],
  zone: string,
  now: Date,
): Reading[] {
  const { from, to } = input.window;
  if (input.moments.length > 0 && history === 'now')
    throw new BadInputError('The source answers for now only; it cannot be read at moments of the past');
  const readings =
    input.moments.length > 0
      ? input.moments.map((moment) => ({ moment, day: dayOf(new Date(moment), zone) }))
      : history === 'now'
        ? [{ moment: null, day: dayOf(now, zone) }]
        : dayEnds(from, to, zone, now);
  const outside = readings.find(({ day }) => day < from || day >= to);
  if (outside !== undefined)
    throw new BadInputError(
      history === 'now'
        ? `The source answers for now only, which is ${outside.day} and outside ${from} to ${to}`
        : `The instant ${outside.moment ?? 'now'} falls on ${outside.day}, outside ${from} to ${to}`,
    );
  return readings
    .sort((a, b) => instantOf(a.moment, now) - instantOf(b.moment, now))
    .map((reading, index, all) => ({ ...reading, completesDay: all[index + 1]?.day !== reading.day }));
}

function dayEnds(from: string, to: string, zone: string, now: Date): Omit<Reading, 'completesDay'>[] {
  return eachDay(from, to)
    .filter((day) => dayBounds(day, zone).start <= now)
    .map((day) => {
      // A response's clock has whole seconds; the last one still belongs to the day.
      const last = new Date(dayBounds(day, zone).end.getTime() - 1_000);
      return { day, moment: (last < now ? last : now).toISOString() };
    });
}

function instantOf(moment: string | null, now: Date): number {
  return moment === null ? now.getTime() : Date.parse(moment);
}
