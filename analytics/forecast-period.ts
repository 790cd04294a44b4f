/** Which season a forecast reckons with where none is told, and which longer lag it tries. */
import { mean } from './summary.js';

/** Points a season that the calendar suggests: quarters, days of a week, months, hours of a day, weeks of a year. */
const calendarPeriods = [4, 7, 12, 24];

/** At a year of weeks the methods for a long lag do better than those for a season. */
const longestSeason = 24;

/** A season shows in the changes from point to point by at least this correlation. */
const leastCorrelation = 0.3;

/** Times the season has to be seen. */
const cycles = 4;

/**
 * The calendar's period at which the changes of the values correlate most, where they clearly do; 1 where none
 * does. Changes, since a trend or a wandering level correlates at every lag.
 * @param y without gaps.
 */
export function guessPeriod(y: Float64Array): number {
  const changes = y.subarray(1).map((value, i) => value - y[i]!);
  const centre = mean(changes);
  let squares = 0;
  for (const change of changes) squares += (change - centre) ** 2;
  const correlationAt = (lag: number): number => {
    let products = 0;
    for (let i = lag; i < changes.length; i++)
      products += (changes[i]! - centre) * (changes[i - lag]! - centre);
    return squares > 0 ? products / squares : 0;
  };
  let best = 1;
  let most = Math.max(leastCorrelation, 2.5 / Math.sqrt(changes.length));
  for (const period of calendarPeriods) {
    if (period > longestSeason || y.length < cycles * period) continue;
    const correlation = correlationAt(period);
    if (
      correlation <= most ||
      correlation <= correlationAt(period - 1) ||
      correlation <= correlationAt(period + 1)
    )
      continue;
    best = period;
    most = correlation;
  }
  return best;
}

/** A year of weeks (some of which repeat about every four), a year of days in whole weeks, a week of hours. */
const longLags: Readonly<Record<number, number>> = { 1: 52, 4: 52, 7: 364, 24: 168 };

/** Points beyond the long lag from which a method can learn of it. */
const seenBeyond = 100;

/** The lag beyond the period at which a series of n points may repeat itself; null where it is too short to tell. */
export function longLagOf(period: number, n: number): number | null {
  const lag = longLags[period];
  return lag !== undefined && n > lag + seenBeyond ? lag : null;
}
