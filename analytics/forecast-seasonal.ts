/** Seasonal parts of a forecast: indices by classical decomposition, and seasonal exponential smoothing. */

export interface SeasonalIndices {
  /** One a phase, phase 0 at index 0 of the series; factors about 1, or differences about 0. */
  indices: Float64Array;
  multiplicative: boolean;
}

/**
 * Indices over y[0..length): ratios to (differences from) the centred mean of a period, averaged by phase with
 * the latest `periods` of them. Needs two full periods.
 */
export function decompose(
  y: Float64Array,
  length: number,
  period: number,
  multiplicative: boolean,
  periods: number,
): SeasonalIndices {
  const reach = period >> 1;
  const edge = period % 2 === 0 ? 0.5 : 1;
  const from = Math.max(reach, length - reach - periods * period);
  const sums = new Float64Array(period);
  const counts = new Float64Array(period);
  let window = 0;
  for (let i = from - reach; i <= from + reach; i++) window += y[i]!;
  for (let i = from; i + reach < length; i++) {
    const level = (window - (1 - edge) * (y[i - reach]! + y[i + reach]!)) / period;
    const phase = i % period;
    if (multiplicative ? level > 0 : true) {
      sums[phase] = sums[phase]! + (multiplicative ? y[i]! / level : y[i]! - level);
      counts[phase] = counts[phase]! + 1;
    }
    if (i + reach + 1 < length) window += y[i + reach + 1]! - y[i - reach]!;
  }
  const neutral = multiplicative ? 1 : 0;
  let total = 0;
  for (let k = 0; k < period; k++) {
    sums[k] = counts[k]! > 0 ? sums[k]! / counts[k]! : neutral;
    total += sums[k]!;
  }
  const centre = total / period;
  for (let k = 0; k < period; k++) {
    sums[k] = multiplicative ? (centre > 0 ? sums[k]! / centre : 1) : sums[k]! - centre;
  }
  return { indices: sums, multiplicative };
}

/** A factor this close to 0 says that the phase is idle; dividing by it would make noise of it. */
const leastFactor = 0.05;

/** Writes y[0..length) without its season into `out`. */
export function removeSeason(
  y: Float64Array,
  length: number,
  season: SeasonalIndices,
  out: Float64Array,
): void {
  const { indices, multiplicative } = season;
  const period = indices.length;
  for (let i = 0, phase = 0; i < length; i++, phase = phase + 1 === period ? 0 : phase + 1) {
    out[i] = multiplicative ? y[i]! / Math.max(leastFactor, indices[phase]!) : y[i]! - indices[phase]!;
  }
}

/** Puts the season back on forecasts from `origin` on. */
export function addSeason(out: Float64Array, origin: number, season: SeasonalIndices): void {
  const { indices, multiplicative } = season;
  const period = indices.length;
  for (let k = 0; k < out.length; k++) {
    const effect = indices[(origin + k) % period]!;
    out[k] = multiplicative ? out[k]! * effect : out[k]! + effect;
  }
}

/** The last period again and again. */
export function forecastSeasonalNaive(
  y: Float64Array,
  origin: number,
  period: number,
  out: Float64Array,
): void {
  const lag = Math.min(period, origin);
  for (let k = 0; k < out.length; k++) out[k] = y[origin - lag + (k % lag)]!;
}

export interface SeasonalParameters {
  alpha: number;
  gamma: number;
}

/** Every state of seasonal smoothing, so that a forecast can be made from any origin. */
export interface SeasonalStates {
  /** level[i]: after i points. */
  level: Float64Array;
  /** effect[i]: what point i is expected to add; known one period ahead. */
  effect: Float64Array;
  period: number;
}

/** Additive seasonal smoothing without a trend, ETS(A,N,A), over the whole series; the error is the sum of |e|. */
function runSeasonal(
  y: Float64Array,
  first: Float64Array,
  start: number,
  parameters: SeasonalParameters,
  states: SeasonalStates,
): number {
  const { alpha, gamma } = parameters;
  const { level, effect, period } = states;
  effect.set(first, 0);
  level[0] = start;
  let current = start;
  let sum = 0;
  for (let i = 0; i < y.length; i++) {
    const error = y[i]! - current - effect[i]!;
    if (i >= period) sum += Math.abs(error);
    current += alpha * error;
    level[i + 1] = current;
    effect[i + period] = effect[i]! + gamma * error;
  }
  return sum;
}

/** Seasonal smoothing with the parameters of least absolute one-step error, on a grid. Needs two periods. */
export function fitSeasonal(y: Float64Array, period: number): SeasonalStates {
  const { indices } = decompose(y, y.length, period, false, 3);
  const early = decompose(y, Math.min(y.length, 3 * period), period, false, 3).indices;
  const first = early.map((effect, i) => (effect + indices[i]!) / 2);
  let start = 0;
  for (let i = 0; i < period; i++) start += y[i]! / period;
  const states = {
    level: new Float64Array(y.length + 1),
    effect: new Float64Array(y.length + period),
    period,
  };
  let best: SeasonalParameters = { alpha: 0.1, gamma: 0.1 };
  let least = Number.POSITIVE_INFINITY;
  for (const gamma of [0.02, 0.08, 0.2, 0.4]) {
    for (const alpha of [0.02, 0.07, 0.15, 0.3, 0.5, 0.8]) {
      const error = runSeasonal(y, first, start, { alpha, gamma: gamma * (1 - alpha) }, states);
      if (error < least) {
        least = error;
        best = { alpha, gamma: gamma * (1 - alpha) };
      }
    }
  }
  runSeasonal(y, first, start, best, states);
  return states;
}

/** Level plus the latest effect of each phase, from after `origin` points. */
export function forecastSeasonal(states: SeasonalStates, origin: number, out: Float64Array): void {
  const { level, effect, period } = states;
  for (let k = 0; k < out.length; k++) out[k] = level[origin]! + effect[origin + (k % period)]!;
}
