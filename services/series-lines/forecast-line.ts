/** A line of `analyse forecast`. */
import { forecast } from '../../analytics/forecast.js';
import { countFinite } from '../../analytics/summary.js';
import { valuesOf, wholeNumberOf, type PreparedLine, type SeriesLine } from './series-line.js';

export interface ForecastLineOptions {
  /** Points a season; overrides the line's `period`. */
  period?: number;
  /** Points to forecast; overrides the line's `h`. */
  horizon?: number;
  /** Forecasts may fall below zero although no value does. */
  allowNegative?: boolean;
}

const mostPoints = 100_000;

/** `{id, period = 1, h, train}`; a `period` of 1 means that none is told. */
export function forecastLine(line: SeriesLine, options: ForecastLineOptions): PreparedLine {
  const values = valuesOf(line, ['train', 'values']);
  const period =
    options.period ?? wholeNumberOf(line, { name: 'period', from: 1, to: mostPoints, fallback: 1 });
  const h = options.horizon ?? wholeNumberOf(line, { name: 'h', from: 1, to: mostPoints });
  const nonNegative = options.allowNegative !== true && !values.some((value) => value < 0);
  return () => {
    const result = forecast(values, { h, period, nonNegative });
    if ('withheld' in result) return { method: null, withheld: result.withheld, n: countFinite(values) };
    return {
      // One name for every series, so that a set of them can be grouped by it.
      method: 'ensemble',
      version: result.version,
      parameters: { ...result.parameters, weights: result.weights },
      n: result.n,
      mean: Array.from(result.mean),
      lo80: Array.from(result.lo80),
      hi80: Array.from(result.hi80),
      lo95: Array.from(result.lo95),
      hi95: Array.from(result.hi95),
      backtest: result.backtest,
      carried_by: result.method,
    };
  };
}
