/** `/api/v1`: what is known of releases, what was found in it, and how it came here. */
import type { FastifyInstance } from 'fastify';
import type { ServerDependencies } from '../../dependencies.js';
import { registerAnnotations } from './annotations.js';
import { registerAnomalies } from './anomalies.js';
import { registerArtists } from './artists.js';
import { registerAuditLog } from './audit-log.js';
import { registerBackfills } from './backfills.js';
import { registerBenchmarks } from './benchmarks.js';
import { registerClipUsages } from './clip-usages.js';
import { registerContents } from './contents.js';
import { registerCorrelations } from './correlations.js';
import { registerExperiments } from './experiments.js';
import { registerExports } from './exports.js';
import { registerImports } from './imports.js';
import { registerInsights } from './insights.js';
import { registerKeys } from './keys.js';
import { registerLedgers } from './ledgers.js';
import { registerPerformanceRecords } from './performance-records.js';
import { registerReleaseSeries } from './release-series.js';
import { registerReleases } from './releases.js';
import { registerRestatements } from './restatements.js';
import { registerRuns } from './runs.js';
import { registerSchedules } from './schedules.js';
import { registerScores } from './scores.js';
import { registerStockSources } from './stock-sources.js';
import { registerTrends } from './trends.js';

const groups = [
  registerArtists,
  registerReleases,
  registerReleaseSeries,
  registerContents,
  registerPerformanceRecords,
  registerAnomalies,
  registerTrends,
  registerCorrelations,
  registerScores,
  registerBenchmarks,
  registerInsights,
  registerExperiments,
  registerAnnotations,
  registerStockSources,
  registerClipUsages,
  registerLedgers,
  registerRestatements,
  registerRuns,
  registerSchedules,
  registerBackfills,
  registerImports,
  registerExports,
  registerKeys,
  registerAuditLog,
] as const;

export function registerV1(app: FastifyInstance, deps: ServerDependencies): void {
  for (const register of groups) register(app, deps);
}
