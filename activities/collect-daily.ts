import type { CollectProgress } from '../contracts/runs.js';
import { collectDaily } from '../services/collect-daily.js';
import type { CollectInput } from './collect-counters.js';
import type { ActivityDependencies } from './dependencies.js';
import { withHeartbeat } from './heartbeat.js';

/** Fetches daily reports and loads them a stretch of days at a time. */
export function createCollectDaily(deps: ActivityDependencies) {
  return function collectDailyActivity({ runId, input, resumeFrom }: CollectInput): Promise<CollectProgress> {
    return withHeartbeat<CollectProgress, CollectProgress>(({ signal, report }, beaten) =>
      collectDaily(deps, { runId, input, resumeFrom: beaten ?? resumeFrom, signal, onProgress: report }),
    );
  };
}
