/**
 * Forecasts of young releases: what earlier releases did at equal age, brought to the young one's level. Each
 * earlier release is forecast in the same way from the others, at the same age; that tells how much to trust
 * the shape and how much the release's own days, and how wide the intervals are.
 */
import { meanAbsoluteError } from './forecast-backtest.js';
import { coverageOf, spreadOf } from './forecast-intervals.js';
import { forecast, type ForecastResult } from './forecast.js';
import {
  halfCount,
  launchCurves,
  levelDifference,
  smoothCurve,
  type LaunchCurve,
  type LaunchSeries,
} from './launch-curve.js';
import { fillGaps } from './series.js';
import { countFinite, median } from './summary.js';

const launchShapeVersion = 1;
const week = 7;

export interface YoungOptions {
  /** Days to forecast, at least 1. */
  h: number;
}

/** Fewer earlier releases are no shape. */
const fewestReleases = 3;
/** Of more, the latest are asked: twenty foretold generated launches no better than ten. */
const mostReleases = 12;

interface Peer extends LaunchCurve {
  smooth: Float64Array;
}

/**
 * Forecasts the `h` days after a young release's last one; never below 0.
 *
 * Every earlier release's curve of logarithms by age, without the weekday, is moved to the young one's level
 * over the ages that both have seen; the forecast is their median at each age. It is blended with the forecast
 * from the release's own days by the inverse fourth power of both errors over the earlier releases at this age.
 * @param earlier by time of publication, at any age; those that were not seen past the young one's age are left out.
 * @returns withheld below three earlier releases, without a day, or where the earlier releases foretell each other
 * worse than the last week does.
 * @throws RangeError for h below 1.
 */
export function forecastYoung(
  young: LaunchSeries,
  earlier: readonly LaunchSeries[],
  options: YoungOptions,
): ForecastResult | { withheld: string } {
  const { h } = options;
  if (!(h >= 1)) throw new RangeError('A horizon has at least one day');
  const n = countFinite(young.values);
  if (n === 0) return { withheld: 'needs 1 more day' };
  const age = young.values.length + young.ageAtStart;
  const { curves, effects } = launchCurves([...earlier, young]);
  const own = curves.pop()!;
  const peers = curves
    .filter(({ logs }) => countFinite(logs.subarray(age, age + h)) >= Math.min(h, week))
    .filter(({ logs }) => levelDifference(own.logs, logs, age) !== null)
    .slice(-mostReleases)
    .map((curve): Peer => ({ ...curve, smooth: smoothCurve(curve.logs) }));
  const missing = fewestReleases - peers.length;
  if (missing > 0) {
    const noun = missing === 1 ? 'release' : 'releases';
    return { withheld: `needs ${missing} more earlier ${noun} seen past the age of ${age} days` };
  }
  const trial = leaveOneOut(peers, own, effects, age, h);
  const weight = shapeWeight(trial);
  const shape = shapeForecast(own, peers, effects, age, h);
  const plain = ownForecast(young.values, h);
  const logs = plain === null ? shape : blend(shape, plain, weight);
  const told = { ...trial, predictions: blend(trial.shape, trial.plain, weight) };
  const mae = meanAbsoluteError(trial.actual.map(amount), told.predictions.map(amount));
  const maeNaive = meanAbsoluteError(trial.actual.map(amount), trial.naive.map(amount));
  if (mae > maeNaive)
    return { withheld: 'earlier releases foretell each other worse than the last week does' };
  const errors = { ...told, horizon: h, windows: peers.length };
  const onLogarithms = { floor: Number.NEGATIVE_INFINITY, isAmount: false };
  const spread = spreadOf(errors, onLogarithms, h)(logs);
  const coverage = coverageOf(errors, onLogarithms);
  const shapePart = plain === null ? 1 : weight;
  return {
    method: 'launch_shape',
    version: launchShapeVersion,
    parameters: {
      ...{ h, period: week, long_lag: null, levels: [80, 95], non_negative: true },
      launch: { age, releases: peers.length },
    },
    n,
    weights: { 'launch-shape': shapePart, ...(shapePart < 1 ? { 'own-days': 1 - shapePart } : {}) },
    mean: logs.map(amount),
    lo80: spread.lo80.map(amount),
    hi80: spread.hi80.map(amount),
    lo95: spread.lo95.map(amount),
    hi95: spread.hi95.map(amount),
    backtest: {
      origins: peers.length,
      horizon: h,
      mae,
      mae_naive: maeNaive,
      relative: maeNaive > 0 ? mae / maeNaive : null,
      coverage_80: coverage?.coverage_80 ?? null,
      coverage_95: coverage?.coverage_95 ?? null,
    },
  };
}

