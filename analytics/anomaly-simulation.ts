/**
 * What a detector would have raised over history, before it is switched on: alerts a series-year at each threshold
 * of a ladder, and the lowest threshold that keeps within a budget.
 */
import { anomalyVersion, defaultThresholds, detectAnomalies, type AnomalyMode } from './anomalies.js';
import { commonScores, isShared } from './shared-events.js';

/** In shares of the mode's own threshold: each step about halves the alerts of recorded series. */
export const thresholdLadder = [1, 1.25, 1.5, 2, 2.5, 3.25] as const;
const daysAYear = 365.25;

export interface ReplayedSeries {
  id: number;
  /** Series of a group may have days in common: those of one platform. */
  group: string;
  /** Day number of the first value. */
  start: number;
  /** Finite values. */
  n: number;
  /** One a step of the ladder. */
  steps: { score: Float64Array; alerts: { index: number; score: number }[] }[];
}

/** A series at every step of the ladder; null where it has too few values to be judged. */
export function replaySeries(
  values: Float64Array,
  mode: AnomalyMode,
  breaks: readonly number[],
  minPoints?: number,
): Pick<ReplayedSeries, 'n' | 'steps'> | null {
  let n = 0;
  const steps: ReplayedSeries['steps'] = [];
  for (const step of thresholdLadder) {
    const result = detectAnomalies(values, {
      ...{ mode, breaks, threshold: step * defaultThresholds[mode] },
      ...(minPoints === undefined ? {} : { minPoints }),
    });
    if ('withheld' in result) return null;
    n = result.n;
    steps.push({
      score: result.score,
      alerts: result.anomalies.map(({ index, score }) => ({ index, score })),
    });
  }
  return { n, steps };
}

export interface SimulatedStep {
  threshold: number;
  /** Alerts of the series' own, and those that most series of the group had on the same day. */
  alertsPerSeriesYear: number;
  sharedPerSeriesYear: number;
  /** Share of the series with an alert of their own. */
  seriesWithAlerts: number;
  /** The series with most alerts of its own; null where none has one. */
  worst: { id: number; alerts: number } | null;
}

export interface AnomalySimulation {
  method: AnomalyMode;
  version: number;
  series: number;
  seriesYears: number;
  budget: number;
  /** The chosen step; the strictest one where none keeps within the budget. */
  chosen: SimulatedStep;
  steps: SimulatedStep[];
  enabled: boolean;
  /** Why it is not enabled; null where it is. */
  reason: string | null;
}

/**
 * @param budget alerts of a series' own a year. A short history is given what chance alone may bring in it: two
 * standard deviations of a Poisson count.
 */
export function simulateAnomalies(
  series: readonly ReplayedSeries[],
  mode: AnomalyMode,
  budget: number,
): AnomalySimulation {
  const seriesYears = series.reduce((sum, { n }) => sum + n, 0) / daysAYear;
  const steps = thresholdLadder.map((share, step) =>
    simulateStep(series, step, share * defaultThresholds[mode], seriesYears),
  );
  const most = budget * seriesYears;
  const allowance = most + 2 * Math.sqrt(most);
  const within = steps.find((step) => step.alertsPerSeriesYear * seriesYears <= allowance);
  const chosen = within ?? steps.at(-1)!;
  return {
    method: mode,
    version: anomalyVersion,
    series: series.length,
    seriesYears,
    budget,
    chosen,
    steps,
    enabled: within !== undefined,
    reason:
      within === undefined
        ? `${rounded(chosen.alertsPerSeriesYear)} alerts a series-year at the strictest threshold; ${rounded(budget)} at most`
        : null,
  };
}

function simulateStep(
  series: readonly ReplayedSeries[],
  step: number,
  threshold: number,
  seriesYears: number,
): SimulatedStep {
  const groups = new Map<string, ReplayedSeries[]>();
  for (const one of series) {
    const group = groups.get(one.group);
    if (group === undefined) groups.set(one.group, [one]);
    else group.push(one);
  }
  let own = 0;
  let shared = 0;
  let withAlerts = 0;
  let worst: SimulatedStep['worst'] = null;
  for (const group of groups.values()) {
    const common = commonScores(group.map(({ start, steps }) => ({ start, score: steps[step]!.score })));
    for (const { id, start, steps } of group) {
      const { alerts } = steps[step]!;
      const ofOthers = alerts.filter(({ index, score }) => isShared(score, start + index, common, threshold));
      const count = alerts.length - ofOthers.length;
      shared += ofOthers.length;
      own += count;
      if (count === 0) continue;
      withAlerts++;
      if (worst === null || count > worst.alerts || (count === worst.alerts && id < worst.id)) {
        worst = { id, alerts: count };
      }
    }
  }
  const years = Math.max(seriesYears, Number.MIN_VALUE);
  return {
    threshold,
    alertsPerSeriesYear: own / years,
    sharedPerSeriesYear: shared / years,
    seriesWithAlerts: series.length === 0 ? 0 : withAlerts / series.length,
    worst,
  };
}

function rounded(figure: number): string {
  return String(Number(figure.toPrecision(2)));
}
