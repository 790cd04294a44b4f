/** A content's checkpoints: its value at each age beside its peers' and beside external benchmarks. */
import {
  benchmarkAges,
  benchmarkBand,
  benchmarkMethod,
  benchmarkVersion,
  leastBenchmarkPeers,
  peerQuantiles,
  peersMissing,
  percentileAmong,
  type BenchmarkBand,
  type PeerQuantiles,
} from '../analytics/benchmark.js';
import type { PerformanceBand } from '../analytics/performance-band.js';
import { equalAgeToleranceHours } from '../analytics/release-score.js';
import type { Benchmark } from '../store/benchmarks.js';
import type { AgeFigure } from './age-figures.js';
import { ageReason } from './artist-scores.js';
import type { ContentAgeValue } from './equal-age-values.js';
import { externalBenchmarkFor } from './external-benchmarks.js';

export interface Checkpoint {
  age_days: number;
  metric: string;
  /** Null where withheld. */
  value: number | null;
  /** Why there is no value or no comparison with peers; null where there is both. */
  withheld: string | null;
  /** Peers that have a value. */
  points: number;
  /** The peers' quantiles, the content itself left out; null below five. */
  own: PeerQuantiles | null;
  band: BenchmarkBand | null;
  /** Share of the peers below it, 0..1. */
  percentile: number | null;
  external: ExternalComparison | null;
}

export interface ExternalComparison {
  median: number;
  p30: number | null;
  p70: number | null;
  industry: string | null;
  source: string | null;
  /** Null where the external one tells its middle alone. */
  band: BenchmarkBand | null;
  /** Value / median − 1; null where the median is not positive. */
  relative: number | null;
}

export interface ContentBenchmarks {
  content_id: string;
  platform: string;
  format: string | null;
  /** The release's latest score and what it is worth by the configured thresholds; null where withheld. */
  performance: { score: number; age_days: number; weights_id: number | null; band: PerformanceBand } | null;
  /** A line an age and metric that the content or a peer has a value of. */
  checkpoints: Checkpoint[];
  method: string;
  version: number;
  parameters: { ages_days: readonly number[]; tolerance_hours: number; least_peers: number };
}

export interface CheckpointInput {
  platform: string;
  industry: string | null;
  publishedAt: Date | null;
  now: Date;
  own: readonly ContentAgeValue[];
  peers: readonly AgeFigure[];
  /** Whether the content belongs to an approved release: without one it has no peers. */
  isLinked: boolean;
  external: readonly Benchmark[];
}

export function checkpointsOf(
  input: CheckpointInput,
): Pick<ContentBenchmarks, 'checkpoints' | 'method' | 'version' | 'parameters'> {
  const metrics = Array.from(new Set([...input.own, ...input.peers].map(({ metric }) => metric)));
  return {
    checkpoints: benchmarkAges.flatMap((ageDays) =>
      metrics.map((metric) => checkpoint(input, ageDays, metric)),
    ),
    method: benchmarkMethod,
    version: benchmarkVersion,
    parameters: {
      ages_days: benchmarkAges,
      tolerance_hours: equalAgeToleranceHours,
      least_peers: leastBenchmarkPeers,
    },
  };
}

function checkpoint(input: CheckpointInput, ageDays: number, metric: string): Checkpoint {
  const of = (one: ContentAgeValue): boolean => one.ageDays === ageDays && one.metric === metric;
  const value = input.own.find(of)?.value ?? null;
  const peers = input.peers.filter(of).map((peer) => peer.value);
  const quantiles = peerQuantiles(peers);
  const base = { age_days: ageDays, metric, value, points: peers.length, own: quantiles };
  if (value === null) {
    return {
      ...base,
      ...{ withheld: missingValue(input, ageDays), band: null, percentile: null, external: null },
    };
  }
  return {
    ...base,
    withheld: input.isLinked ? peersMissing(peers.length) : 'belongs to no approved release',
    band: quantiles === null ? null : benchmarkBand(value, quantiles),
    percentile: quantiles === null ? null : percentileAmong(value, peers),
    external: against(value, externalBenchmarkFor(input.external, { ...input, metric, ageDays })),
  };
}

function missingValue({ publishedAt, now }: CheckpointInput, ageDays: number): string {
  if (publishedAt === null) return 'its publication is unknown';
  return ageReason(publishedAt, ageDays, now) ?? `no value within ${equalAgeToleranceHours} hours of the age`;
}

function against(value: number, benchmark: Benchmark | null): ExternalComparison | null {
  if (benchmark?.median == null) return null;
  const { median, p30, p70, industry, toldSource } = benchmark;
  return {
    ...{ median, p30, p70, industry, source: toldSource },
    band: p30 === null || p70 === null ? null : benchmarkBand(value, { p30, median, p70 }),
    relative: median > 0 ? value / median - 1 : null,
  };
}
