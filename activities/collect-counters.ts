import type { CollectProgress, CollectStatsInput } from '../contracts/runs.js';
import { collectCounters } from '../services/collect-counters.js';
import type { ActivityDependencies } from './dependencies.js';
import { withHeartbeat } from './heartbeat.js';

export interface CollectInput {
  runId: string;
  input: CollectStatsInput;
  /** What the run had committed before it had to wait; a crash is resumed from the heartbeat instead. */
  resumeFrom: CollectProgress | null;
}

/** Fetches counters and loads them chunk by chunk. */
export function createCollectCounters(deps: ActivityDependencies) {
  return function collectCountersActivity({
    runId,
    input,
    resumeFrom,
  }: CollectInput): Promise<CollectProgress> {
    return withHeartbeat<CollectProgress, CollectProgress>(({ signal, report }, beaten) =>
      collectCounters(deps, { runId, input, resumeFrom: beaten ?? resumeFrom, signal, onProgress: report }),
    );
  };
}
