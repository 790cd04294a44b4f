/** A content's figures beside those of its peers at equal age. */
import { sortedQuantile } from './summary.js';

export const benchmarkMethod = 'quantiles of peers at equal age, Hyndman & Fan type 7';
export const benchmarkVersion = 1;
/** Days after publication at which contents are compared. */
export const benchmarkAges: readonly number[] = [1, 3, 7, 28];
/** Fewer than this make no quantile that means anything. */
export const leastBenchmarkPeers = 5;

export interface PeerQuantiles {
  p30: number;
  median: number;
  p70: number;
}

export type BenchmarkBand = 'below' | 'typical' | 'above';

/**
 * 30th, 50th and 70th percentile of the finite values, linearly between order statistics (Hyndman & Fan 1996,
 * type 7); null below five of them.
 */
export function peerQuantiles(values: readonly number[]): PeerQuantiles | null {
  const sorted = Float64Array.from(values.filter((value) => Number.isFinite(value))).sort();
  if (sorted.length < leastBenchmarkPeers) return null;
  return {
    p30: sortedQuantile(sorted, 0.3),
    median: sortedQuantile(sorted, 0.5),
    p70: sortedQuantile(sorted, 0.7),
  };
}

/** Where a value lies: below the 30th percentile, above the 70th, or between; the limits are typical. */
export function benchmarkBand(value: number, { p30, p70 }: PeerQuantiles): BenchmarkBand {
  if (value < p30) return 'below';
  return value > p70 ? 'above' : 'typical';
}

/** Share of the peers below a value, ties counting half; 0..1, NaN without a peer. The value is not its own peer. */
export function percentileAmong(value: number, peers: readonly number[]): number {
  let below = 0;
  for (const peer of peers) below += peer < value ? 1 : peer === value ? 0.5 : 0;
  return below / peers.length;
}

/** What a missing number of peers makes of a comparison. */
export function peersMissing(peers: number): string | null {
  const missing = leastBenchmarkPeers - peers;
  return missing > 0
    ? `needs ${missing} more ${missing === 1 ? 'content' : 'contents'} to compare with`
    : null;
}

/**
 * The rate of engagement at an age, a fraction: likes, comments and shares over views, the untold ones left out;
 * for a track, whose platform tells neither, saves over streams. Null without either base or any part of it.
 */
export function engagementRateOf(values: ReadonlyMap<string, number>): number | null {
  const views = values.get('views') ?? 0;
  if (views > 0) {
    const parts = ['likes', 'comments', 'shares'].flatMap((metric) => values.get(metric) ?? []);
    return parts.length === 0 ? null : parts.reduce((sum, part) => sum + part, 0) / views;
  }
  const streams = values.get('streams') ?? 0;
  const saves = values.get('saves');
  return streams > 0 && saves !== undefined ? saves / streams : null;
}
