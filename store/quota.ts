/** The quota ledger: what was reserved of each project's bucket in the platform's own quota day. */
import { StoreError } from './errors.js';
import { execute, queryRow, queryRows, type Queryable } from './queryable.js';

export interface QuotaRequest {
  project: string;
  bucket: string;
  /** Whole and positive. */
  units: number;
  limit: number;
  /** ISO day in the platform's own zone. */
  quotaDay: string;
  now: Date;
  /** Share of the limit (0..1) kept for others: a backfill leaves it to the schedules. None unless told. */
  keptShare?: number;
}

export interface QuotaAnswer {
  granted: boolean;
  reserved: number;
  /** The platform itself said that nothing is left until then. */
  exhaustedUntil: Date | null;
}

export interface QuotaUsage {
  project: string;
  bucket: string;
  quotaDay: string;
  reserved: number;
  limit: number;
  exhaustedUntil: Date | null;
}

/**
 * Reserves all the units or none, in one statement: reservations side by side never exceed the limit together.
 * @throws StoreError `rejected` for units that are not whole and positive
 */
export async function reserveQuota(db: Queryable, request: QuotaRequest): Promise<QuotaAnswer> {
  const { project, bucket, units, limit, quotaDay, now } = request;
  if (!Number.isInteger(units) || units <= 0) {
    throw new StoreError('rejected', `Quota is reserved in whole units above zero, not ${units}`);
  }
  const allowed = Math.floor(limit * (1 - (request.keptShare ?? 0)));
  const granted = await queryRow<Omit<QuotaAnswer, 'granted'>>(
    db,
    `insert into quota_usage as q (project, bucket, quota_day, reserved, quota_limit)
     select $1, $2, $3::date, $4::integer, $5::integer where $4::integer <= $6::integer
     on conflict on constraint quota_usage_pkey do update set
       reserved = q.reserved + excluded.reserved, quota_limit = excluded.quota_limit
     where q.reserved + excluded.reserved <= $6::integer
       and (q.exhausted_until is null or q.exhausted_until <= $7)
     returning reserved, exhausted_until as "exhaustedUntil"`,
    [project, bucket, quotaDay, units, limit, allowed, now],
  );
  if (granted !== null) return { granted: true, ...granted };
  const current = await queryRow<Omit<QuotaAnswer, 'granted'>>(
    db,
    `select reserved, exhausted_until as "exhaustedUntil" from quota_usage
     where project = $1 and bucket = $2 and quota_day = $3`,
    [project, bucket, quotaDay],
  );
  return {
    granted: false,
    reserved: current?.reserved ?? 0,
    exhaustedUntil: current?.exhaustedUntil ?? null,
  };
}

/** The platform said that the bucket is empty: nothing is granted until the instant. @throws StoreError */
export async function markExhausted(
  db: Queryable,
  bucket: Pick<QuotaUsage, 'project' | 'bucket' | 'quotaDay' | 'limit'>,
  until: Date,
): Promise<void> {
  await execute(
    db,
    `insert into quota_usage as q (project, bucket, quota_day, quota_limit, exhausted_until)
     values ($1, $2, $3, $4, $5)
     on conflict on constraint quota_usage_pkey do update set
       exhausted_until = greatest(q.exhausted_until, excluded.exhausted_until)`,
    [bucket.project, bucket.bucket, bucket.quotaDay, bucket.limit, until],
  );
}

/** From the quota day on, newest first. @throws StoreError */
export async function quotaUsage(db: Queryable, sinceDay: string): Promise<QuotaUsage[]> {
  return queryRows<QuotaUsage>(
    db,
    `select project, bucket, quota_day::text as "quotaDay", reserved, quota_limit as "limit",
       exhausted_until as "exhaustedUntil"
     from quota_usage where quota_day >= $1
     order by quota_day desc, project, bucket`,
    [sinceDay],
  );
}
