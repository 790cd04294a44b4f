import type { Pool } from 'pg';
import type { Platform } from '../contracts/vocabulary.js';
import { storeError } from '../store/errors.js';
import { queryRow } from '../store/queryable.js';

export interface SystemStatus {
  database: { connected: boolean; latency_ms: number | null; version: string | null; error: string | null };
  cache: { size: number; hits: number; misses: number; hit_ratio: number };
  configuration: {
    supported_platforms: readonly Platform[];
    min_data_points_for_analysis: number;
    correlation_significance_threshold: number;
    low_performance_threshold: number;
    high_performance_threshold: number;
    cache_ttl_seconds: number;
  };
}

/** Never throws: a database that does not answer is told as such. */
export async function databaseStatus(pool: Pool): Promise<SystemStatus['database']> {
  const started = performance.now();
  try {
    const row = await queryRow<{ version: string }>(
      pool,
      `select current_setting('server_version') as version`,
    );
    const latency = Math.round((performance.now() - started) * 10) / 10;
    return { connected: true, latency_ms: latency, version: row?.version ?? null, error: null };
  } catch (error) {
    return { connected: false, latency_ms: null, version: null, error: storeError(error).message };
  }
}
