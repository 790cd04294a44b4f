/**
 * How long the analyses take: each by itself on one thread, in CPU time, and a whole analysis of ten thousand
 * series (anomalies, trend, change points and forecast) through the activities' thread pool.
 */
import { detectAnomalies } from '../analytics/anomalies.js';
import { detectChangePoints } from '../analytics/change-points.js';
import { forecast } from '../analytics/forecast.js';
import { analyzeTrend } from '../analytics/trend.js';
import { keyOf, normal } from '../sandbox/random.js';
import { defaultAnalysisSettings } from '../services/analysis-settings.js';
import { runAnalysisTask, type AnomalyTask, type TrendTask } from '../services/analysis-tasks.js';
import { createAnalysisThreads } from '../services/analysis-threads.js';
import { overAll, rate, rounded } from './cpu-time.js';
import { showTable } from './show-table.js';

export interface AnalysisBenchOptions {
  /** Series of the whole analysis; 10,000 unless told. */
  series?: number;
  /** Series of each measurement on one thread; 400 unless told. */
  sample?: number;
  /** Days a series; 365 unless told. */
  days?: number;
  /** Threads of the pool; 2 unless told. */
  threads?: number;
}

export interface AnalysisBenchResult {
  days: number;
  /** Series a CPU second on one thread; `whole` is all that the tables get of a series. */
  seriesPerSecond: Record<'anomalies' | 'trend' | 'changePoints' | 'forecast' | 'whole', number | null>;
  pool: {
    series: number;
    threads: number;
    wallSeconds: number | null;
    cpuSeconds: number | null;
    /** The highest of this process with its threads, looked at ten times a second. */
    peakRssMiB: number;
  };
}

const seed = 20_260_101;
const startDay = '2026-01-05';

/** Launch decay × week × noise, in whole views. */
function launchSeries(index: number, days: number): Float64Array {
  const key = keyOf(seed, index);
  const reach = Math.exp(7 + normal(key, 0));
  return Float64Array.from({ length: days }, (_, day) => {
    const level = reach * (0.15 + 0.85 * (1 + day / 5) ** -0.9);
    const weekday = 1 + 0.2 * Math.sin((2 * Math.PI * day) / 7);
    return Math.max(0, Math.round(level * weekday * Math.exp(0.12 * normal(key, 1 + day))));
  });
}

interface WholeAnalysis {
  anomalies: AnomalyTask;
  trend: TrendTask;
}

function wholeAnalysisOf(values: Float64Array): WholeAnalysis {
  const { minDataPoints, trendDays, forecastDays } = defaultAnalysisSettings;
  const common = { metric: 'views', startDay, breaks: [], values };
  return {
    anomalies: { kind: 'anomalies', ...common },
    trend: { kind: 'trend', ...common, minPoints: minDataPoints, trendDays, forecastDays },
  };
}

function onOneThread(series: readonly Float64Array[]): AnalysisBenchResult['seriesPerSecond'] {
  const perSecond = (work: (values: Float64Array) => unknown): number | null =>
    rate(series.length, overAll(series, work, Math.ceil(series.length / 10)).seconds);
  const { minDataPoints: minPoints, forecastDays: h } = defaultAnalysisSettings;
  return {
    anomalies: perSecond((values) => detectAnomalies(values)),
    trend: perSecond((values) => analyzeTrend(values, { minPoints, startDay })),
    changePoints: perSecond((values) => detectChangePoints(values)),
    forecast: perSecond((values) => forecast(values, { h, period: 7, nonNegative: true })),
    whole: perSecond((values) => {
      const { anomalies, trend } = wholeAnalysisOf(values);
      return [runAnalysisTask(anomalies), runAnalysisTask(trend)];
    }),
  };
}

/** As the steps do it: batches of a hundred contents, one step after the other, each kept until it is stored. */
const batchSize = 100;

async function throughPool(
  series: readonly Float64Array[],
  size: number,
): Promise<AnalysisBenchResult['pool']> {
  const threads = createAnalysisThreads(size);
  const signal = new AbortController().signal;
  let peak = 0;
  const look = (): void => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const watch = setInterval(look, 100);
  try {
    const tasks = series.map(wholeAnalysisOf);
    const started = { wall: performance.now(), cpu: process.cpuUsage() };
    for (const kind of ['anomalies', 'trend'] as const) {
      for (let from = 0; from < tasks.length; from += batchSize) {
        await threads.run(
          tasks.slice(from, from + batchSize).map((task) => task[kind]),
          signal,
        );
      }
    }
    const { user, system } = process.cpuUsage(started.cpu);
    look();
    return {
      series: series.length,
      threads: size,
      wallSeconds: rounded((performance.now() - started.wall) / 1_000, 2),
      cpuSeconds: rounded((user + system) / 1e6, 2),
      peakRssMiB: Math.round(peak / 2 ** 20),
    };
  } finally {
    clearInterval(watch);
    await threads.close();
  }
}

export async function runAnalysisBench(options: AnalysisBenchOptions = {}): Promise<AnalysisBenchResult> {
  const { series = 10_000, sample = 400, days = 365, threads = 2 } = options;
  const all = Array.from({ length: Math.max(series, sample) }, (_, index) => launchSeries(index, days));
  const seriesPerSecond = onOneThread(all.slice(0, sample));
  const pool = await throughPool(all.slice(0, series), threads);
  showTable(
    `Analyses of ${days} days, one thread, CPU time`,
    Object.entries(seriesPerSecond).map(([analysis, perSecond]) => ({
      analysis: analysis.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
      seriesPerSecond: perSecond,
      pointsPerSecond: perSecond === null ? null : perSecond * days,
    })),
  );
  showTable('The whole analysis through the thread pool', [pool]);
  return { days, seriesPerSecond, pool };
}
