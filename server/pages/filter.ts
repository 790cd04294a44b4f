/** What a page is asked to show, as it stands in the address: read, completed, and written back. */
import { addDays, dayOf, daysBetween, isZone } from '../../analytics/calendar.js';
import { parsePlatform, platforms, type Platform } from '../../contracts/vocabulary.js';
import {
  alignments,
  comparedDays as daysComparedWith,
  seriesComparisons,
  type Alignment,
} from '../../services/compared-series.js';
import { seriesIntervals, type SeriesInterval } from '../../services/series-buckets.js';
import { figure } from './parts/figures.js';

export const ranges = ['24h', '7d', '28d', '30d', '90d', '1y', 'mtd', 'life', 'custom'] as const;
export type Range = (typeof ranges)[number];
export const comparisons = ['none', ...seriesComparisons] as const;
type Comparison = (typeof comparisons)[number];
export const intervals = ['auto', ...seriesIntervals] as const;
type AskedInterval = (typeof intervals)[number];

export interface Filter {
  range: Range;
  /** First ISO day, and the day after the last one. */
  from: string;
  to: string;
  compare: Comparison;
  align: Alignment;
  asked: AskedInterval;
  interval: SeriesInterval;
  zone: string;
  /** Null takes every platform. */
  platform: Platform | null;
}

export interface ReadFilter {
  filter: Filter;
  /** What was wrong, by field; the filter then holds what is shown instead. */
  problems: Partial<Record<FilterField, string>>;
}
export type FilterField = 'range' | 'from' | 'to' | 'compare' | 'align' | 'interval' | 'tz' | 'platform';
export type FilterQuery = Readonly<Record<string, unknown>>;

export interface FilterSurroundings {
  now: Date;
  /** First ISO day with data of what the page speaks of, for `life`; null where there is none. */
  firstDay: string | null;
  /** Range where none is told. */
  defaultRange?: Range;
}

const daysOf: Partial<Record<Range, number>> = { '7d': 7, '28d': 28, '30d': 30, '90d': 90, '1y': 365 };
const mostDays = 3_660;

/** Reads the filter; whatever makes no sense is told beside its field, and something sensible is shown. */
export function readFilter(
  query: FilterQuery,
  { now, firstDay, defaultRange = '30d' }: FilterSurroundings,
): ReadFilter {
  const problems: ReadFilter['problems'] = {};
  const choose = <Value extends string>(
    field: FilterField,
    known: readonly Value[],
    fallback: Value,
  ): Value => {
    const told = textOf(query, field);
    if (told === '') return fallback;
    const found = known.find((value) => value === told.toLowerCase());
    if (found === undefined) problems[field] = `Choose one of ${known.join(', ')}.`;
    return found ?? fallback;
  };
  const zone = zoneOf(textOf(query, 'tz'), problems);
  const end = addDays(dayOf(now, zone), 1);
  const hasDays = textOf(query, 'from') !== '' || textOf(query, 'to') !== '';
  const range = choose('range', ranges, hasDays ? 'custom' : defaultRange);
  const compare = choose('compare', comparisons, 'previous');
  const align = choose('align', alignments, 'weekday');
  const asked = choose('interval', intervals, 'auto');
  const told = textOf(query, 'platform');
  const platform = told === '' || told === 'all' ? null : parsePlatform(told);
  if (told !== '' && told !== 'all' && platform === null)
    problems.platform = `Choose one of ${platforms.join(', ')}, or all.`;
  const { from, to } =
    range === 'custom' ? customDays(query, end, problems) : daysOfRange(range, end, firstDay);
  const days = daysBetween(from, to);
  let interval = asked === 'auto' ? intervalFor(days, range) : asked;
  if (interval === 'hour' && days > 31) {
    problems.interval = 'By the hour a range holds 31 days at most; shown by the day.';
    interval = 'day';
  }
  return { filter: { range, from, to, compare, align, asked, interval, zone, platform }, problems };
}

function daysOfRange(range: Range, end: string, firstDay: string | null): { from: string; to: string } {
  if (range === '24h') return { from: addDays(end, -2), to: end };
  if (range === 'mtd') return { from: `${addDays(end, -1).slice(0, 7)}-01`, to: end };
  if (range === 'life') {
    const from = firstDay !== null && firstDay < end ? firstDay : addDays(end, -30);
    return { from: from < addDays(end, -mostDays) ? addDays(end, -mostDays) : from, to: end };
  }
  return { from: addDays(end, -(daysOf[range] ?? 30)), to: end };
}

