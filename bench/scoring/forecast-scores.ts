/**
 * Accuracy of forecasts by the definitions of the M4 competition (Makridakis, Spiliotis & Assimakopoulos 2020):
 * sMAPE, MASE, OWA against Naive2, MSIS of the 95 % interval, and the coverage of both intervals.
 */

export interface ForecastCase {
  train: Float64Array;
  test: Float64Array;
  /** Points a season; 1 where none is told. */
  period: number;
}

export interface ForecastAnswer {
  mean: Float64Array;
  lo80: Float64Array;
  hi80: Float64Array;
  lo95: Float64Array;
  hi95: Float64Array;
}

export interface ForecastScores {
  series: number;
  /** Series without a forecast, scored as Naive2 and left out of the intervals' figures. */
  failed: number;
  smape: number;
  mase: number;
  owa: number;
  /** Null where no series has an interval. */
  msis: number | null;
  /** Per cent. */
  cov95: number | null;
  cov80: number | null;
}

/** Scores answers, one a case; null is a failure. A series whose seasonal differences are all 0 has no MASE. */
export function scoreForecasts(
  cases: readonly ForecastCase[],
  answers: readonly (ForecastAnswer | null)[],
): ForecastScores {
  const rows = cases.map((one, i) => scoreOne(one, answers[i] ?? null));
  const average = (read: (row: Row) => number | null): number => meanOf(rows.map(read)) ?? Number.NaN;
  const [smape, mase] = [average((row) => row.smape), average((row) => row.mase)];
  return {
    series: rows.length,
    failed: rows.filter((row) => row.cov95 === null).length,
    smape,
    mase,
    owa: (smape / average((row) => row.naiveSmape) + mase / average((row) => row.naiveMase)) / 2,
    msis: meanOf(rows.map((row) => row.msis)),
    cov95: percent(meanOf(rows.map((row) => row.cov95))),
    cov80: percent(meanOf(rows.map((row) => row.cov80))),
  };
}

interface Row {
  smape: number;
  mase: number | null;
  naiveSmape: number;
  naiveMase: number | null;
  msis: number | null;
  cov95: number | null;
  cov80: number | null;
}

function scoreOne({ train, test, period }: ForecastCase, answer: ForecastAnswer | null): Row {
  const scale = seasonalScale(train, period);
  const naive = naive2(train, period, test.length);
  const mean = answer?.mean ?? naive;
  return {
    smape: smapeOf(test, mean),
    mase: scale === null ? null : absoluteError(test, mean) / scale,
    naiveSmape: smapeOf(test, naive),
    naiveMase: scale === null ? null : absoluteError(test, naive) / scale,
    msis: answer === null || scale === null ? null : intervalScore(test, answer.lo95, answer.hi95) / scale,
    cov95: answer === null ? null : coverage(test, answer.lo95, answer.hi95),
    cov80: answer === null ? null : coverage(test, answer.lo80, answer.hi80),
  };
}

/** 200·|y − f| / (|y| + |f|) on average; 0 where both are 0. */
function smapeOf(actual: Float64Array, mean: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < actual.length; i++) {
    const size = Math.abs(actual[i]!) + Math.abs(mean[i]!);
    if (size > 0) sum += Math.abs(actual[i]! - mean[i]!) / size;
  }
  return (200 * sum) / actual.length;
}

function absoluteError(actual: Float64Array, mean: Float64Array): number {
  return actual.reduce((sum, value, i) => sum + Math.abs(value - mean[i]!), 0) / actual.length;
}

/** Mean absolute error of the seasonal naive method within the history; null where it is 0 or there is none. */
function seasonalScale(train: Float64Array, period: number): number | null {
  let sum = 0;
  for (let i = period; i < train.length; i++) sum += Math.abs(train[i]! - train[i - period]!);
  return sum > 0 ? sum / (train.length - period) : null;
}

/** Width plus 2/α = 40 times what lies beyond either bound (Gneiting & Raftery 2007). */
function intervalScore(actual: Float64Array, low: Float64Array, high: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < actual.length; i++) {
    sum += high[i]! - low[i]!;
    sum += 40 * (Math.max(low[i]! - actual[i]!, 0) + Math.max(actual[i]! - high[i]!, 0));
  }
  return sum / actual.length;
}

function coverage(actual: Float64Array, low: Float64Array, high: Float64Array): number {
  let inside = 0;
  for (let i = 0; i < actual.length; i++) if (actual[i]! >= low[i]! && actual[i]! <= high[i]!) inside++;
  return inside / actual.length;
}

function meanOf(values: readonly (number | null)[]): number | null {
  const told = values.filter((value) => value !== null);
  return told.length === 0 ? null : told.reduce((sum, value) => sum + value, 0) / told.length;
}

function percent(share: number | null): number | null {
  return share === null ? null : 100 * share;
}

/** The last value, with the season of the classical decomposition where the competition's test finds one. */
export function naive2(train: Float64Array, period: number, h: number): Float64Array {
  const n = train.length;
  const last = train[n - 1]!;
  const indices = isSeasonal(train, period) ? seasonalIndices(train, period) : null;
  if (indices?.every((index) => index > 1e-9) !== true) return new Float64Array(h).fill(last);
  const level = last / indices[(n - 1) % period]!;
  return Float64Array.from({ length: h }, (_, k) => level * indices[(n + k) % period]!);
}

/** Whether the autocorrelation at the period exceeds its 90 % limit (Bartlett); needs three periods. */
function isSeasonal(values: Float64Array, period: number): boolean {
  if (period < 2 || values.length < 3 * period) return false;
  let squares = 0;
  for (let lag = 1; lag < period; lag++) squares += autocorrelationAt(values, lag) ** 2;
  const limit = 1.645 * Math.sqrt((1 + 2 * squares) / values.length);
  return Math.abs(autocorrelationAt(values, period)) > limit;
}

function autocorrelationAt(values: Float64Array, lag: number): number {
  const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
  let products = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    squares += (values[i]! - centre) ** 2;
    if (i + lag < values.length) products += (values[i]! - centre) * (values[i + lag]! - centre);
  }
  return squares > 0 ? products / squares : 0;
}

/** Multiplicative indices about the centred moving average; all 1 where they cannot be told. */
function seasonalIndices(values: Float64Array, period: number): Float64Array {
  const half = period >> 1;
  const sums = new Float64Array(period);
  const counts = new Float64Array(period);
  for (let i = half; i < values.length - half; i++) {
    let centre = 0;
    for (let offset = -half; offset <= half; offset++) {
      const weight = period % 2 === 0 && Math.abs(offset) === half ? 0.5 : 1;
      centre += (weight * values[i + offset]!) / period;
    }
    const ratio = values[i]! / centre;
    if (Number.isNaN(ratio)) continue;
    sums[i % period] = sums[i % period]! + ratio;
    counts[i % period] = counts[i % period]! + 1;
  }
  const indices = sums.map((sum, phase) => sum / counts[phase]!);
  const total = indices.reduce((sum, index) => sum + index, 0);
  if (!(Number.isFinite(total) && total > 0)) return indices.fill(1);
  return indices.map((index) => (index * period) / total);
}
