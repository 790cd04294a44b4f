import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Clock } from '../contracts/ports.js';
import type { AnalysisSettings } from '../services/analysis-settings.js';
import type { AnalyticsManagerOptions } from '../services/analytics-manager-options.js';
import { PerformanceAnalyticsManager } from '../services/performance-analytics-manager.js';
import { PerformanceService } from '../services/performance-service.js';
import { ResultCache } from '../services/result-cache.js';
import { StockSuccessTracker } from '../services/stock-tracker.js';
import { scopedPool, settingOf, type ArtistScope } from '../store/artist-scope.js';
import type { ScopedServices } from './dependencies.js';

export interface ScopedServicesOptions {
  pool: Pool;
  clock: Clock;
  logger: Logger;
  settings: AnalysisSettings;
  cacheTtlSeconds: number;
  /** Without it caches hear of their own process’s writes alone. */
  changes?: NonNullable<AnalyticsManagerOptions['changes']>;
  exports?: NonNullable<AnalyticsManagerOptions['exports']>;
}

/** Sets of artists whose services are kept with their caches; a team has a handful. */
const mostScopes = 50;

export interface ServicesByScope {
  servicesFor: (scope: ArtistScope) => ScopedServices;
  /** Something was written through the site: no answer of before is given again, in whatever scope. */
  forgetAnswers: () => void;
}

/** Services by scope, each made once: what one scope's cache holds, another's never answers. */
export function createScopedServices(options: ScopedServicesOptions): ServicesByScope {
  const kept = new Map<string, ScopedServices>();
  const make = (scope: ArtistScope): ScopedServices => {
    const { pool: connections, ...shared } = options;
    const { clock, logger, settings, cacheTtlSeconds } = shared;
    const pool = scopedPool(connections, scope);
    const cache = new ResultCache(clock, cacheTtlSeconds);
    return {
      scope,
      pool,
      cache,
      manager: new PerformanceAnalyticsManager(pool, { ...shared, cache }),
      performance: new PerformanceService({ pool, clock, logger }),
      stock: new StockSuccessTracker({ pool, clock, halfLifeDays: settings.halfLifeDays, cache }),
    };
  };
  return {
    servicesFor(scope) {
      const key = settingOf(scope);
      const known = kept.get(key);
      if (known !== undefined) return known;
      const services = make(scope);
      kept.set(key, services);
      const [oldest] = kept;
      if (kept.size > mostScopes && oldest !== undefined) {
        kept.delete(oldest[0]);
        oldest[1].manager.close();
      }
      return services;
    },
    forgetAnswers() {
      for (const { cache } of kept.values()) cache.clear();
    },
  };
}
