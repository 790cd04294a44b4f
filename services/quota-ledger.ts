/** What is left of each platform's quota, and when it is full again. */
import { addDays, dayBounds } from '../analytics/calendar.js';
import type { Clock } from '../contracts/ports.js';
import { quotaZoneOf } from '../sources/quota-zone.js';
import type { Queryable } from '../store/queryable.js';
import { quotaUsage } from '../store/quota.js';

export interface QuotaLine {
  project: string;
  bucket: string;
  /** ISO day in the platform's own zone. */
  quota_day: string;
  used: number;
  limit: number;
  /** 0 also while the platform itself says that nothing is left. */
  left: number;
  /** When the day's units are there again. */
  resets_at: Date;
  /** The platform said so until then; null where it did not. */
  exhausted_until: Date | null;
  /** Whether `resets_at` is still to come; of a day that is over everything is there again. */
  is_current: boolean;
}

/** From the quota day on, the newest day first. @throws StoreError */
export async function quotaLedger(
  { db, clock }: { db: Queryable; clock: Clock },
  sinceDay: string,
): Promise<QuotaLine[]> {
  const now = clock.now();
  const usage = await quotaUsage(db, sinceDay);
  return usage.map(({ project, bucket, quotaDay, reserved, limit, exhaustedUntil }) => {
    const midnight = dayBounds(addDays(quotaDay, 1), quotaZoneOf(project)).start;
    const isExhausted = exhaustedUntil !== null && exhaustedUntil > now;
    const resetsAt = isExhausted ? exhaustedUntil : midnight;
    return {
      project,
      bucket,
      quota_day: quotaDay,
      used: reserved,
      limit,
      left: isExhausted ? 0 : Math.max(0, limit - reserved),
      resets_at: resetsAt,
      exhausted_until: exhaustedUntil,
      is_current: resetsAt > now,
    };
  });
}
