import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { daysBetween } from '../../../analytics/calendar.js';
import { alignments } from '../../../services/compared-series.js';
import {
  comparedDays,
  comparisons,
  intervals,
  periodInWords,
  queryOf,
  ranges,
  readFilter,
  shifted,
  type FilterQuery,
} from '../../../server/pages/filter.js';

const now = new Date('2026-03-04T20:00:00Z');
const read = (query: FilterQuery): ReturnType<typeof readFilter> =>
  readFilter(query, { now, firstDay: '2025-12-01' });
const again = (text: string): FilterQuery => Object.fromEntries(new URLSearchParams(text));

const zones = ['UTC', 'Asia/Kolkata', 'Australia/Adelaide', 'Asia/Kathmandu', 'America/St_Johns'];
const goodQuery = fc.record(
  {
    range: fc.constantFrom(...ranges),
    from: fc.constantFrom('2026-01-05', '2025-02-28'),
    to: fc.constantFrom('2026-02-01', '2026-03-04'),
    compare: fc.constantFrom(...comparisons),
    align: fc.constantFrom(...alignments),
    interval: fc.constantFrom(...intervals.filter((interval) => interval !== 'hour')),
    tz: fc.constantFrom(...zones),
    platform: fc.constantFrom('youtube', 'Spotify', 'x', 'all'),
  },
  { requiredKeys: [] },
);

describe('the filter in the address', () => {
  it('comes back from what it wrote itself', () => {
    fc.assert(
      fc.property(goodQuery, (query) => {
        const { filter, problems } = read(query);
        expect(problems).toEqual({});
        expect(read(again(queryOf(filter)))).toEqual({ filter, problems: {} });
      }),
    );
  });

  it('never throws, and holds a range of days whatever it is told', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.constant('2026-02-30'),
      fc.constant('9999-12-31'),
      fc.constant(['7d', 'x']),
      fc.integer(),
      fc.constant(null),
      fc.constantFrom(...ranges),
    );
    const wild = fc.dictionary(
      fc.constantFrom('range', 'from', 'to', 'compare', 'align', 'interval', 'tz', 'platform'),
      anything,
    );
    fc.assert(
      fc.property(wild, (query) => {
        const { filter } = read(query);
        const days = daysBetween(filter.from, filter.to);
        expect(days).toBeGreaterThan(0);
        expect(days).toBeLessThanOrEqual(3_660);
        const compared = comparedDays(filter);
        if (compared !== null) expect(daysBetween(compared.from, compared.to)).toBe(days);
        expect(() => queryOf(filter, shifted(filter, -1))).not.toThrow();
      }),
    );
  });

  it('says beside the field what is wrong with it', () => {
    const { problems } = read({
      ...{ range: 'soon', compare: 'x', align: 'x', interval: 'x', tz: 'Mars/Base', platform: 'myspace' },
    });
    expect(Object.keys(problems).sort()).toEqual(['align', 'compare', 'interval', 'platform', 'range', 'tz']);
    expect(read({ from: '2026-02-30' }).problems.from).toContain('2026-01-31');
    expect(read({ from: '2026-02-02', to: '2026-02-01' }).problems.to).toContain('before');
    expect(read({ range: '90d', interval: 'hour' })).toMatchObject({
      filter: { interval: 'day' },
      problems: { interval: expect.stringContaining('31 days') as string },
    });
  });

  it('ends today where the zone has it: half an hour decides', () => {
    const late = new Date('2026-03-04T18:35:00Z');
    const in_ = (tz: string): string => readFilter({ tz }, { now: late, firstDay: null }).filter.to;
    expect(in_('UTC')).toBe('2026-03-05');
    expect(in_('Asia/Kolkata')).toBe('2026-03-06');
    const earlier = new Date('2026-03-04T18:25:00Z');
    expect(readFilter({ tz: 'Asia/Kolkata' }, { now: earlier, firstDay: null }).filter.to).toBe('2026-03-05');
  });
});

describe('a comparison', () => {
  it('keeps weekdays under weekdays, or dates under dates', () => {
    const weekday = read({ range: '30d', compare: 'previous' }).filter;
    expect(daysBetween(comparedDays(weekday)!.from, weekday.from) % 7).toBe(0);
    const date = read({ range: '30d', compare: 'previous', align: 'date' }).filter;
    expect(comparedDays(date)!.to).toBe(date.from);
    const year = read({ from: '2024-02-29', to: '2024-02-29', compare: 'year', align: 'date' }).filter;
    expect(comparedDays(year)).toEqual({ from: '2023-02-28', to: '2023-03-01' });
    expect(comparedDays(read({ compare: 'none' }).filter)).toBeNull();
  });
});

describe('a period in words', () => {
  it('names the year once where it is the same', () => {
    expect(periodInWords('2026-01-05', '2026-02-01')).toBe('5 Jan to 31 Jan 2026');
    expect(periodInWords('2025-12-31', '2026-01-02')).toBe('31 Dec 2025 to 1 Jan 2026');
    expect(periodInWords('2026-01-05', '2026-01-06')).toBe('5 Jan 2026');
  });
});
