/** Days of a backfill by state, a month a row: each day has a sign beside its colour, each month its words. */
import type { VNode } from 'preact';
import { counted } from '../parts/figures.js';

export type GridState = 'open' | 'skipped' | 'started' | 'done' | 'failed';

const signs: Readonly<Record<GridState, { sign: string; word: string }>> = {
  open: { sign: '○', word: 'to be collected' },
  started: { sign: '▸', word: 'being collected' },
  done: { sign: '✓', word: 'collected' },
  failed: { sign: '×', word: 'failed' },
  skipped: { sign: '–', word: 'left out' },
};
const states = Object.keys(signs) as GridState[];
const monthNames = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' });

export interface GridDay {
  day: string;
  state: GridState;
}

export function DayGrid({ days }: { days: readonly GridDay[] }): VNode {
  const months = new Map<string, GridDay[]>();
  for (const one of days) {
    const month = one.day.slice(0, 7);
    const known = months.get(month);
    if (known === undefined) months.set(month, [one]);
    else known.push(one);
  }
  return (
    <figure class="day-grid">
      <figcaption>
        {states
          .filter((state) => days.some((day) => day.state === state))
          .map((state) => (
            <span key={state} class="key">
              <span class={`day day-${state}`} aria-hidden="true">
                {signs[state].sign}
              </span>{' '}
              {signs[state].word}
            </span>
          ))}
      </figcaption>
      <ul>
        {[...months].map(([month, own]) => (
          <li key={month}>
            <span class="month">{monthNames.format(new Date(`${month}-01T00:00:00Z`))}</span>
            <span class="days" role="img" aria-label={inWords(own)}>
              {/* Each day stands beneath the same day of the other months. */}
              {Array.from({ length: Number(own[0]!.day.slice(8)) - 1 }, (_, index) => (
                <span key={index} class="day day-before" />
              ))}
              {own.map(({ day, state }) => (
                <span key={day} class={`day day-${state}`} title={`${day}: ${signs[state].word}`}>
                  {signs[state].sign}
                </span>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </figure>
  );
}

function inWords(days: readonly GridDay[]): string {
  const told = states.flatMap((state) => {
    const count = days.filter((day) => day.state === state).length;
    return count === 0 ? [] : [`${counted(count, 'day')} ${signs[state].word}`];
  });
  return `${days[0]!.day} to ${days.at(-1)!.day}: ${told.join(', ')}`;
}
