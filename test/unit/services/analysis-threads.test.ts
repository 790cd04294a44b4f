import { afterAll, describe, expect, it } from 'vitest';
import type { AnomalyTask, AssociationTask, TrendTask } from '../../../services/analysis-tasks.js';
import { runAnalysisTask } from '../../../services/analysis-tasks.js';
import { gaussian, seeded } from '../analytics/random.js';
import { AnalysisThreadError, createAnalysisThreads } from '../../../services/analysis-threads.js';

const threads = createAnalysisThreads(2);
afterAll(() => threads.close());

const never = new AbortController().signal;

function series(length: number, spikeAt: number): Float64Array {
  const week = [90, 95, 100, 100, 110, 130, 120];
  const values = Float64Array.from({ length }, (_, day) => week[day % 7]! + (day % 5));
  values[spikeAt] = 900;
  return values;
}

function anomalyTask(spikeAt: number, length = 600): AnomalyTask {
  const values = series(length, spikeAt);
  return {
    kind: 'anomalies',
    metric: 'views',
    startDay: '2026-01-05',
    values,
    breaks: [],
  };
}

/** The first feature is the outcome with a ripple, the others have nothing to do with it. */
function associationTask(contents: number, features: number): AssociationTask {
  const normal = gaussian(seeded(contents));
  const column = (): Float64Array => Float64Array.from({ length: contents }, () => 100 + normal());
  const views = column();
  const numeric = new Map(Array.from({ length: features }, (_, index) => [`feature_${index}`, column()]));
  numeric.set(
    'feature_0',
    views.map((value, i) => value + (i % 5) / 10),
  );
  return {
    kind: 'association',
    significanceLevel: 0.05,
    table: {
      ...{ contentIds: Array.from(views.keys()), numeric, categorical: new Map(), circular: new Map() },
      ...{ outcomes: new Map([['views_day_28', views]]), ageDays: new Float64Array(contents).fill(400) },
    },
  };
}

describe('analysis threads', () => {
  it('answer in the order of the tasks, as the main thread would', async () => {
    const tasks = Array.from({ length: 24 }, (_, index) => anomalyTask(100 + index));
    const results = await threads.run(tasks, never);
    expect(results).toEqual(tasks.map((task) => runAnalysisTask(task)));
    expect(results[3]?.anomalies.map(({ day, kind }) => [day, kind])).toEqual([['2026-04-18', 'spike']]);
  });

  it('leave their callers’ series as they were', async () => {
    const task = anomalyTask(50, 5_000);
    const before = task.values.slice();
    await threads.run([task], never);
    expect(task.values).toEqual(before);
  });

  it('correlate a table away from the thread that asks, which goes on meanwhile', async () => {
    const task = associationTask(200, 20);
    let turns = 0;
    const beat = setInterval(() => (turns += 1), 1);
    const [found] = await threads.run([task], never);
    clearInterval(beat);
    expect(turns).toBeGreaterThan(5);
    expect(found).toEqual(runAnalysisTask(task));
    const told = found!.family.results.find(({ feature }) => feature === 'feature_0');
    expect(told!.correlation_coefficient).toBeGreaterThan(0.9);
  });

  it('do not begin once cancelled, and end when they are', async () => {
    const tasks = Array.from({ length: 40 }, (_, index) => anomalyTask(100 + index));
    const controller = new AbortController();
    const running = threads.run(tasks, controller.signal);
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    await expect(threads.run(tasks, controller.signal)).rejects.toThrow('enough');
    const after = await threads.run(tasks.slice(0, 10), never);
    expect(after).toHaveLength(10);
  });

  it('pass on what a task throws, and go on with the next', async () => {
    const broken = { ...anomalyTask(100, 6_000), startDay: 'no day' };
    await expect(threads.run([broken], never)).rejects.toThrow(AnalysisThreadError);
    expect(await threads.run([anomalyTask(100, 6_000)], never)).toHaveLength(1);
  });

  it('refuse work once closed', async () => {
    const closed = createAnalysisThreads(1);
    await closed.close();
    await expect(closed.run([anomalyTask(100)], never)).rejects.toThrow(AnalysisThreadError);
  });
});

describe('the anomaly task', () => {
  it('says how many days are missing', () => {
    const result = runAnalysisTask(anomalyTask(3, 10));
    expect(result).toMatchObject({ anomalies: [], withheld: 'needs 4 more days' });
  });

  it('judges by the threshold that it is given', () => {
    const task = anomalyTask(40, 60);
    const { anomalies, threshold, score } = runAnalysisTask(task);
    expect(anomalies).toHaveLength(1);
    expect(threshold).toBe(3.5);
    expect(score).toHaveLength(60);
    const found = runAnalysisTask({ ...task, threshold: Math.abs(anomalies[0]!.score) + 1 });
    expect(found.anomalies).toEqual([]);
  });

  it('is replayed at every step of the ladder', () => {
    const { startDay, values, metric, breaks } = anomalyTask(40, 60);
    const replay = runAnalysisTask({ kind: 'anomaly-replay', metric, startDay, values, breaks });
    expect(replay?.n).toBe(60);
    expect(replay?.steps).toHaveLength(6);
    expect(replay?.steps[0]?.alerts.map(({ index }) => index)).toEqual([40]);
    expect(
      runAnalysisTask({ kind: 'anomaly-replay', metric, startDay, values: values.slice(0, 9), breaks }),
    ).toBeNull();
  });
});

describe('the trend task', () => {
  const trendTask = (values: Float64Array, breaks: string[] = []): TrendTask => ({
    ...{ kind: 'trend', metric: 'views', startDay: '2026-01-05', values, breaks },
    ...{ minPoints: 10, trendDays: 90, forecastDays: 14 },
  });

  it('tells direction, pattern and forecast, with a gap kept as one', () => {
    const values = Float64Array.from({ length: 120 }, (_, day) => 100 + 3 * day + (day % 7 === 5 ? 120 : 0));
    values[100] = Number.NaN;
    const { analysis, backtest, points, periodStart, periodEnd } = runAnalysisTask(trendTask(values));
    expect(analysis).toMatchObject({ overall_direction: 'rising', time_period: [periodStart, periodEnd] });
    expect(points).toBe(89);
    expect(analysis?.trend_points.find(({ timestamp }) => timestamp === '2026-04-15')?.value).toBeNull();
    expect(analysis?.predictions).toHaveLength(14);
    expect(analysis?.predictions[0]?.timestamp).toBe('2026-05-05');
    expect(analysis?.key_insights.join(' ')).toContain('rising');
    expect(analysis?.seasonality_patterns[0]?.effects).toHaveLength(7);
    expect(backtest).toMatchObject({ method: expect.any(String) as string });
  });

  it('does not look behind a change of definition', () => {
    const values = Float64Array.from({ length: 60 }, (_, day) => (day < 40 ? 100 : 1_000) + (day % 3));
    const { analysis, periodStart } = runAnalysisTask(trendTask(values, ['2026-02-14']));
    expect(periodStart).toBe('2026-02-14');
    expect(analysis?.change_points).toEqual([]);
    expect(runAnalysisTask(trendTask(values)).analysis?.change_points).toHaveLength(1);
  });

  it('is withheld without enough days, and without any', () => {
    const few = runAnalysisTask(trendTask(Float64Array.of(1, 2, 3)));
    expect(few).toMatchObject({ analysis: null, points: 3, withheld: 'needs 7 more days' });
    const none = runAnalysisTask(trendTask(new Float64Array(5).fill(Number.NaN)));
    expect(none).toMatchObject({ analysis: null, points: 0, withheld: 'needs 10 more days' });
  });
});
