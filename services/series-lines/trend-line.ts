/** A line of `analyse trend`. */
import { analyzeTrend } from '../../analytics/trend.js';
import { countFinite } from '../../analytics/summary.js';
import {
  timeOf,
  timesOf,
  valuesOf,
  wholeNumberOf,
  type PreparedLine,
  type SeriesLine,
} from './series-line.js';

export interface TrendLineOptions {
  /** Period of the pattern that is looked for; overrides the line's `period`. */
  period?: number;
}

const fewestPoints = 10;
const aMonday = '2024-01-01';

/** `{id, values, t?, start?, period = 7}`: `t` one time a value, or `start`, the first one's day. */
export function trendLine(line: SeriesLine, options: TrendLineOptions): PreparedLine {
  const values = valuesOf(line, ['values', 'train']);
  const season = options.period ?? wholeNumberOf(line, { name: 'period', from: 1, to: 100_000, fallback: 7 });
  const startDay = startOf(line, values.length);
  return () => {
    const result = analyzeTrend(values, { minPoints: fewestPoints, startDay, season });
    const n = countFinite(values);
    if ('withheld' in result) return { method: null, withheld: result.withheld, n };
    const { method, version, seasonality, ...found } = result;
    return {
      method,
      version,
      parameters: { season, min_points: fewestPoints },
      ...found,
      seasonality:
        seasonality === null
          ? []
          : [
              {
                period: seasonality.period,
                strength: seasonality.strength,
                p: seasonality.p,
                multiplicative: seasonality.multiplicative,
                pattern: Array.from(seasonality.effects),
              },
            ],
    };
  };
}

/** The first value's day; a Monday where none is told. */
function startOf(line: SeriesLine, count: number): string {
  const first = line['start'] === undefined ? timesOf(line, count)?.[0] : timeOf(line['start'], 'start');
  return first === undefined ? aMonday : new Date(first).toISOString().slice(0, 10);
}
