/** A moment as a person tells it: a day, a time of day, and the zone that both are meant in. */
import { DateTime } from 'luxon';
import type { VNode } from 'preact';
import { isZone } from '../../../analytics/calendar.js';
import { Problem } from '../../problems.js';
import { Field } from './form.js';

/** Offered beside whatever else is typed; each of a half hour among them is one that is easily got wrong. */
const offeredZones = [
  ...['UTC', 'Europe/London', 'Europe/Berlin', 'America/New_York', 'America/Los_Angeles', 'Asia/Tokyo'],
  ...['Asia/Kolkata', 'Asia/Kathmandu', 'Australia/Adelaide', 'America/St_Johns'],
];

/**
 * The instant of a local time, `2026-03-04T12:30`, in a zone.
 * @throws Problem 400 for a zone that is none, and for a local time that the zone does not have (a clock set on)
 */
export function instantOf(local: string, zone: string): Date {
  const refused = (pointer: string, detail: string): Problem =>
    new Problem(400, detail, [{ pointer, detail }]);
  if (!isZone(zone)) throw refused('/zone', `“${zone}” is no time zone: give one such as Europe/Berlin.`);
  const told = DateTime.fromISO(local, { zone });
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(local) || !told.isValid)
    throw refused('/at', `“${local}” is no moment: give it as 2026-03-04T12:30.`);
  // A time that was skipped is moved on by the library, silently.
  if (told.toFormat("yyyy-MM-dd'T'HH:mm") !== local.slice(0, 16))
    throw refused('/at', `There was no ${local.replace('T', ' ')} in ${zone}: the clocks were set on.`);
  return told.toJSDate();
}

/** The two fields of a moment, `at` and `zone`. */
export function MomentFields({
  id,
  label,
  at,
  zone,
}: {
  /** Begins the controls' ids. */
  id: string;
  label: string;
  /** `2026-03-04T12:30`. */
  at: string;
  zone: string;
}): VNode {
  return (
    <>
      <Field id={`${id}-at`} label={label}>
        <input id={`${id}-at`} name="at" type="datetime-local" required value={at} />
      </Field>
      <Field id={`${id}-zone`} label="Time zone">
        <input
          id={`${id}-zone`}
          name="zone"
          list={`${id}-zones`}
          required
          value={zone}
          autocomplete="off"
          spellcheck={false}
        />
        <datalist id={`${id}-zones`}>
          {offeredZones.map((offered) => (
            <option key={offered} value={offered} />
          ))}
        </datalist>
      </Field>
    </>
  );
}

/** A moment for such a field. */
export function localTime(at: Date, zone: string): string {
  return DateTime.fromJSDate(at, { zone }).toFormat("yyyy-MM-dd'T'HH:mm");
}
