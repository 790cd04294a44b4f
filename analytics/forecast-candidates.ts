/** The methods that a forecast is weighed from; each can forecast from any of the origins it was made for. */
import { fitAutoregression, type AutoregressionOptions } from './forecast-autoregression.js';
import { fitRobust, smoothingFamily } from './forecast-robust-smoothing.js';
import {
  addSeason,
  decompose,
  forecastSeasonalNaive,
  removeSeason,
  type SeasonalIndices,
} from './forecast-seasonal.js';
import { bestAlpha, bestDamped, forecastDamped, forecastTheta, smoothDamped } from './forecast-smoothing.js';

export interface Candidate {
  name: string;
  /** Fewest points before an origin. */
  minHistory: number;
  /** The measure of the others, which has no weight beside them. */
  measuresOnly?: boolean;
  /** Fills `out` with the points from `origin` on, knowing those before it. */
  forecast: (origin: number, out: Float64Array) => void;
}

export interface CandidateInput {
  /** Without gaps. */
  y: Float64Array;
  /** Points a season; 1 where there is none. */
  period: number;
  /** A lag beyond the period at which the series may repeat itself; null where there is none to try. */
  longLag: number | null;
  /** Where forecasts will be asked from, besides the end. */
  origins: readonly number[];
  h: number;
}

/** The methods for a series; the first is the (seasonal) naive one, which needs the least history. */
export function candidatesFor(input: CandidateInput): Candidate[] {
  const { y, origins, h } = input;
  const period = y.length >= 2 * input.period + 2 ? input.period : 1;
  const isPositive = y.every((value) => value > 0);
  const x = isPositive ? y.map(Math.log) : y;
  const suffix = period > 1 ? `-${period}` : '';
  const back = isPositive ? exponentiate : unchanged;
  const flat = fitRobust(x, period, smoothingFamily(false, period), origins, h);
  const damped = fitRobust(x, period, smoothingFamily(true, period), origins, h);
  const cleaned: Cleaned = isPositive
    ? { values: flat.cleaned.map(Math.exp), logs: flat.cleaned }
    : { values: flat.cleaned, logs: logarithms(flat.cleaned) };
  const minHistory = period > 1 ? 2 * period + 1 : 4;
  const candidates = [
    { ...naive(y, input.period, 1), measuresOnly: period > 1 },
    // After a spike the last season says it again; without outliers it does not (MASE .73 to .48 in the week after).
    // Without a season the last value is best as it is (m4_weekly OWA .701, cleaned .705).
    ...(period > 1 ? [{ ...naive(cleaned.values, period, minHistory), name: `cleaned-naive${suffix}` }] : []),
    told(`smoothing${suffix}`, minHistory, flat.forecasts, back),
    told(`damped-smoothing${suffix}`, minHistory, damped.forecasts, back),
    ...adjusted(cleaned.values, period),
    ...autoregressions(cleaned, period, input),
  ];
  if (input.longLag !== null) candidates.push(...longLagMethods(cleaned, period, input.longLag, input));
  return candidates;
}

/** A series with what the smoothing took for outliers drawn in. */
interface Cleaned {
  values: Float64Array;
  /** Null where not all values are above 0; taken once for the eight methods that want them. */
  logs: Float64Array | null;
}

function logarithms(values: Float64Array): Float64Array | null {
  return values.every((value) => value > 0) ? values.map(Math.log) : null;
}

type Back = (out: Float64Array) => void;

function exponentiate(out: Float64Array): void {
  for (let k = 0; k < out.length; k++) out[k] = Math.exp(out[k]!);
}

function unchanged(): void {
  // The values were not transformed.
}

function told(name: string, minHistory: number, forecasts: Map<number, Float64Array>, back: Back): Candidate {
  return {
    name,
    minHistory,
    forecast: (origin, out) => {
      out.set(forecasts.get(origin)!.subarray(0, out.length));
      back(out);
    },
  };
}

/** The last period again; before there is one, what there is. */
function naive(y: Float64Array, period: number, minHistory: number): Candidate {
  return {
    name: period > 1 ? `seasonal-naive-${period}` : 'naive',
    minHistory,
    forecast: (origin, out) => forecastSeasonalNaive(y, origin, period, out),
  };
}

/** Periods that the indices of a season are averaged over. */
const seasonPeriods = 6;

