/**
 * How right the analyses are: against truth that is known, side by side with plain methods in the same process.
 * Tables go to standard error; what is returned is the same as data.
 */
import { table, type Cell } from '../cli/output.js';
import { generatedEventRows, givenStreamRows, type EventRow, type StreamRow } from './accuracy/anomalies.js';
import {
  generatedChangePointRows,
  givenChangePointRows,
  type ChangePointRow,
} from './accuracy/change-points.js';
import { generatedForecastRows, givenForecastRows, type ForecastRow } from './accuracy/forecasts.js';
import { generatedPeriodRows, type PeriodRow } from './accuracy/periods.js';
import { hasGivenSeries } from './given-series.js';

export interface AccuracyBenchResult {
  forecasts: ForecastRow[];
  changePoints: ChangePointRow[];
  /** Null where the given series are missing. */
  streams: StreamRow[] | null;
  events: EventRow[];
  periods: PeriodRow[];
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
  show('Forecasts', forecasts);
  const changePoints = [...(given ? givenChangePointRows() : []), ...generatedChangePointRows(seed, series)];
  show('Change points', changePoints);
  const streams = given ? givenStreamRows() : null;
  if (streams !== null) show('Anomalies in given streams', streams);
  const events = generatedEventRows(seed, series);
  show('Anomalies in generated content series', events);
  const periods = generatedPeriodRows(seed, series);
  show('Periods', periods);
  return { forecasts, changePoints, streams, events, periods };
}

/** One table; its columns are the rows' fields. */
function show(title: string, rows: readonly object[]): void {
  const names = Object.keys(rows[0] ?? {});
  const cells = rows.map((row) => Object.values(row) as Cell[]);
  console.error(`\n${title}\n${table(names.map(spaced), cells)}`);
}

/** `pointsPerSecond` as `points per second`. */
function spaced(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
