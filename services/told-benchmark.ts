import type { Benchmark } from '../store/benchmarks.js';

/** A benchmark as the library tells it. */
export interface ToldBenchmark {
  id: string;
  artist_id: number | null;
  origin: 'own' | 'external';
  platform: string;
  format: string | null;
  industry: string | null;
  metric: string;
  age_days: number | null;
  p30: number | null;
  median: number | null;
  p70: number | null;
  /** Contents behind an own one. */
  points: number | null;
  withheld: string | null;
  method: string | null;
  version: string | null;
  source: string | null;
  edited_by: string | null;
  /** ISO instants. */
  edited_at: string | null;
  computed_at: string;
}

export function toldBenchmark(benchmark: Benchmark): ToldBenchmark {
  const { artistId, ageDays, sampleSize, withheldReason, methodVersion, toldSource } = benchmark;
  const { id, origin, platform, format, industry, metric, p30, median, p70, method } = benchmark;
  return {
    ...{ id, artist_id: artistId, origin, platform, format, industry, metric, age_days: ageDays },
    ...{ p30, median, p70, points: sampleSize, withheld: withheldReason, method, version: methodVersion },
    source: toldSource,
    edited_by: benchmark.editedBy,
    edited_at: benchmark.editedAt?.toISOString() ?? null,
    computed_at: benchmark.computedAt.toISOString(),
  };
}
