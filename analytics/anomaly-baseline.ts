/**
 * What a day should have brought, judged from the days before it alone: local level, drift and weekday, each a
 * median, on the logarithm of the values; and how far days usually stray from that.
 */
import { medianInPlace } from './summary.js';

/** What was expected of each point; NaN where the point is a gap or has too little before it. */
export interface Baseline {
  expected: Float64Array;
  lower: Float64Array;
  upper: Float64Array;
  score: Float64Array;
}

export function emptyBaseline(length: number): Baseline {
  const gaps = (): Float64Array => new Float64Array(length).fill(Number.NaN);
  return { expected: gaps(), lower: gaps(), upper: gaps(), score: gaps() };
}

const week = 7;
/** Weeks that the weekday's effect is taken from. */
const effectWeeks = 8;
/** Days whose difference to a week earlier tells the drift; a shift of level touches seven of them. */
const driftDays = 21;
/** Past residuals that tell the spread. */
const spreadDays = 42;
/** Residuals below which the spread is taken from the history's own smoothness, widened. */
const fewResiduals = 10;
/** Counts vary by themselves: √value, here on the logarithm, and never less than a twenty-fifth. */
const leastSpread = 0.04;

/** A state that is filled day by day; buffers are kept, since millions of days pass through. */
interface History {
  /** Transformed values. */
  y: Float64Array;
  /** Differences to the median of the surrounding week, known three days later. */
  deviation: Float64Array;
  /** One-day-ahead residuals. */
  residual: Float64Array;
  work: Float64Array;
}

/**
 * The seasonal mode's baseline. Values below 0 anywhere switch the logarithm off. Bounds are those at which
 * the score reaches the threshold; a lower bound of a count is never below 0.
 */
export function seasonalBaseline(values: Float64Array, threshold: number, minPoints: number): Baseline {
  const n = values.length;
  let isCount = true;
  for (const value of values) if (value < 0) isCount = false;
  const gaps = (): Float64Array => new Float64Array(n).fill(Number.NaN);
  const history: History = {
    y: isCount ? values.map((value) => Math.log1p(value)) : values.slice(),
    deviation: gaps(),
    residual: gaps(),
    work: new Float64Array(spreadDays),
  };
  const baseline = emptyBaseline(n);
  let known = 0;
  for (let t = 0; t < n; t++) {
    settleDeviation(history, t - 4);
    if (known >= minPoints) {
      const expected = expectedAt(history, t);
      const value = history.y[t]!;
      history.residual[t] = value - expected;
      const spread = spreadAt(history, t, expected, isCount);
      if (Number.isFinite(value) && Number.isFinite(expected)) {
        const back = (level: number): number => (isCount ? Math.max(0, Math.expm1(level)) : level);
        baseline.expected[t] = back(expected);
        baseline.lower[t] = back(expected - threshold * spread);
        baseline.upper[t] = back(expected + threshold * spread);
        baseline.score[t] =
          spread > 0 ? (value - expected) / spread : Math.sign(value - expected) * threshold;
      }
    }
    if (Number.isFinite(values[t]!)) known++;
  }
  return baseline;
}

/** The difference of day `s` to the median of the week around it, once that week is over. */
function settleDeviation(history: History, s: number): void {
  if (s < 3) return;
  const { y, work } = history;
  let count = 0;
  for (let i = s - 3; i <= s + 3; i++) if (Number.isFinite(y[i]!)) work[count++] = y[i]!;
  if (count >= 4) history.deviation[s] = y[s]! - medianInPlace(work, count);
}

/** Median deviation of the weekday of day `t`, shrunk towards none while few weeks are known. */
function weekdayEffect(history: History, t: number, before: number): number {
  const { deviation, work } = history;
  let count = 0;
  for (let i = t, seen = 0; i >= 0 && seen < effectWeeks; i -= week) {
    if (i >= before) continue;
    seen++;
    if (Number.isFinite(deviation[i]!)) work[count++] = deviation[i]!;
  }
  return count === 0 ? 0 : (medianInPlace(work, count) * count) / (count + 1);
}

function expectedAt(history: History, t: number): number {
  const { y, work } = history;
  const effects = new Float64Array(week);
  for (let back = 0; back < week; back++) effects[back] = weekdayEffect(history, t - back, t);
  let count = 0;
  let centre = 0;
  for (let back = 1; back <= week; back++) {
    const value = y[t - back];
    if (value === undefined || !Number.isFinite(value)) continue;
    work[count++] = value - effects[back % week]!;
    centre += back;
  }
  // After a gap the last days before it stand for the level, a fortnight back at most.
  for (let back = week + 1; count < 3 && back <= 3 * week; back++) {
    const value = y[t - back];
    if (value === undefined || !Number.isFinite(value)) continue;
    work[count++] = value - effects[back % week]!;
    centre += back;
  }
  if (count < 3) return Number.NaN;
  const distance = centre / count;
  return medianInPlace(work, count) + distance * driftAt(history, t) + effects[0]!;
}

/** Change a day: the median difference to a week before, over the last three weeks. */
function driftAt(history: History, t: number): number {
  const { y, work } = history;
  let count = 0;
  for (let i = t - 1; i >= Math.max(week, t - driftDays); i--) {
    const difference = y[i]! - y[i - week]!;
    if (Number.isFinite(difference)) work[count++] = difference;
  }
  return count < 5 ? 0 : medianInPlace(work, count) / week;
}

function spreadAt(history: History, t: number, expected: number, isCount: boolean): number {
  const { residual, deviation, work } = history;
  let count = 0;
  for (let i = t - 1; i >= 0 && i >= t - spreadDays; i--) {
    if (Number.isFinite(residual[i]!)) work[count++] = Math.abs(residual[i]!);
  }
  let spread = count === 0 ? 0 : 1.482602218505602 * medianInPlace(work, count);
  if (count < fewResiduals) {
    let others = 0;
    for (let i = t - 4; i >= 0 && i >= t - spreadDays; i--) {
      if (Number.isFinite(deviation[i]!)) work[others++] = Math.abs(deviation[i]!);
    }
    const rough = others === 0 ? 0 : 1.5 * 1.482602218505602 * medianInPlace(work, others);
    spread = Math.max(spread, rough);
  }
  if (!isCount) return spread;
  const poisson = 1 / Math.sqrt(Math.max(1, Math.expm1(expected) + 1));
  return Math.max(spread, poisson, leastSpread);
}
