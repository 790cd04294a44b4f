/** Which external benchmark speaks of a content's value, and where they start from. */
import type { Platform } from '../contracts/vocabulary.js';
import type { Benchmark } from '../store/benchmarks.js';
import { ageEngagementRate } from './age-figures.js';

/** The name that published rates of engagement go by. */
export const engagementRateMetric = 'engagement_rate';
/** Where a benchmark is from that nobody edited. */
export const startingSource = 'configuration: benchmark_engagement_rate';

/** The configured rates as benchmarks to start from. */
export function configuredBenchmarks(
  rates: Readonly<Partial<Record<Platform, number>>>,
): { platform: string; median: number }[] {
  return Object.entries(rates).map(([platform, median]) => ({ platform, median }));
}

/**
 * The external benchmark of a platform's metric at an age. The artist's own goes before a shared one, the
 * industry's before one for any, the age's before one for any; null where none fits.
 */
export function externalBenchmarkFor(
  benchmarks: readonly Benchmark[],
  subject: { platform: string; metric: string; ageDays: number; industry: string | null },
): Benchmark | null {
  const metric = subject.metric === ageEngagementRate ? engagementRateMetric : subject.metric;
  const fits = benchmarks.filter(
    (one) =>
      one.origin === 'external' &&
      one.platform === subject.platform &&
      one.metric === metric &&
      (one.industry === null || one.industry === subject.industry) &&
      (one.ageDays === null || one.ageDays === subject.ageDays),
  );
  const closeness = (one: Benchmark): number =>
    (one.artistId === null ? 0 : 4) + (one.industry === null ? 0 : 2) + (one.ageDays === null ? 0 : 1);
  return fits.reduce<Benchmark | null>(
    (best, one) => (best === null || closeness(one) > closeness(best) ? one : best),
    null,
  );
}
