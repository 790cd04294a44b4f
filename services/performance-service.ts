import type { Logger } from 'pino';
import type { Pool } from 'pg';
import type { Clock } from '../contracts/ports.js';
import { StoreError, storeError, type StoreErrorCode } from '../store/errors.js';
import { migrate } from '../store/migrate.js';
import {
  getPerformanceData,
  insertPerformanceRecord,
  type PerformanceFilter,
  type PerformanceRecord,
} from '../store/performance-records.js';

/** Every failure of the performance service; its message tells what to do about it, its `cause` what it was. */
export class PerformanceDbError extends Error {
  override readonly name = 'PerformanceDbError';
  readonly code: StoreErrorCode;

  constructor(cause: StoreError) {
    super(cause.hint === null ? cause.message : `${cause.message} ${cause.hint}`, { cause });
    this.code = cause.code;
  }
}

export interface PerformanceServiceDeps {
  pool: Pool;
  clock: Clock;
  logger: Logger;
}

async function inOwnTerms<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new PerformanceDbError(storeError(error));
  }
}

/** The address that a pool connects to. @throws StoreError for a pool that was made without one. */
export function addressOf(pool: Pool): string {
  const address = pool.options.connectionString;
  if (address === undefined) {
    throw new StoreError('rejected', 'The pool was made without a connection string, which migrations need.');
  }
  return address;
}

/** Values told for releases, one at a time, and the long view over everything that is known. */
export class PerformanceService {
  constructor(private readonly deps: PerformanceServiceDeps) {}

  /**
   * Brings the database to this program's schema; one that is there already is left as it is.
   * @returns the names of the migrations that were applied.
   * @throws PerformanceDbError
   */
  applySchema(): Promise<string[]> {
    const { pool, logger } = this.deps;
    return inOwnTerms(async () => migrate({ databaseUrl: addressOf(pool), logger }));
  }

  /**
   * Records a value of an approved release on a platform; true once it stands. The same value told again
   * changes nothing, another one of the same instant replaces it and leaves a revision.
   * @throws PerformanceDbError: `notFound` for a release that is missing, `rejected` for one that is not
   *   approved, for an unknown platform, and for a value that is not finite.
   */
  insertPerformanceRecord(
    releaseId: number,
    platform: string,
    metricName: string,
    metricValue: number,
    recordedAt: Date = this.deps.clock.now(),
  ): Promise<boolean> {
    return inOwnTerms(() =>
      insertPerformanceRecord(this.deps.pool, releaseId, platform, metricName, metricValue, recordedAt),
    );
  }

  /** `insertPerformanceRecord` under its other name. @throws PerformanceDbError */
  addPerformanceMetric(
    releaseId: number,
    platform: string,
    metricType: string,
    metricValue: number,
    recordedAt?: Date,
  ): Promise<boolean> {
    return this.insertPerformanceRecord(releaseId, platform, metricType, metricValue, recordedAt);
  }

  /** Every record of a release, in order of time. @throws PerformanceDbError */
  getPerformanceMetricsForRelease(releaseId: number): Promise<PerformanceRecord[]> {
    return this.getPerformanceData({ release_id: releaseId });
  }

  /** The records that match every filter told, in order of time; the range is half-open. @throws PerformanceDbError */
  getPerformanceData(filter: PerformanceFilter = {}): Promise<PerformanceRecord[]> {
    return inOwnTerms(() => getPerformanceData(this.deps.pool, filter));
  }
}
