/** Curves of releases by age since publication: logarithms without the week, so that releases of any size compare. */
import { mean, median as medianOf } from 'simple-statistics';
import { finiteOf, median, medianInPlace } from './summary.js';

export interface LaunchSeries {
  /** One value a day, NaN where there is none. */
  values: Float64Array;
  /** Age in days of values[0]: 0 on the day of publication, below 0 before it. */
  ageAtStart: number;
  /** Weekday of values[0]: 0 for a Monday. */
  weekday: number;
}

export interface LaunchCurve {
  /** logs[age]: logarithm of the value without its weekday; NaN where there is none. */
  logs: Float64Array;
  /** Weekday of age 0. */
  weekday: number;
}

const week = 7;

/** Half a count: a day without any has a logarithm too, and a day of thousands does not notice. */
export const halfCount = 0.5;

/** Logarithms by age, still with the week in them. Days before publication are left out. */
function byAge({ values, ageAtStart, weekday }: LaunchSeries): LaunchCurve {
  const logs = new Float64Array(Math.max(0, values.length + ageAtStart)).fill(Number.NaN);
  for (let i = Math.max(0, -ageAtStart); i < values.length; i++) {
    const value = values[i]!;
    if (Number.isFinite(value)) logs[i + ageAtStart] = Math.log(Math.max(0, value) + halfCount);
  }
  return { logs, weekday: (((weekday - ageAtStart) % week) + week) % week };
}

/** Days of a weekday that its effect is told from. */
const fewestDays = 3;

/**
 * What each weekday adds to the logarithm: medians over all curves of the differences from the mean of the seven
 * days about it; 0 for all where a weekday was seen on fewer than three such days.
 */
function weekdayEffects(curves: readonly LaunchCurve[]): Float64Array {
  const seen: number[][] = Array.from({ length: week }, () => []);
  for (const { logs, weekday } of curves) {
    for (let age = 3; age + 3 < logs.length; age++) {
      let sum = 0;
      for (let i = age - 3; i <= age + 3; i++) sum += logs[i]!;
      // NaN where a day of the seven is missing.
      const difference = logs[age]! - sum / week;
      if (Number.isFinite(difference)) seen[(weekday + age) % week]!.push(difference);
    }
  }
  if (seen.some((differences) => differences.length < fewestDays)) return new Float64Array(week);
  const effects = seen.map(medianOf);
  const centre = mean(effects);
  return Float64Array.from(effects, (effect) => effect - centre);
}

/** The curves of several releases without the week that they share, and what each weekday adds. */
export function launchCurves(series: readonly LaunchSeries[]): {
  curves: LaunchCurve[];
  effects: Float64Array;
} {
  const curves = series.map(byAge);
  const effects = weekdayEffects(curves);
  for (const { logs, weekday } of curves) {
    for (let age = 0; age < logs.length; age++) logs[age] = logs[age]! - effects[(weekday + age) % week]!;
  }
  return { curves, effects };
}

/** One day's noise is no shape: the median of the days about each age, more of them the older the release. */
export function smoothCurve(logs: Float64Array): Float64Array {
  const window = new Float64Array(2 * widestReach + 1);
  return logs.map((_, age) => {
    const reach = Math.min(widestReach, age >> 2);
    let count = 0;
    for (let i = age - reach; i <= age + reach && i < logs.length; i++) {
      if (Number.isFinite(logs[i]!)) window[count++] = logs[i]!;
    }
    return medianInPlace(window, count);
  });
}

const widestReach = 3;

/** Days after which a day says half as much of today's level. */
const levelHalfLife = 7;

/**
 * How much higher one curve lies than another over the ages below `age` that both know: the mean of the differences,
 * the latest ones weighing most, without those beyond three typical deviations from their median.
 * @returns null where they share no such age; `days`: the effective number of differences.
 */
export function levelDifference(
  curve: Float64Array,
  other: Float64Array,
  age: number,
): { difference: number; days: number } | null {
  const shared = Math.min(age, curve.length, other.length);
  const differences = new Float64Array(shared);
  for (let a = 0; a < shared; a++) differences[a] = curve[a]! - other[a]!;
  const known = finiteOf(differences);
  if (known.length === 0) return null;
  const centre = median(known);
  const limit = 3 * 1.4826 * median(known.map((difference) => Math.abs(difference - centre)));
  let sum = 0;
  let weights = 0;
  let squares = 0;
  for (let a = 0; a < shared; a++) {
    const difference = differences[a]!;
    if (!(Math.abs(difference - centre) <= limit)) continue;
    const weight = 0.5 ** ((age - a) / levelHalfLife);
    sum += weight * difference;
    weights += weight;
    squares += weight * weight;
  }
  return { difference: sum / weights, days: (weights * weights) / squares };
}
