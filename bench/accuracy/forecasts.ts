/** Forecasts beside the seasonal naive method and plain Holt–Winters, on given and on generated series. */
import { forecast } from '../../analytics/forecast.js';
import { fillGaps } from '../../analytics/series.js';
import { holtWinters, seasonalNaive } from '../baselines/forecasts.js';
import { overAll, rate, rounded } from '../cpu-time.js';
import { generateContentSeries, type ContentSeries } from '../generated/content-series.js';
import { forecastSets, givenForecastCases } from '../given-series.js';
import { scoreForecasts, type ForecastAnswer, type ForecastCase } from '../scoring/forecast-scores.js';

export interface ForecastRow {
  set: string;
  method: string;
  series: number;
  withheld: number;
  owa: number | null;
  mase: number | null;
  smape: number | null;
  msis: number | null;
  cov95: number | null;
  cov80: number | null;
  seriesPerSecond: number | null;
}

interface Contender {
  method: string;
  answer: (one: ForecastCase) => ForecastAnswer | null;
}

const contenders: readonly Contender[] = [
  {
    method: 'tidemark',
    answer: ({ train, test, period }) => {
      const nonNegative = !train.some((value) => value < 0);
      const result = forecast(train, { h: test.length, period, nonNegative });
      return 'withheld' in result ? null : result;
    },
  },
  {
    method: 'seasonal naive',
    answer: ({ train, test, period }) => seasonalNaive(train, period, test.length),
  },
  { method: 'Holt–Winters', answer: ({ train, test, period }) => holtWinters(train, period, test.length) },
];

export function givenForecastRows(): ForecastRow[] {
  return forecastSets.flatMap((set) => rowsOf(set, givenForecastCases(set)));
}

const horizon = 28;
/** Days before the forecast in which an event leaves its mark on what the forecast starts from. */
const fresh = 28;

/**
 * The last four weeks of daily content series, launches among them, from the rest: of those in which nothing
 * happened lately, and of those with an event in the four weeks before the forecast.
 */
export function generatedForecastRows(seed: number, count: number): ForecastRow[] {
  const series = generateContentSeries(seed, count).filter(({ values }) =>
    values.subarray(values.length - horizon).every(Number.isFinite),
  );
  const happenedAfter = ({ values, events }: ContentSeries, days: number): boolean =>
    events.some(({ to }) => to >= values.length - days);
  const foreseeable = series.filter((one) => !happenedAfter(one, horizon));
  const quiet = foreseeable.filter((one) => !happenedAfter(one, horizon + fresh));
  const shaken = foreseeable.filter((one) => happenedAfter(one, horizon + fresh));
  return [
    ...rowsOf('generated content', quiet.map(caseOf)),
    ...rowsOf('generated, after an event', shaken.map(caseOf)),
  ];
}

function caseOf({ values }: ContentSeries): ForecastCase {
  return {
    period: 7,
    train: fillGaps(values.slice(0, values.length - horizon), 7),
    test: values.slice(values.length - horizon),
  };
}

function rowsOf(set: string, cases: readonly ForecastCase[]): ForecastRow[] {
  return contenders.map(({ method, answer }) => {
    const { results, seconds } = overAll(cases, answer);
    const scores = scoreForecasts(cases, results);
    return {
      set,
      method,
      series: scores.series,
      withheld: scores.failed,
      owa: rounded(scores.owa, 3),
      mase: rounded(scores.mase, 3),
      smape: rounded(scores.smape, 2),
      msis: rounded(scores.msis, 2),
      cov95: rounded(scores.cov95, 1),
      cov80: rounded(scores.cov80, 1),
      seriesPerSecond: rate(cases.length, seconds),
    };
  });
}
