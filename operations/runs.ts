/** Runs as operators see them: the ledger, which remembers, joined with Temporal, which knows what goes on. */
import { WorkflowNotFoundError, type Client, type WorkflowExecutionStatusName } from '@temporalio/client';
import type { Pool } from 'pg';
import { latestRunId } from '../store/collections.js';
import { getRun, listRuns, outsideTemporal, type Run, type RunFilter } from '../store/runs.js';
import { OperationError } from './errors.js';
import { runLink, type UiAddress } from './links.js';

export interface RunDeps {
  pool: Pool;
  client: Client;
  ui: UiAddress;
}

export interface ListedRun extends Run {
  /** Its page in Temporal's UI; null for one that ran outside of Temporal: an upload, a replayed row. */
  url: string | null;
}

export interface ShownRun extends ListedRun {
  /** What Temporal says; null where its retention has passed. */
  temporal: TemporalView | null;
}

export interface TemporalView {
  status: WorkflowExecutionStatusName;
  startedAt: Date;
  closedAt: Date | null;
  historyLength: number;
  summary: string | null;
}

/** Newest first. @throws StoreError */
export async function listRunsWithLinks(
  { pool, ui }: Pick<RunDeps, 'pool' | 'ui'>,
  filter: RunFilter = {},
): Promise<ListedRun[]> {
  const runs = await listRuns(pool, filter);
  return runs.map((run) => withLink(ui, run));
}

/**
 * A run by its number in the ledger or by its workflow id, of which the latest run is taken.
 * @throws OperationError or StoreError `notFound`
 */
export async function showRun(deps: RunDeps, id: string): Promise<ShownRun> {
  const run = /^\d+$/.test(id) ? await getRun(deps.pool, id) : await latestRunOf(deps.pool, id);
  return { ...withLink(deps.ui, run), temporal: await temporalView(deps.client, run) };
}

/** Asks a run that is under way to end; it closes its ledger itself. @throws OperationError `conflict` */
export async function cancelRun(deps: RunDeps, id: string): Promise<ShownRun> {
  const run = await showRun(deps, id);
  if (run.temporal?.status !== 'RUNNING')
    throw new OperationError('conflict', `${run.workflowId} is not under way (${run.state})`);
  await deps.client.workflow.getHandle(run.workflowId).cancel();
  return run;
}

async function latestRunOf(pool: Pool, workflowId: string): Promise<Run> {
  const id = await latestRunId(pool, workflowId);
  if (id === null)
    throw new OperationError('notFound', `There is no run «${workflowId}»`, 'See `tidemark run list`.');
  return getRun(pool, id);
}

function withLink(ui: UiAddress, run: Run): ListedRun {
  const isOutside = run.temporalRunId === outsideTemporal;
  return { ...run, url: isOutside ? null : runLink(ui, run.workflowId, run.temporalRunId) };
}

async function temporalView(client: Client, run: Run): Promise<TemporalView | null> {
  if (run.temporalRunId === outsideTemporal) return null;
  const handle = client.workflow.getHandle(run.workflowId);
  try {
    const description = await handle.describe();
    return {
      status: description.status.name,
      startedAt: description.startTime,
      closedAt: description.closeTime ?? null,
      historyLength: description.historyLength,
      summary: (await description.staticSummary()) ?? null,
    };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