function amount(log: number): number {
  return Math.max(0, Math.exp(log) - halfCount);
}

function logarithm(value: number): number {
  return Math.log(Math.max(0, value) + halfCount);
}

/** Logarithms of the days to come from what the peers did at those ages. */
function shapeForecast(
  own: LaunchCurve,
  peers: readonly Peer[],
  effects: Float64Array,
  age: number,
  h: number,
): Float64Array {
  const placed = peers.flatMap(({ logs, smooth }) => {
    const level = levelDifference(own.logs, logs, age);
    return level === null ? [] : [{ smooth, ...level }];
  });
  const shift = shrinkage(placed);
  const enough = Math.min(fewestReleases, placed.length);
  const levels = new Float64Array(h).map((_, k) => {
    const at = placed.map(({ smooth, difference }) => (smooth[age + k] ?? Number.NaN) + difference * shift);
    const known = Float64Array.from(at).filter(Number.isFinite);
    return known.length >= enough ? median(known) : Number.NaN;
  });
  // Where too few peers were seen, the level stays as it was: a straight line over gaps, level at the ends.
  return fillGaps(levels).map((level, k) => level + effects[(own.weekday + age + k) % week]!);
}

/**
 * How much of a difference in level is believed, by how many days tell it: releases of one artist differ by so
 * much, and a day of one by so much.
 */
function shrinkage(placed: readonly { difference: number; days: number }[]): number {
  const differences = Float64Array.from(placed, ({ difference }) => difference);
  const between = Math.max(0.05, median(differences.map((difference) => difference ** 2)));
  const days = median(Float64Array.from(placed, (each) => each.days));
  return between / (between + dayVariance / days);
}

/** Variance of a day's logarithm about its curve: a third either way. */
const dayVariance = 0.1;

/** Logarithms of the forecast from the release's own days; null where they are too few. */
function ownForecast(values: Float64Array, h: number): Float64Array | null {
  const result = forecast(values, { h, period: week, nonNegative: true });
  return 'withheld' in result ? null : result.mean.map(logarithm);
}

interface Trial {
  /** Logarithms, one horizon a peer, moved to the young release's level. */
  actual: Float64Array;
  shape: Float64Array;
  plain: Float64Array;
  naive: Float64Array;
}

/** Each peer as if it were the young one, forecast from the others, from its own days, and by the last week. */
function leaveOneOut(
  peers: readonly Peer[],
  own: LaunchCurve,
  effects: Float64Array,
  age: number,
  h: number,
): Trial {
  const size = peers.length * h;
  const trial: Trial = {
    actual: new Float64Array(size),
    shape: new Float64Array(size),
    plain: new Float64Array(size),
    naive: new Float64Array(size),
  };
  peers.forEach((peer, p) => {
    const others = peers.filter((other) => other !== peer);
    // What the young one has not seen, its peer shall not have seen either.
    const seen = peer.logs.slice(0, age).map((log, a) => (Number.isFinite(own.logs[a]!) ? log : Number.NaN));
    const shape = shapeForecast({ ...peer, logs: seen }, others, effects, age, h);
    const week0 = peer.weekday;
    const withWeek = seen.map((log, a) => log + effects[(week0 + a) % week]!);
    const plain = ownForecast(withWeek.map(amount), h) ?? shape;
    const move = levelDifference(own.logs, peer.logs, age)!.difference;
    for (let k = 0; k < h; k++) {
      const at = p * h + k;
      trial.actual[at] = (peer.logs[age + k] ?? Number.NaN) + effects[(week0 + age + k) % week]! + move;
      trial.shape[at] = shape[k]! + move;
      trial.plain[at] = plain[k]! + move;
      trial.naive[at] = lastWeek(withWeek, k) + move;
    }
  });
  return trial;
}

/** The same weekday of the last week, or the last day known. */
function lastWeek(logs: Float64Array, k: number): number {
  const at = logs.length - week + (k % week);
  if (at >= 0 && Number.isFinite(logs[at]!)) return logs[at]!;
  for (let i = logs.length - 1; i >= 0; i--) if (Number.isFinite(logs[i]!)) return logs[i]!;
  return Number.NaN;
}

/** The shape's share, by the inverse fourth power of the errors over the peers. */
function shapeWeight({ actual, shape, plain }: Trial): number {
  const byShape = meanAbsoluteError(actual, shape) ** 4;
  const byPlain = meanAbsoluteError(actual, plain) ** 4;
  return byShape + byPlain > 0 ? byPlain / (byShape + byPlain) : 1;
}

function blend(shape: Float64Array, plain: Float64Array, weight: number): Float64Array {
  return shape.map((value, i) => weight * value + (1 - weight) * plain[i]!);
}
