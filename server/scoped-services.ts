import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Clock } from '../contracts/ports.js';
import type { AnalysisSettings } from '../services/analysis-settings.js';
import type { AnalyticsManagerOptions } from '../services/analytics-manager-options.js';
import { PerformanceAnalyticsManager } from '../services/performance-analytics-manager.js';
import { PerformanceService } from '../services/performance-service.js';
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

/** Services by scope, each made once: what one scope's cache holds, another's never answers. */
export function createScopedServices(options: ScopedServicesOptions): (scope: ArtistScope) => ScopedServices {
  const kept = new Map<string, ScopedServices>();
  return (scope) => {
    const key = settingOf(scope);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const { pool: connections, ...shared } = options;
    const { clock, logger, settings } = shared;
    const pool = scopedPool(connections, scope);
    const services: ScopedServices = {
      scope,
      pool,
      manager: new PerformanceAnalyticsManager(pool, shared),
      performance: new PerformanceService({ pool, clock, logger }),
      stock: new StockSuccessTracker({ pool, clock, halfLifeDays: settings.halfLifeDays }),
    };
    kept.set(key, services);
    const [oldest] = kept;
    if (kept.size > mostScopes && oldest !== undefined) {
      kept.delete(oldest[0]);
      oldest[1].manager.close();
    }
    return services;
  };
}
