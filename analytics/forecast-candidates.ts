/** The methods that a forecast is weighed from; each can forecast from any origin of the series. */
import {
  addSeason,
  decompose,
  fitSeasonal,
  forecastSeasonal,
  forecastSeasonalNaive,
  type SeasonalIndices,
  removeSeason,
} from './forecast-seasonal.js';
import {
  bestAlpha,
  bestDamped,
  forecastDamped,
  forecastTheta,
  smooth,
  smoothDamped,
} from './forecast-smoothing.js';

export interface Candidate {
  name: string;
  /** Fewest points before an origin. */
  minHistory: number;
  /** Fills `out` with the points from `origin` on, knowing those before it. */
  forecast: (origin: number, out: Float64Array) => void;
}

/** Periods that the indices of a season are averaged over. */
const seasonPeriods = 6;

/** The methods on a series of one period; the first is the (seasonal) naive one. */
export function candidatesFor(y: Float64Array, period: number): Candidate[] {
  const isPositive = y.every((value) => value > 0);
  const isNonNegative = y.every((value) => value >= 0);
  const candidates: Candidate[] = [naive(y, period)];
  const seasonal = period > 1 && y.length >= 2 * period + 2;
  candidates.push(...adjusted(y, seasonal ? period : 1, isNonNegative));
  if (seasonal)
    candidates.push(smoothed(y, period, isPositive, false), smoothed(y, period, isPositive, true));
  return candidates;
}

export function naive(y: Float64Array, period: number): Candidate {
  return {
    name: period > 1 ? `seasonal-naive-${period}` : 'naive',
    minHistory: period,
    forecast: (origin, out) => forecastSeasonalNaive(y, origin, period, out),
  };
}

/** Simple, damped and Theta smoothing of the series without its season. */
function adjusted(y: Float64Array, period: number, multiplicative: boolean): Candidate[] {
  const seasonal = period > 1;
  const work = new Float64Array(y.length);
  let season: SeasonalIndices = { indices: new Float64Array([0]), multiplicative: false };
  let workOrigin = -1;
  const adjustTo = (origin: number): void => {
    // The three methods ask for the same origin one after another.
    if (origin === workOrigin) return;
    if (seasonal) season = decompose(y, origin, period, multiplicative, seasonPeriods);
    removeSeason(y, origin, season, work);
    workOrigin = origin;
  };
  adjustTo(y.length);
  const alpha = bestAlpha(work);
  const damped = bestDamped(work);
  const suffix = seasonal ? `-${period}` : '';
  const minHistory = seasonal ? 2 * period + 1 : 4;
  const make = (name: string, run: (origin: number, out: Float64Array) => void): Candidate => ({
    name: `${name}${suffix}`,
    minHistory,
    forecast: (origin, out) => {
      adjustTo(origin);
      run(origin, out);
      addSeason(out, origin, season);
    },
  });
  return [
    make('ses', (origin, out) => out.fill(smooth(work, origin, alpha))),
    make('damped', (origin, out) => forecastDamped(smoothDamped(work, origin, damped), damped.phi, out)),
    make('theta', (origin, out) => forecastTheta(work, origin, alpha, out)),
  ];
}

/** Seasonal smoothing, on the logarithm where every value is positive. */
export function smoothed(y: Float64Array, period: number, isPositive: boolean, damped: boolean): Candidate {
  const states = fitSeasonal(isPositive ? y.map(Math.log) : y, period, damped);
  return {
    name: `seasonal-${damped ? 'damped' : 'ets'}-${period}`,
    minHistory: 2 * period,
    forecast: (origin, out) => {
      forecastSeasonal(states, origin, out);
      if (isPositive) for (let k = 0; k < out.length; k++) out[k] = Math.exp(out[k]!);
    },
  };
}

/**
 * The same days a long lag ago, each averaged with its neighbours a period away, on today's level: the shape
 * of a year, where there is little more than one to learn it from.
 */
export function yearAgo(y: Float64Array, lag: number, period: number): Candidate {
  const recent = 4 * period;
  return {
    name: `level-adjusted-${lag}`,
    minHistory: lag + recent + period,
    forecast: (origin, out) => {
      let now = 0;
      let then = 0;
      for (let i = origin - recent; i < origin; i++) {
        now += y[i]!;
        then += y[i - lag]!;
      }
      const factor = then > 0 && now >= 0 ? now / then : 1;
      for (let k = 0; k < out.length; k++) {
        const at = origin - lag + (k % lag);
        const after = at + period < origin ? y[at + period]! : y[at]!;
        out[k] = (factor * (y[at - period]! + 2 * y[at]! + after)) / 4;
      }
    },
  };
}
