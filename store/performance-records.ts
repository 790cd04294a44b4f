/** The contract's records: single values told for a release, and the long view over all facts. */
import type { ValueSource } from '../contracts/records.js';
import { StoreError } from './errors.js';
import { queryRow, queryRows, type Queryable } from './queryable.js';

/** A row of `content_performance`. */
export interface PerformanceRecord {
  /** Null for a content that waits to be linked. */
  release_id: number | null;
  platform: string;
  metric_name: string;
  metric_value: number;
  recorded_at: Date;
  content_id: string;
  /** An instant's counter or gauge, or a day's increment (`<metric>_close` for its close). */
  grain: 'instant' | 'day';
  source: ValueSource;
  artist_id: number | null;
}

export interface PerformanceFilter {
  artist_id?: number | undefined;
  release_id?: number | undefined;
  /** In any case; `x` is twitter. */
  platform?: string | undefined;
  /** Half-open. */
  start_date?: Date | undefined;
  end_date?: Date | undefined;
}

/**
 * Records a manual value of an approved release at an instant (now unless told); true once it stands. Another
 * value of the same instant is replaced and stays as a revision.
 * @throws StoreError `notFound` for a release that is missing; `rejected` for one that is not approved, for an
 *   unknown platform, a metric without a name, a value or an instant that is not finite
 */
export async function insertPerformanceRecord(
  db: Queryable,
  releaseId: number,
  platform: string,
  metricName: string,
  metricValue: number,
  recordedAt?: Date,
): Promise<boolean> {
  if (recordedAt !== undefined && Number.isNaN(recordedAt.getTime())) {
    throw new StoreError('rejected', 'The instant of the value is not a valid date');
  }
  const row = await queryRow<{ stands: boolean }>(
    db,
    'select insert_performance_record($1, $2, $3, $4, coalesce($5, now())) as stands',
    [releaseId, platform, metricName, metricValue, recordedAt ?? null],
  );
  return row?.stands ?? false;
}

/**
 * Effective values that match every filter told, in order of time.
 * @throws StoreError `rejected` for an unknown platform
 */
export async function getPerformanceData(
  db: Queryable,
  filter: PerformanceFilter = {},
): Promise<PerformanceRecord[]> {
  return queryRows<PerformanceRecord>(
    db,
    `select release_id, platform, metric_name, metric_value, recorded_at, content_id, grain, source, artist_id
     from get_performance_data($1, $2, $3, $4, $5)`,
    [
      filter.artist_id ?? null,
      filter.release_id ?? null,
      filter.platform ?? null,
      filter.start_date ?? null,
      filter.end_date ?? null,
    ],
  );
}
