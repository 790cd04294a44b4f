import type { Client } from '@temporalio/client';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Clock } from '../contracts/ports.js';
import type { BackfillDeps } from '../operations/backfills.js';
import type { UiAddress } from '../operations/links.js';
import type { OperatorRunStarter } from '../operations/run-starter.js';
import type { AnalyticsConfig } from '../runtime/configuration.js';
import type { PerformanceAnalyticsManager } from '../services/performance-analytics-manager.js';
import type { PerformanceService } from '../services/performance-service.js';
import type { ResultCache } from '../services/result-cache.js';
import type { StockSuccessTracker } from '../services/stock-tracker.js';
import type { ArtistScope } from '../store/artist-scope.js';

/** The services as one set of artists sees them: row security stands beneath every one of their statements. */
export interface ScopedServices {
  scope: ArtistScope;
  pool: Pool;
  /** Answers of expensive reads, forgotten at every write; the manager keeps its own in it too. */
  cache: ResultCache;
  manager: PerformanceAnalyticsManager;
  performance: PerformanceService;
  stock: StockSuccessTracker;
}

/** What needs Temporal; asked for when a request does, so that reading goes on while it is away. */
export interface Operations {
  client: Client;
  starter: OperatorRunStarter;
  backfills: BackfillDeps;
}

/** Something that the generated world holds, and the page that shows it. */
export interface ThingToNotice {
  text: string;
  /** Path and query. */
  path: string;
}

export interface ShownWorld {
  kind: 'generated' | 'recorded';
  thingsToNotice(): Promise<readonly ThingToNotice[]>;
}

export interface ServerDependencies {
  configuration: AnalyticsConfig;
  clock: Clock;
  logger: Logger;
  ui: UiAddress;
  servicesFor(scope: ArtistScope): ScopedServices;
  /** Something was written through the site: no answer of before is given again, in whatever scope. */
  forgetAnswers(): void;
  /** Of the worker's rights, which loading takes: for requests that see every artist, and few of those. */
  upkeepPool: Pool;
  /** @throws UnreachableError while Temporal does not answer */
  operations(scope: ArtistScope): Promise<Operations>;
  /** What the pages say of where the data comes from; null in production. */
  demo: ShownWorld | null;
}