/** Damped trend and Theta of the series without its season. */
function adjusted(y: Float64Array, period: number): Candidate[] {
  const seasonal = period > 1;
  const multiplicative = y.every((value) => value >= 0);
  const work = new Float64Array(y.length);
  let season: SeasonalIndices = { indices: new Float64Array([0]), multiplicative: false };
  let workOrigin = -1;
  const adjustTo = (origin: number): void => {
    // Both methods ask for the same origin one after another; without a season every origin has the same.
    if (origin === workOrigin || (!seasonal && workOrigin >= 0)) return;
    if (seasonal) season = decompose(y, origin, period, multiplicative, seasonPeriods);
    removeSeason(y, origin, season, work);
    workOrigin = origin;
  };
  adjustTo(y.length);
  const alpha = bestAlpha(work);
  const damped = bestDamped(work);
  const suffix = seasonal ? `-${period}` : '';
  const make = (name: string, run: (origin: number, out: Float64Array) => void): Candidate => ({
    name: `${name}${suffix}`,
    minHistory: seasonal ? 2 * period + 1 : 4,
    forecast: (origin, out) => {
      adjustTo(origin);
      run(origin, out);
      addSeason(out, origin, season);
    },
  });
  return [
    make('damped', (origin, out) => forecastDamped(smoothDamped(work, origin, damped), damped.phi, out)),
    make('theta', (origin, out) => forecastTheta(work, origin, alpha, out)),
  ];
}

const ridge = 0.3;
const forever = 1e9;

/** Each lag wants so many points to be seen at. */
const pointsPerLag = 3;

function autoregression(
  name: string,
  { values, logs }: Cleaned,
  options: Pick<AutoregressionOptions, 'difference' | 'lags'> & { memory?: number },
  { origins, h }: CandidateInput,
): Candidate[] {
  const lags = [...new Set(options.lags)].sort((a, b) => a - b);
  const longest = lags.at(-1)! + options.difference;
  const minHistory = longest + pointsPerLag * (lags.length + 1);
  if (values.length < minHistory) return [];
  const fit = { lags, difference: options.difference, memory: options.memory ?? forever, ridge };
  const forecasts = fitAutoregression(logs ?? values, fit, origins, h);
  return [told(name, minHistory, forecasts, logs === null ? unchanged : exponentiate)];
}

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, i) => i + 1);
}

/** Autoregressions near and about the season, of values and of changes. */
function autoregressions(y: Cleaned, period: number, input: CandidateInput): Candidate[] {
  const longest = y.values.length / 3;
  const within = (lags: number[]): number[] => lags.filter((lag) => lag > 0 && lag <= longest);
  if (period === 1) {
    return [
      ...autoregression('ar-8', y, { lags: within(upTo(8)), difference: 0 }, input),
      ...autoregression('ar-8-changes', y, { lags: within(upTo(8)), difference: 1 }, input),
    ];
  }
  const m = period;
  const near = m <= 12 ? [...upTo(m + 1), 2 * m] : [1, 2, 3, 4, m - 1, m, m + 1, 2 * m];
  return [
    ...autoregression(`ar-${m}`, y, { lags: within([1, 2, m, m + 1]), difference: 0 }, input),
    ...autoregression(
      `ar-wide-${m}`,
      y,
      { lags: within([1, 2, m - 1, m, m + 1, 2 * m, 3 * m, 4 * m]), difference: 0 },
      input,
    ),
    ...autoregression(`ar-changes-${m}`, y, { lags: within(near), difference: 1 }, input),
    ...autoregression(
      `ar-seasonal-changes-${m}`,
      y,
      { lags: within([1, 2, 3, m, m + 1]), difference: m },
      input,
    ),
  ];
}

/** Methods for a lag beyond the period: a year of weeks or days, a week of hours. */
function longLagMethods(cleaned: Cleaned, period: number, lag: number, input: CandidateInput): Candidate[] {
  const m = period;
  const near = [1, 2, 3, ...(m > 1 ? [m - 1, m, m + 1, 2 * m] : [4])];
  const about = [...near, lag - 1, lag, lag + 1];
  const wide = [...about, 3 * m, 4 * m, lag - m, lag + m];
  const y = cleaned.values;
  const n = y.length;
  const candidates = [
    naive(y, lag, lag),
    yearAgo(y, lag, period),
    ...autoregression(`ar-${m}-${lag}`, cleaned, { lags: about, difference: 0 }, input),
    ...autoregression(`ar-recent-${m}-${lag}`, cleaned, { lags: about, difference: 0, memory: n / 2 }, input),
    ...autoregression(`ar-wide-${m}-${lag}`, cleaned, { lags: wide, difference: 0, memory: n / 3 }, input),
    ...autoregression(`ar-changes-${m}-${lag}`, cleaned, { lags: about, difference: 1 }, input),
  ].filter((candidate) => candidate.minHistory <= n);
  if (n < 2 * lag + 2) return candidates;
  const { forecasts } = fitRobust(
    cleaned.logs ?? y,
    lag,
    smoothingFamily(false, lag),
    input.origins,
    input.h,
  );
  candidates.push(
    told(`smoothing-${lag}`, 2 * lag + 1, forecasts, cleaned.logs === null ? unchanged : exponentiate),
  );
  return candidates;
}

/**
 * The same days a long lag ago, each averaged with its neighbours a period away, on today's level: the shape
 * of a year, where there is little more than one to learn it from.
 */
function yearAgo(y: Float64Array, lag: number, period: number): Candidate {
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
