/** A line of `analyse trend`. */
import { weekdayOf } from '../../analytics/calendar.js';
import { recogniseLaunch } from '../../analytics/launch-decay.js';
import { counterSamplesToDays } from '../../analytics/sample-days.js';
import type { Season } from '../../analytics/season-search.js';
import { prepareSeries } from '../../analytics/series.js';
import { countFinite } from '../../analytics/summary.js';
import { analyzeTrend } from '../../analytics/trend.js';
import { samplesPerDayOf } from './sampling.js';
import {
  SeriesLineError,
  timeOf,
  timesOf,
  valuesOf,
  wholeNumberOf,
  type PreparedLine,
  type SeriesLine,
} from './series-line.js';

export interface TrendLineOptions {
  /** Period of the only pattern that is looked for; overrides the line's `period`. */
  period?: number;
}

const fewestPoints = 10;
const aMonday = '2024-01-01';
/** Samplings finer than this many points a day are told by their points alone. */
const mostPerDay = 24 * 60;

/**
 * `{id, values, t?, start?, zone?, kind?, period?, age?, breaks?, bridges?}`: `t` one time a value, or `start`, the
 * first one's day; `kind: "counter"` for totals read at the times of `t`, which become days of the zone; `age` the
 * days from the publication to the first value; `breaks` and `bridges` the days on which the metric's definition
 * changed, beyond comparison or but for a factor. Every period is looked for unless `period` tells one.
 */
export function trendLine(line: SeriesLine, options: TrendLineOptions): PreparedLine {
  const given = valuesOf(line, ['values', 'train']);
  const told = options.period ?? wholeNumberOf(line, { name: 'period', from: 1, to: 100_000, fallback: 1 });
  const age = wholeNumberOf(line, { name: 'age', from: -1, to: 100_000, fallback: -1 });
  const breaks = { definitionBreaks: daysOf(line, 'breaks'), comparableBreaks: daysOf(line, 'bridges') };
  const series = seriesOf(line, given);
  return () => {
    const prepared = series.samplesPerDay === 1 ? prepareSeries(series, breaks) : series;
    if (prepared === null) return { method: null, withheld: 'there is no value', n: 0 };
    const { values, startDay } = prepared;
    const { samplesPerDay } = series;
    const launch =
      samplesPerDay === 24 ? null : recogniseLaunch(values, { ageAtStart: age < 0 ? null : age });
    const result = analyzeTrend(values, {
      ...{ minPoints: fewestPoints, startDay, samplesPerDay },
      ...(told <= 1 ? {} : { season: told }),
      ...(launch === null ? {} : { launch }),
    });
    if ('withheld' in result) return { method: null, withheld: result.withheld, n: countFinite(values) };
    const { method, version, parameters, seasons, cycle, ...found } = result;
    return {
      method,
      version,
      parameters: { ...parameters, samples_per_day: samplesPerDay },
      ...found,
      cycle: cycle === null ? null : cycle.length,
      seasonality: seasons.map(seasonOf),
    };
  };
}

function seasonOf(season: Season): Record<string, unknown> {
  const { kind, length, strength, p, multiplicative, effects } = season;
  return { kind, period: length, strength, p, multiplicative, pattern: Array.from(effects) };
}

interface LineSeries {
  startDay: string;
  values: Float64Array;
  /** Null where nothing tells it. */
  samplesPerDay: number | null;
}

function seriesOf(line: SeriesLine, values: Float64Array): LineSeries {
  const times = timesOf(line, values.length);
  if (line['kind'] === 'counter') return daysOfCounter(line, values, times);
  if (line['kind'] !== undefined && line['kind'] !== null && line['kind'] !== 'amount')
    throw new SeriesLineError('kind', 'kind is neither "counter" nor "amount"', 'Write one of the two.');
  const start = line['start'] === undefined ? undefined : timeOf(line['start'], 'start');
  if (times === null || times.length === 0) {
    if (start === undefined) return { startDay: aMonday, values, samplesPerDay: null };
    return { startDay: new Date(start).toISOString().slice(0, 10), values, samplesPerDay: 1 };
  }
  const perDay = samplesPerDayOf(times) ?? 1;
  const isWhole = perDay >= 1 && perDay <= mostPerDay && Math.abs(perDay - Math.round(perDay)) < 1e-9;
  return {
    startDay: new Date(start ?? times[0]!).toISOString().slice(0, 10),
    values,
    samplesPerDay: isWhole ? Math.round(perDay) : null,
  };
}

function daysOfCounter(line: SeriesLine, values: Float64Array, times: Float64Array | null): LineSeries {
  if (times === null)
    throw new SeriesLineError('t', 'A counter has no t', 'Write one ISO time a value as "t": [...].');
  const zone = line['zone'] ?? 'UTC';
  if (typeof zone !== 'string')
    throw new SeriesLineError('zone', 'zone is no text', 'Write an IANA zone such as "Europe/Berlin".');
  try {
    const days = counterSamplesToDays({ times, values }, zone);
    return days === null
      ? { startDay: aMonday, values: new Float64Array(), samplesPerDay: 1 }
      : { startDay: days.startDay, values: days.values, samplesPerDay: 1 };
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new SeriesLineError('zone', cause.message, 'Write an IANA zone such as "Europe/Berlin".');
  }
}

/** ISO days of a list that may be missing. */
function daysOf(line: SeriesLine, name: string): string[] {
  const value = line[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value))
    throw new SeriesLineError(name, `${name} is no array`, `Write it as "${name}": ["2026-08-24"].`);
  return value.map((item: unknown, i) => {
    const field = `${name}[${i}]`;
    const day = new Date(timeOf(item, field)).toISOString().slice(0, 10);
    try {
      weekdayOf(day);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new SeriesLineError(field, cause.message, 'Write a day of the years 1 to 9999.');
    }
    return day;
  });
}
