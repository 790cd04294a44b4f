/** Series analysed per second: anomalies, and trend with change points and forecast, over generated series. */
import { availableParallelism } from 'node:os';
import { keyOf, normal } from '../sandbox/random.js';
import { defaultAnalysisSettings } from '../services/analysis-settings.js';
import {
  runAnalysisTask,
  type AnalysisTask,
  type AnomalyTask,
  type TrendTask,
} from '../services/analysis-tasks.js';
import { createAnalysisThreads } from '../services/analysis-threads.js';

export interface AnalysisBenchOptions {
  /** Series a measurement; 400 unless told. */
  series?: number;
  /** Days a series; 365 unless told. */
  days?: number;
  /** Measurements, of which the median is told; 3 unless told. */
  repetitions?: number;
}

export interface AnalysisBenchResult {
  series: number;
  days: number;
  threads: number;
  /** Series a second on one thread; `both` is anomalies, trend and forecast of each series. */
  oneThread: { anomalies: number; trends: number; both: number };
  /** The same work through the activities' thread pool, copies included. */
  pooled: { both: number };
  /** Of this process with its threads, after the last measurement. */
  rssMiB: number;
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

function tasksOver(series: readonly Float64Array[]): { anomalies: AnomalyTask[]; trends: TrendTask[] } {
  const { minDataPoints, trendDays, forecastDays } = defaultAnalysisSettings;
  const common = { metric: 'views', startDay, breaks: [] };
  return {
    anomalies: series.map((values) => ({ kind: 'anomalies', ...common, publishedOn: startDay, values })),
    trends: series.map((values) => ({
      ...{ kind: 'trend', ...common, values },
      ...{ minPoints: minDataPoints, trendDays, forecastDays },
    })),
  };
}

async function seconds(work: () => Promise<unknown>, repetitions: number): Promise<number> {
  const measured: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const started = performance.now();
    await work();
    measured.push((performance.now() - started) / 1_000);
  }
  return measured.sort((a, b) => a - b)[Math.floor(repetitions / 2)]!;
}

function inThisThread(tasks: readonly AnalysisTask[]): Promise<unknown> {
  return Promise.resolve(tasks.map((task) => runAnalysisTask(task)));
}

/** Measures after a warm-up of a tenth of the series. */
export async function runAnalysisBench(options: AnalysisBenchOptions = {}): Promise<AnalysisBenchResult> {
  const { series = 400, days = 365, repetitions = 3 } = options;
  const { anomalies, trends } = tasksOver(
    Array.from({ length: series }, (_, index) => launchSeries(index, days)),
  );
  const both = [...anomalies, ...trends];
  const warm = Math.ceil(series / 10);
  await inThisThread([...anomalies.slice(0, warm), ...trends.slice(0, warm)]);
  const size = Math.max(1, availableParallelism() - 1);
  const threads = createAnalysisThreads(size);
  try {
    const signal = new AbortController().signal;
    await threads.run(both.slice(0, 2 * warm), signal);
    const perSecond = async (work: () => Promise<unknown>): Promise<number> =>
      Math.round(series / (await seconds(work, repetitions)));
    return {
      series,
      days,
      threads: size,
      oneThread: {
        anomalies: await perSecond(() => inThisThread(anomalies)),
        trends: await perSecond(() => inThisThread(trends)),
        both: await perSecond(() => inThisThread(both)),
      },
      pooled: { both: await perSecond(() => threads.run(both, signal)) },
      rssMiB: Math.round(process.memoryUsage.rss() / 2 ** 20),
    };
  } finally {
    await threads.close();
  }
}
