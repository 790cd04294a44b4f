import type { Logger } from 'pino';
import type { Pool } from 'pg';
import type { Clock } from '../contracts/ports.js';
import type { Platform } from '../contracts/vocabulary.js';
import type { AnalysisSettings } from '../services/analysis-settings.js';
import type { AnalysisThreads } from '../services/analysis-threads.js';
import type { CollectionSettings } from '../services/collection.js';
import type { Source } from '../sources/source.js';
import type { Account } from '../store/accounts.js';

export interface PipelineSettings extends CollectionSettings {
  /** Minutes between two collections of a platform's counters. */
  updateFrequencyMinutes(platform: Platform): number;
  /** Days that raw instants of a platform are kept; 0 keeps them for good. */
  retentionDays(platform: Platform): number;
  /** Where files of exports wait, and for how long. */
  exports: { directory: string; linkHours: number };
  /** Where the site keeps files of imports, and those between the look at them and their loading. */
  uploads: { kept: string; waiting: string };
  analysis: AnalysisSettings;
}

/** What activities are made of; a composition root provides it. */
export interface ActivityDependencies {
  pool: Pool;
  clock: Clock;
  logger: Logger;
  settings: PipelineSettings;
  /** CPU work off the thread that polls. */
  threads: AnalysisThreads;
  /** The source of an account under its credential; the same one each time it is asked for. */
  sourceFor(account: Account): Source;
}
