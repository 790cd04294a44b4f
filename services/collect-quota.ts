/** The quota ledger as sources see it: units are reserved before a call, for the platform's own quota day. */
import { addDays, dayBounds, dayOf } from '../analytics/calendar.js';
import type { QuotaGate } from '../contracts/ports.js';
import type { Platform } from '../contracts/vocabulary.js';
import { QuotaError } from '../sources/errors.js';
import type { QuotaBucket } from '../sources/source.js';
import { markExhausted, reserveQuota } from '../store/quota.js';
import type { CollectionDeps } from './collection.js';

/** Who asks: a share of each day is kept for schedules, so that a backfill cannot starve them. */
export type QuotaPurpose = 'schedule' | 'backfill';

const scheduleShare = 0.2;

/** The gate of one platform's project. Its `reserve` throws QuotaError with the bucket's next reset. */
export function quotaGate(
  deps: Pick<CollectionDeps, 'pool' | 'clock' | 'settings'>,
  platform: Platform,
  buckets: Readonly<Record<string, QuotaBucket>>,
  purpose: QuotaPurpose,
): QuotaGate {
  const today = (zone: string): string => dayOf(deps.clock.now(), zone);
  const limitOf = (bucket: QuotaBucket): number | null =>
    bucket.dailyLimit === null ? null : (deps.settings.quotaUnitsPerDay(platform) ?? bucket.dailyLimit);
  return {
    async reserve(name, units) {
      const bucket = buckets[name];
      const limit = bucket === undefined ? null : limitOf(bucket);
      if (bucket === undefined || limit === null) return;
      const quotaDay = today(bucket.zone);
      const { granted, exhaustedUntil } = await reserveQuota(deps.pool, {
        project: platform,
        bucket: name,
        units,
        limit,
        quotaDay,
        keptShare: purpose === 'backfill' ? scheduleShare : 0,
        now: deps.clock.now(),
      });
      if (granted) return;
      const resetsAt = exhaustedUntil ?? dayBounds(addDays(quotaDay, 1), bucket.zone).start;
      throw new QuotaError(`The ${name} quota of ${platform} is used up for ${quotaDay}`, name, resetsAt);
    },
    async exhausted(name, resetsAt) {
      const bucket = buckets[name];
      if (bucket === undefined) return;
      const limit = limitOf(bucket) ?? 0;
      const usage = { project: platform, bucket: name, quotaDay: today(bucket.zone), limit };
      await markExhausted(deps.pool, usage, resetsAt);
    },
  };
}
