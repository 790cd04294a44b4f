import type { Pool } from 'pg';
import type { Clock } from '../contracts/ports.js';
import type { AnalysisSettings } from './analysis-settings.js';
import type { LibraryExportDeps } from './exports/library-exports.js';
import type { ResultCache } from './result-cache.js';

/** What the parts of the analytics manager share. */
export interface AnalyticsDeps {
  pool: Pool;
  clock: Clock;
  settings: AnalysisSettings;
  cache: ResultCache;
  exports: LibraryExportDeps;
}
