import { resolve } from 'node:path';
import { pino, type Logger } from 'pino';
import type { Pool } from 'pg';
import type { Clock, ExportStarter } from '../contracts/ports.js';
import type { ChangeListener } from '../store/change-listener.js';
import type { AnalyticsDeps } from './analytics-deps.js';
import { defaultAnalysisSettings, type AnalysisSettings } from './analysis-settings.js';
import { ResultCache } from './result-cache.js';

export interface AnalyticsManagerOptions {
  /** The system's unless told. */
  clock?: Clock;
  /** Silent unless told. */
  logger?: Logger;
  settings?: AnalysisSettings;
  /** CACHE_TTL_SECONDS; 300 unless told. */
  cacheTtlSeconds?: number;
  /** One that others keep answers in too; of its own, with `cacheTtlSeconds`, unless told. */
  cache?: ResultCache;
  /** Tells of other processes' writes, which then empty the cache; without it only this manager's own do. */
  changes?: Pick<ChangeListener, 'subscribe'>;
  /** Makes large exports in the background; without it they are made in this process. */
  starter?: ExportStarter;
  exports?: {
    /** Where their files wait; `.tidemark/exports-out` unless told. */
    directory?: string;
    /** EXPORT_LINK_HOURS; 24 unless told. */
    linkHours?: number;
    /** Who is noted as having asked; `program` unless told. */
    requestedBy?: string;
  };
}

const defaultCacheTtlSeconds = 300;
const defaultLinkHours = 24;

/** What the manager and its parts are made of, with defaults in place of what was not told. */
export interface ManagerParts extends AnalyticsDeps {
  logger: Logger;
  cacheTtlSeconds: number;
}

export function managerParts(pool: Pool, options: AnalyticsManagerOptions): ManagerParts {
  const clock = options.clock ?? { now: () => new Date() };
  const settings = options.settings ?? defaultAnalysisSettings;
  const cacheTtlSeconds = options.cacheTtlSeconds ?? defaultCacheTtlSeconds;
  return {
    ...{ pool, clock, settings, cacheTtlSeconds },
    logger: options.logger ?? pino({ level: 'silent' }),
    cache: options.cache ?? new ResultCache(clock, cacheTtlSeconds),
    exports: {
      ...{ pool, clock, halfLifeDays: settings.halfLifeDays, starter: options.starter ?? null },
      directory: resolve(options.exports?.directory ?? '.tidemark/exports-out'),
      linkHours: options.exports?.linkHours ?? defaultLinkHours,
      requestedBy: options.exports?.requestedBy ?? 'program',
    },
  };
}
