/** Anomalies beside a rolling z-score on given streams, and beside a same-weekday z-score on planted events. */
import { detectAnomalies } from '../../analytics/anomalies.js';
import { samplesPerDayOf } from '../../services/series-lines/sampling.js';
import { rollingZ, sameWeekdayAlerts } from '../baselines/anomalies.js';
import { overAll, rate, rounded } from '../cpu-time.js';
import { generateContentSeries, type ContentSeries } from '../generated/content-series.js';
import { givenStreams, type GivenStream } from '../given-series.js';
import { scoreEvents } from '../scoring/event-scores.js';
import { scoreStreamAnomalies } from '../scoring/stream-anomaly-scores.js';

export interface StreamRow {
  method: string;
  series: number;
  standard: number | null;
  standardAtHalf: number | null;
  lowFalsePositives: number | null;
  windowF1: number | null;
  precision: number | null;
  recall: number | null;
  pointsPerSecond: number | null;
}

export interface EventRow {
  method: string;
  series: number;
  events: number;
  precision: number | null;
  recall: number | null;
  falsePerSeriesYear: number | null;
  pointsPerSecond: number | null;
}

function unitScores({ values, times }: GivenStream): Float64Array {
  const samplesPerDay = samplesPerDayOf(times) ?? 1;
  const result = detectAnomalies(values, { samplesPerDay });
  return 'withheld' in result ? new Float64Array(values.length) : result.scores;
}

export function givenStreamRows(): StreamRow[] {
  const streams = givenStreams();
  const points = streams.reduce((sum, { n }) => sum + n, 0);
  const contenders: [method: string, scores: (stream: GivenStream) => Float64Array][] = [
    ['tidemark', unitScores],
    ['rolling z of a day', ({ values }) => rollingZ(values)],
  ];
  return contenders.map(([method, scoresOf]) => {
    const { results, seconds } = overAll(streams, scoresOf, 1);
    const best = scoreStreamAnomalies(streams, results);
    return {
      method,
      series: streams.length,
      standard: rounded(best.standard, 2),
      standardAtHalf: rounded(scoreStreamAnomalies(streams, results, 0.5).standard, 2),
      lowFalsePositives: rounded(best.lowFalsePositives, 2),
      windowF1: rounded(best.windowF1, 3),
      precision: rounded(best.precision, 3),
      recall: rounded(best.recall, 3),
      pointsPerSecond: rate(points, seconds),
    };
  });
}

function alertsOf({ values }: ContentSeries): number[] {
  const result = detectAnomalies(values);
  return 'withheld' in result ? [] : result.anomalies.map(({ index }) => index);
}

export function generatedEventRows(seed: number, count: number): EventRow[] {
  const series = generateContentSeries(seed, count);
  const truths = series.map(({ values, events }) => ({ days: values.length, events }));
  const points = truths.reduce((sum, { days }) => sum + days, 0);
  const contenders: [method: string, alerts: (one: ContentSeries) => number[]][] = [
    ['tidemark', alertsOf],
    ['same-weekday robust z, 3.5', ({ values }) => sameWeekdayAlerts(values, 3.5)],
    ['same-weekday robust z, 7', ({ values }) => sameWeekdayAlerts(values, 7)],
  ];
  return contenders.map(([method, find]) => {
    const { results, seconds } = overAll(series, find);
    const scores = scoreEvents(truths, results);
    return {
      method,
      series: series.length,
      events: scores.events,
      precision: rounded(scores.precision, 3),
      recall: rounded(scores.recall, 3),
      falsePerSeriesYear: rounded(scores.falsePerSeriesYear, 3),
      pointsPerSecond: rate(points, seconds),
    };
  });
}
