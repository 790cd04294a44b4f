/** Starts runs through Temporal's client, under readable ids that make a repeated trigger one run. */
import { createHash } from 'node:crypto';
import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
  type Client,
  type WorkflowStartOptions,
} from '@temporalio/client';
import type { Pool } from 'pg';
import type { RunStarter, StartedRun } from '../contracts/ports.js';
import {
  describeAnalyze,
  describeAnalyzeDaily,
  describeBackfill,
  describeCollect,
  describeExport,
  describeImport,
  describeMaintain,
  describeTick,
  type RunDescription,
} from '../contracts/run-descriptions.js';
import { workflowNames, type AnalyzeDailyInput } from '../contracts/runs.js';
import { prefixedQueue, taskQueues } from '../contracts/task-queues.js';
import { showPlan } from '../store/backfill-plans.js';
import { payloadCapBytes } from '../contracts/payload-cap.js';
import { OperationError } from './errors.js';
import { runLink, type UiAddress } from './links.js';

export interface RunStarterDeps {
  client: Client;
  pool: Pool;
  ui: UiAddress;
  /** `` unless several deployments share the namespace. */
  queuePrefix: string;
}

/** The port of `contracts`, and what only operators ask for. */
export interface OperatorRunStarter extends RunStarter {
  /** The daily analysis, by hand. */
  analyzeDaily(input: AnalyzeDailyInput): Promise<StartedRun>;
  /** The latest run of a workflow id; null where Temporal knows none. */
  find(workflowId: string): Promise<StartedRun | null>;
}

/**
 * @see RunStarter. Every method throws OperationError for an input over the payload cap; `backfill` throws
 * StoreError `notFound` for a plan that is not there.
 */
export function createRunStarter(deps: RunStarterDeps): OperatorRunStarter {
  const start = (
    name: keyof typeof workflowNames,
    description: RunDescription,
    input: unknown,
    reuse: WorkflowIdReusePolicy = WorkflowIdReusePolicy.ALLOW_DUPLICATE,
  ): Promise<StartedRun> => startRun(deps, workflowNames[name], description, input, reuse);
  const startOnce = (
    name: keyof typeof workflowNames,
    description: RunDescription,
    input: unknown,
  ): Promise<StartedRun> => start(name, description, input, WorkflowIdReusePolicy.REJECT_DUPLICATE);
  const unlessFailed = WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY;
  return {
    tick: (input) => start('tick', describeTick(input.cause), input),
    collect: (input) => start('collectStats', describeCollect(input), input, unlessFailed),
    async backfill(input) {
      const plan = await showPlan(deps.pool, input.planId);
      const subject = { ...plan, from: plan.fromDay, to: plan.toDay };
      return start('backfill', describeBackfill(input, subject), input);
    },
    analyze: (input, name = null) =>
      name === null
        ? start('analyzePerformance', describeAnalyze(input, `on-demand/${input.cause}`), input)
        : startOnce('analyzePerformance', describeAnalyze(input, name), input),
    analyzeDaily: (input) =>
      start(
        'analyzeDaily',
        describeAnalyzeDaily(input.artistId, `on-demand/${input.artistId ?? 'all'}`),
        input,
      ),
    importFile(input, name = null) {
      const file = shortDigest(input.path);
      return name === null
        ? start('importFile', describeImport(input, file), input)
        : startOnce('importFile', describeImport(input, `${file}/${name}`), input);
    },
    exportData: (input) => startOnce('exportData', describeExport(input), input),
    maintain: (input) =>
      start('maintainData', describeMaintain(input, input.dryRun ? 'dry-run' : 'on-demand'), input),
    find: (workflowId) => findRun(deps, workflowId),
  };
}

async function startRun(
  deps: RunStarterDeps,
  workflow: string,
  description: RunDescription,
  input: unknown,
  reuse: WorkflowIdReusePolicy,
): Promise<StartedRun> {
  const bytes = Buffer.byteLength(JSON.stringify(input));
  if (bytes > payloadCapBytes)
    throw new OperationError(
      'usage',
      `The input of ${description.workflowId} is ${bytes} bytes, over the cap of ${payloadCapBytes}`,
      'Name a scope (a run, an artist, all) instead of listing its contents.',
    );
  const options: WorkflowStartOptions = {
    ...description,
    taskQueue: prefixedQueue(deps.queuePrefix, taskQueues.control),
    args: [input],
    workflowIdReusePolicy: reuse,
  };
  const { workflowId } = description;
  try {
    const handle = await deps.client.workflow.start(workflow, options);
    return started(deps.ui, workflowId, handle.firstExecutionRunId, false);
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const known = await findRun(deps, workflowId);
    if (known === null) throw error;
    return known;
  }
}

async function findRun({ client, ui }: RunStarterDeps, workflowId: string): Promise<StartedRun | null> {
  try {
    const { runId } = await client.workflow.getHandle(workflowId).describe();
    return started(ui, workflowId, runId, true);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

function started(ui: UiAddress, workflowId: string, runId: string, alreadyRunning: boolean): StartedRun {
  return { workflowId, runId, alreadyRunning, url: runLink(ui, workflowId, runId) };
}

/** Tells files of one name in several folders apart without showing where they stand. */
function shortDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 6);
}
