/** Short silences: days on which a series that is never near 0 says 0. */
import { sortedQuantile } from './summary.js';

/** More zeros than this are how the series is. */
const mostZeros = 0.1;

/** A zero is out of line where hardly any other value falls below this share of the median. */
const leastShare = 0.2;

/** Share of the values that may fall below it all the same. */
const stray = 0.02;

const shortestSeason = 4;

/**
 * The series with its short silences as gaps: runs of zeros shorter than a season in amounts that else keep well away
 * from 0. They end as they came, so that a filter learns nothing of them, and one zero would rule out logarithms; a
 * run as long as a season may last, and stays.
 * @returns the values themselves where there is no such run.
 */
export function withoutSilences(values: Float64Array, period: number): Float64Array {
  if (!values.includes(0)) return values;
  const known = values.filter(Number.isFinite);
  const loud = known.filter((value) => value > 0).sort();
  const zeros = known.length - loud.length;
  if (zeros > mostZeros * known.length || known.some((value) => value < 0)) return values;
  if (sortedQuantile(loud, stray) < leastShare * sortedQuantile(loud, 0.5)) return values;
  const heard = values.slice();
  for (let from = 0; from < values.length; from++) {
    let to = from;
    while (values[to] === 0) to++;
    if (to - from < Math.max(shortestSeason, period)) heard.fill(Number.NaN, from, to);
    from = Math.max(from, to);
  }
  return heard;
}
