import { describe, expect, it } from 'vitest';
import { BadInputError } from '../../../services/bad-input.js';
import { addWarning } from '../../../services/collect-progress.js';
import { readingsOf } from '../../../services/collect-readings.js';

const now = new Date('2026-01-07T12:00:00Z');
const window = { from: '2026-01-05', to: '2026-01-09' };

describe('readingsOf', () => {
  it('reads each day’s last second, and now for the day that is under way', () => {
    expect(readingsOf({ window, moments: [] }, 'range', 'UTC', now)).toEqual([
      { day: '2026-01-05', moment: '2026-01-05T23:59:59.000Z', completesDay: true },
      { day: '2026-01-06', moment: '2026-01-06T23:59:59.000Z', completesDay: true },
      { day: '2026-01-07', moment: '2026-01-07T12:00:00.000Z', completesDay: true },
    ]);
  });

  it('ends a day of 23 hours by its own clock', () => {
    const spring = { from: '2026-03-08', to: '2026-03-09' };
    const [reading] = readingsOf(
      { window: spring, moments: [] },
      'range',
      'America/Los_Angeles',
      new Date('2026-04-01'),
    );
    expect(reading?.moment).toBe('2026-03-09T06:59:59.000Z');
  });

  it('reads at the moments named, in order, as they were written', () => {
    const moments = ['2026-01-06T10:00:00.123456Z', '2026-01-05T18:00:00Z', '2026-01-05T06:00:00Z'];
    expect(readingsOf({ window, moments }, 'range', 'UTC', now)).toEqual([
      { day: '2026-01-05', moment: '2026-01-05T06:00:00Z', completesDay: false },
      { day: '2026-01-05', moment: '2026-01-05T18:00:00Z', completesDay: true },
      { day: '2026-01-06', moment: '2026-01-06T10:00:00.123456Z', completesDay: true },
    ]);
  });

  it('reads once, now, where the source tells nothing else', () => {
    expect(readingsOf({ window, moments: [] }, 'now', 'UTC', now)).toEqual([
      { day: '2026-01-07', moment: null, completesDay: true },
    ]);
  });

  it('refuses what the source cannot answer for', () => {
    const past = { from: '2026-01-01', to: '2026-01-02' };
    expect(() => readingsOf({ window: past, moments: [] }, 'now', 'UTC', now)).toThrow(BadInputError);
    expect(() => readingsOf({ window, moments: ['2026-01-05T00:00:00Z'] }, 'now', 'UTC', now)).toThrow(
      BadInputError,
    );
    expect(() => readingsOf({ window, moments: ['2026-01-20T00:00:00Z'] }, 'range', 'UTC', now)).toThrow(
      BadInputError,
    );
  });
});

describe('addWarning', () => {
  it('keeps one of each kind, and twenty at most', () => {
    const once = addWarning([], 'The clock differs (hours 13)');
    expect(addWarning(once, 'The clock differs (hours 14)')).toEqual(once);
    const kinds = Array.from({ length: 30 }, (_, index) => `kind ${String.fromCharCode(97 + index)}`);
    expect(kinds.reduce<string[]>(addWarning, [])).toHaveLength(20);
  });
});
