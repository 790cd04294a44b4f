/** Periods beside the autocorrelation's highest peak: how often exact, and how often found where there is none. */
import { detectPeriods } from '../../analytics/periods.js';
import { autocorrelationPeak } from '../baselines/periods.js';
import { overAll, rate, rounded } from '../cpu-time.js';
import { generateSeasonalSeries, type SeasonalSeries } from '../generated/seasonal-series.js';

export interface PeriodRow {
  set: string;
  method: string;
  series: number;
  /** Per cent of the series whose shortest period is among those found; null where there is none. */
  exact: number | null;
  /** Per cent with every period found and no other; where there is none, with none found. */
  allRight: number | null;
  /** Per cent of the series for which a period is named that there is not. */
  withFalse: number | null;
  seriesPerSecond: number | null;
}

const kinds = ['daily', 'hourly', 'any', 'none'] as const;

type Find = (series: SeasonalSeries) => number[];

const contenders: readonly (readonly [method: string, find: Find])[] = [
  [
    'tidemark',
    ({ values, samplesPerDay }) =>
      detectPeriods(values, { samplesPerDay }).periods.map(({ period }) => period),
  ],
  ['autocorrelation peak', ({ values }) => [autocorrelationPeak(values)].filter((lag) => lag !== null)],
];

export function generatedPeriodRows(seed: number, count: number): PeriodRow[] {
  return kinds.flatMap((kind) => {
    const series = generateSeasonalSeries({ seed, count, kind });
    return contenders.map(([method, find]) => rowOf(kind, method, series, find));
  });
}

function rowOf(set: string, method: string, series: readonly SeasonalSeries[], find: Find): PeriodRow {
  const { results, seconds } = overAll(series, find);
  const share = (holds: (truth: readonly number[], found: readonly number[]) => boolean): number | null =>
    rounded((100 * series.filter(({ periods }, i) => holds(periods, results[i]!)).length) / series.length, 1);
  const isNone = series.every(({ periods }) => periods.length === 0);
  return {
    set,
    method,
    series: series.length,
    exact: isNone ? null : share((truth, found) => found.includes(truth[0]!)),
    allRight: share(
      (truth, found) => found.length === truth.length && truth.every((period) => found.includes(period)),
    ),
    withFalse: share((truth, found) => found.some((period) => !truth.includes(period))),
    seriesPerSecond: rate(series.length, seconds),
  };
}
