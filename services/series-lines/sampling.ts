/** How densely a series is sampled. */

const msPerDay = 86_400_000;

/**
 * Points a day by the median step between instants (ms since 1970, ascending), so that gaps and double entries
 * do not count; null where no two differ.
 */
export function samplesPerDayOf(times: Float64Array): number | null {
  const steps = times
    .subarray(1)
    .map((time, i) => time - times[i]!)
    .filter((step) => step > 0)
    .sort();
  const median = steps[steps.length >> 1];
  return median === undefined ? null : msPerDay / median;
}
