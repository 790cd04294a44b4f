/**
 * How right the analyses are: against truth that is known, side by side with plain methods in the same process.
 * Tables go to standard error; what is returned is the same as data.
 */
import { generatedEventRows, givenStreamRows, type EventRow, type StreamRow } from './accuracy/anomalies.js';
import {
  generatedChangePointRows,
  givenChangePointRows,
  type ChangePointRow,
} from './accuracy/change-points.js';
import { generatedForecastRows, givenForecastRows, type ForecastRow } from './accuracy/forecasts.js';
import { generatedPeriodRows, type PeriodRow } from './accuracy/periods.js';
import { aimsOf, type AimRow } from './aims.js';
import { hasGivenSeries } from './given-series.js';
import { showTable } from './show-table.js';

export interface AccuracyBenchResult {
  forecasts: ForecastRow[];
  changePoints: ChangePointRow[];
  /** Null where the given series are missing. */
  streams: StreamRow[] | null;
  events: EventRow[];
  periods: PeriodRow[];
  /** Each figure that has an aim, beside it. */
  aims: AimRow[];
}

export interface AccuracyBenchOptions {
  /** Generated series a measurement; 400 unless told. */
  series?: number;
  /** Whether to measure on the given series as well, where they are; true unless told. */
  given?: boolean;
}

const seed = 20_260_101;

export function runAccuracyBench(options: AccuracyBenchOptions = {}): AccuracyBenchResult {
  const { series = 400 } = options;
  const given = (options.given ?? true) && hasGivenSeries();
  const forecasts = [...(given ? givenForecastRows() : []), ...generatedForecastRows(seed, series)];
  showTable('Forecasts', forecasts);
  const changePoints = [...(given ? givenChangePointRows() : []), ...generatedChangePointRows(seed, series)];
  showTable('Change points', changePoints);
  const streams = given ? givenStreamRows() : null;
  if (streams !== null) showTable('Anomalies in given streams', streams);
  const events = generatedEventRows(seed, series);
  showTable('Anomalies in generated content series', events);
  const periods = generatedPeriodRows(seed, series);
  showTable('Periods', periods);
  const figures = { forecasts, changePoints, streams, events, periods };
  const aims = aimsOf(figures);
  showTable('Aims', aims);
  return { ...figures, aims };
}
