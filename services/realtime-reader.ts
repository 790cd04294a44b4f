import type { Pool } from 'pg';
import type { EngagementSnapshot } from '../contracts/models.js';
import type { Clock } from '../contracts/ports.js';
import type { Platform } from '../contracts/vocabulary.js';
import { latestValues, summedMetrics } from '../store/engagement.js';
import { StoreError } from '../store/errors.js';
import { latestMoment, latestOfPlatform, type ReadingMoment } from '../store/realtime.js';
import { computedEngagementRate, requirePlatform } from './engagement-tracker.js';
import { requireContent } from './known-contents.js';

/** How old a reading is. */
export interface ReadingAge {
  /** From the platform's own time of the figures until now. */
  age_seconds: number;
  /** From that time until they were learnt. */
  lag_seconds: number;
}

export interface RealtimeSnapshot extends EngagementSnapshot, ReadingAge {}

export interface RealtimePlatform extends ReadingAge {
  platform: Platform;
  total_content_pieces: number;
  /** Of the newest reading. RFC 3339, UTC. */
  timestamp: string;
  /** Sums over the contents of the last value of each. */
  metrics: Record<string, number>;
  /** (likes + comments + shares) / views; null without views. */
  engagement_rate_computed: number | null;
}

/** What stands now, without a cache: the latest snapshots with their age and lag. */
export class RealtimeReader {
  constructor(private readonly deps: { pool: Pool; clock: Clock }) {}

  /** @throws StoreError `notFound` for an unknown content, and for one without a snapshot yet */
  async getContentMetrics(contentId: string): Promise<RealtimeSnapshot> {
    const { pool } = this.deps;
    const content = await requireContent(pool, contentId);
    const latest = await latestValues(pool, content.contentId);
    const moment = await latestMoment(pool, content.contentId);
    if (latest === null || moment === null)
      throw new StoreError('notFound', `Nothing was read of «${contentId}» yet.`);
    return {
      content_id: content.contentKey,
      platform: content.platform,
      timestamp: moment.recordedAt.toISOString(),
      metrics: latest.values,
      metadata: latest.metadata,
      ...this.ageOf(moment),
    };
  }

  /** @throws BadInputError for an unknown platform, StoreError `notFound` where nothing was read of it yet */
  async getPlatformMetrics(platform: string): Promise<RealtimePlatform> {
    const name = requirePlatform(platform);
    const latest = await latestOfPlatform(this.deps.pool, name);
    if (latest === null) throw new StoreError('notFound', `Nothing was read of ${name} yet.`);
    const told = summedMetrics.flatMap((metric) => {
      const value = latest[metric];
      return value === null ? [] : [[metric, value] as const];
    });
    return {
      platform: name,
      total_content_pieces: latest.contents,
      timestamp: latest.recordedAt.toISOString(),
      metrics: Object.fromEntries(told),
      engagement_rate_computed: computedEngagementRate(latest),
      ...this.ageOf(latest),
    };
  }

  private ageOf({ recordedAt, learntAt }: ReadingMoment): ReadingAge {
    const secondsSince = (later: Date): number => Math.max(0, later.getTime() - recordedAt.getTime()) / 1_000;
    return { age_seconds: secondsSince(this.deps.clock.now()), lag_seconds: secondsSince(learntAt) };
  }
}