/** `to` is the last day that is shown, as people say it. */
function customDays(
  query: FilterQuery,
  end: string,
  problems: ReadFilter['problems'],
): { from: string; to: string } {
  const last = dayIn(query, 'to', problems) ?? addDays(end, -1);
  const first = dayIn(query, 'from', problems) ?? addDays(last, -29);
  if (first > last) {
    problems.to = 'The last day lies before the first.';
    return { from: addDays(last, -29), to: addDays(last, 1) };
  }
  if (daysBetween(first, last) >= mostDays) {
    problems.from = `At most ${figure(mostDays)} days are shown at once.`;
    return { from: addDays(last, 1 - mostDays), to: addDays(last, 1) };
  }
  return { from: first, to: addDays(last, 1) };
}

function dayIn(query: FilterQuery, field: 'from' | 'to', problems: ReadFilter['problems']): string | null {
  const told = textOf(query, field);
  if (told === '') return null;
  try {
    // Throws for what is no day of the calendar.
    const day = addDays(told, 0);
    if (day >= '1990-01-01' && day < '2200-01-01') return day;
  } catch {
    // Told below like any other day that is none.
  }
  problems[field] = 'Give a day such as 2026-01-31.';
  return null;
}

function zoneOf(told: string, problems: ReadFilter['problems']): string {
  if (told === '') return 'UTC';
  if (isZone(told)) return told;
  problems.tz = 'Give an IANA zone such as Asia/Kolkata.';
  return 'UTC';
}

function intervalFor(days: number, range: Range): SeriesInterval {
  if (range === '24h') return 'hour';
  if (days <= 190) return 'day';
  return days <= 1_100 ? 'week' : 'month';
}

function textOf(query: FilterQuery, field: string): string {
  const told = query[field];
  const one: unknown = Array.isArray(told) ? told.at(-1) : told;
  return typeof one === 'string' ? one.trim() : '';
}

/** The days that the filter's are compared with, day by day; null where nothing is, or no period. */
export function comparedDays({ from, to, compare, align }: Filter): { from: string; to: string } | null {
  return compare === 'previous' || compare === 'year' ? daysComparedWith({ from, to }, compare, align) : null;
}

/** The query of the same page with some of the filter changed, without what is default. */
export function queryOf(
  filter: Filter,
  changes: Partial<Filter> = {},
  more: Readonly<Record<string, string>> = {},
): string {
  const { range, from, to, compare, align, asked, zone, platform } = { ...filter, ...changes };
  const query = new URLSearchParams();
  query.set('range', range);
  if (range === 'custom') {
    query.set('from', from);
    query.set('to', addDays(to, -1));
  }
  if (compare !== 'previous') query.set('compare', compare);
  if (align !== 'weekday') query.set('align', align);
  if (asked !== 'auto') query.set('interval', asked);
  if (zone !== 'UTC') query.set('tz', zone);
  if (platform !== null) query.set('platform', platform);
  for (const [name, value] of Object.entries(more)) query.set(name, value);
  return query.toString();
}

/** The period of the same length before, or after. */
export function shifted(filter: Filter, direction: -1 | 1): Partial<Filter> {
  const days = daysBetween(filter.from, filter.to);
  return {
    range: 'custom',
    from: addDays(filter.from, direction * days),
    to: addDays(filter.to, direction * days),
  };
}

// Made once: making one takes as long as a query.
const dayAlone = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const dayOfYear = new Intl.DateTimeFormat('en-GB', {
  ...{ day: 'numeric', month: 'short', timeZone: 'UTC', year: 'numeric' },
});

/** `1 Nov to 30 Nov 2026`, or one day alone. */
export function periodInWords(from: string, to: string): string {
  const last = addDays(to, -1);
  const words = (day: string, year: boolean): string =>
    (year ? dayOfYear : dayAlone).format(new Date(`${day}T00:00:00Z`));
  if (from === last) return words(from, true);
  return `${words(from, from.slice(0, 4) !== last.slice(0, 4))} to ${words(last, true)}`;
}
