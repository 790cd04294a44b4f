/** Backfills under way: what their runs say of themselves, and what they are told. */
import {
  isGrpcServiceError,
  QueryNotRegisteredError,
  QueryRejectedError,
  ServiceError,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client';
import type { Pool } from 'pg';
import { noRows } from '../contracts/records.js';
import { describeBackfill } from '../contracts/run-descriptions.js';
import { backfillSignals, progressQuery, type BackfillProgress } from '../contracts/runs.js';
import { planDaysOf } from '../store/backfill-plan-days.js';
import { setPlanState, showPlan, type Plan } from '../store/backfill-plans.js';
import { OperationError } from './errors.js';

interface RunningDeps {
  pool: Pool;
  client: Client;
}

export interface BackfillView {
  plan: Plan;
  days: Awaited<ReturnType<typeof planDaysOf>>;
  workflowId: string;
  /** What the run says of itself, or the ledger of it where no worker answers; null where it does not run. */
  progress: BackfillProgress | null;
}

/** @throws StoreError `notFound` */
export async function showBackfill(deps: RunningDeps, planId: number): Promise<BackfillView> {
  const plan = await showPlan(deps.pool, planId);
  const workflowId = workflowIdOf(plan);
  return {
    plan,
    days: await planDaysOf(deps.pool, planId),
    workflowId,
    progress: await progressOf(deps.client, workflowId, plan),
  };
}

export type BackfillSignal = keyof typeof backfillSignals;

/**
 * Pauses, resumes or cancels a plan; one that does not run is cancelled in the ledger alone.
 * @throws StoreError `notFound`; OperationError `conflict` where there is nothing to pause or resume
 */
export async function signalBackfill(
  deps: RunningDeps,
  planId: number,
  signal: BackfillSignal,
): Promise<void> {
  const plan = await showPlan(deps.pool, planId);
  const handle = deps.client.workflow.getHandle(workflowIdOf(plan));
  try {
    await handle.signal(backfillSignals[signal]);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    if (signal !== 'cancel')
      throw new OperationError('conflict', `Plan ${planId} does not run (it is ${plan.state})`, null, {
        cause: error,
      });
    await setPlanState(deps.pool, planId, 'cancelled');
  }
}

async function progressOf(client: Client, workflowId: string, plan: Plan): Promise<BackfillProgress | null> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    if ((await handle.describe()).status.name !== 'RUNNING') return null;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
  try {
    const ask = () => handle.query<BackfillProgress>(progressQuery);
    return await client.withDeadline(Date.now() + answerMs, ask);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    if (!isUnanswered(error)) throw error;
    const { open, started, done, failed, skipped } = plan.counts;
    const planned = open + started + done + failed;
    const state = plan.state === 'paused' || plan.state === 'parked' ? plan.state : 'running';
    return { ...{ planned, done, failed, skipped }, state, parkedUntil: null, counts: noRows };
  }
}

const answerMs = 2_000; // a page waits for it
/** Of gRPC. No task was completed yet: INVALID_ARGUMENT, FAILED_PRECONDITION. No worker: CANCELLED, DEADLINE_EXCEEDED. */
const unansweredCodes: readonly number[] = [3, 9, 1, 4];

/** A run that has only just begun, or that no worker works on, does not answer for itself. */
function isUnanswered(error: unknown): boolean {
  if (error instanceof QueryNotRegisteredError || error instanceof QueryRejectedError) return true;
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) && unansweredCodes.includes(cause.code);
}

/** The id of the workflow that runs a plan, whether it has begun or not. */
export function workflowIdOf(plan: Plan): string {
  const input = { planId: plan.id, concurrency: plan.concurrency };
  return describeBackfill(input, { ...plan, from: plan.fromDay, to: plan.toDay }).workflowId;
}
