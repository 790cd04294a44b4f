/** What every step of the analysis chain takes, and how it walks over the contents of a scope. */
import type { Logger } from 'pino';
import type { Pool } from 'pg';
import type { Clock } from '../contracts/ports.js';
import type { AnalysisScope, AnalysisStepName, AnalysisStepResult } from '../contracts/runs.js';
import { contentIdsOfScope } from '../store/contents.js';
import type { AnalysisSettings } from './analysis-settings.js';
import type { AnalysisThreads } from './analysis-threads.js';

export interface AnalysisDeps {
  pool: Pool;
  clock: Clock;
  logger: Logger;
  settings: AnalysisSettings;
  threads: AnalysisThreads;
}

/** How far a step has come; what it found until then is stored. */
export interface AnalysisProgress {
  /** Id of the last content, artist or release that was done, by the order of the step. */
  cursor: number;
  subjects: number;
  found: number;
  withheld: number;
}

export interface AnalysisStepInput {
  /** The run that the results are stored under. */
  runId: string;
  scope: AnalysisScope;
  /** Once aborted, the step throws its reason before the next batch. */
  signal: AbortSignal;
  /** Told after each batch that was committed. */
  onProgress(progress: AnalysisProgress): void;
  /** Takes up the step after the cursor. */
  resumeFrom?: AnalysisProgress | null;
}

export type AnalysisStep = (deps: AnalysisDeps, input: AnalysisStepInput) => Promise<AnalysisStepResult>;

const nothingYet: AnalysisProgress = { cursor: 0, subjects: 0, found: 0, withheld: 0 };

/** What a batch adds to the progress. */
export interface BatchOutcome {
  subjects: number;
  found: number;
  withheld: number;
}

/**
 * Walks over ids in ascending order, a batch at a time, from the cursor on, telling the progress after each.
 * A batch is made smaller while the process is larger than the settings allow.
 */
export async function walkBatches(
  step: AnalysisStepName,
  deps: AnalysisDeps,
  input: AnalysisStepInput,
  ids: readonly number[],
  work: (batch: readonly number[]) => Promise<BatchOutcome>,
): Promise<AnalysisStepResult> {
  const { settings } = deps;
  return walk(step, deps, input, ids, work, () =>
    process.memoryUsage.rss() > settings.memoryLimitMiB * 2 ** 20
      ? settings.reducedBatchSize
      : settings.batchSize,
  );
}

/** The same for subjects that are each a batch of their own, such as an artist with all releases. */
export async function walkSubjects(
  step: AnalysisStepName,
  deps: AnalysisDeps,
  input: AnalysisStepInput,
  ids: readonly number[],
  work: (id: number) => Promise<BatchOutcome>,
): Promise<AnalysisStepResult> {
  return walk(
    step,
    deps,
    input,
    ids,
    ([id]) => work(id!),
    () => 1,
  );
}

async function walk(
  step: AnalysisStepName,
  deps: AnalysisDeps,
  input: AnalysisStepInput,
  ids: readonly number[],
  work: (batch: readonly number[]) => Promise<BatchOutcome>,
  batchSize: () => number,
): Promise<AnalysisStepResult> {
  let progress = input.resumeFrom ?? nothingYet;
  let rest = ids.filter((id) => id > progress.cursor);
  while (rest.length > 0) {
    input.signal.throwIfAborted();
    const size = batchSize();
    const batch = rest.slice(0, size);
    rest = rest.slice(size);
    const outcome = await work(batch);
    progress = {
      cursor: batch.at(-1)!,
      subjects: progress.subjects + outcome.subjects,
      found: progress.found + outcome.found,
      withheld: progress.withheld + outcome.withheld,
    };
    input.onProgress(progress);
  }
  const { subjects, found, withheld } = progress;
  deps.logger.info({ runId: input.runId, step, subjects, found, withheld }, 'analysis step finished');
  return { step, state: 'succeeded', subjects, found, withheld, failure: null };
}

/** The ids of all contents in the scope, ascending. */
export async function scopeContentIds(deps: AnalysisDeps, scope: AnalysisScope): Promise<number[]> {
  const ids: number[] = [];
  for await (const batch of contentIdsOfScope(deps.pool, scope)) ids.push(...batch);
  return ids.sort((a, b) => a - b);
}
