/** Backfills as operators see them: a plan that names exact days and its cost, then that very plan runs. */
import {
  isGrpcServiceError,
  QueryNotRegisteredError,
  QueryRejectedError,
  ServiceError,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client';
import type { Pool } from 'pg';
import type { Clock, StartedRun } from '../contracts/ports.js';
import { noRows, type Report } from '../contracts/records.js';
import { describeBackfill } from '../contracts/run-descriptions.js';
import { backfillSignals, progressQuery, type BackfillProgress, type DayWindow } from '../contracts/runs.js';
import type { Platform } from '../contracts/vocabulary.js';
import { capabilityOf, collectedContents, reportZone } from '../services/collection.js';
import { planDays, quotaUnitsOf, type BackfillMode, type PlanDay } from '../services/plan-backfill.js';
import type { Source } from '../sources/source.js';
import { getAccount, type Account } from '../store/accounts.js';
import { planDaysOf } from '../store/backfill-plan-days.js';
import { createPlan, reopenFailedDays, setPlanState, showPlan, type Plan } from '../store/backfill-plans.js';
import { firstPublicationDay } from '../store/collections.js';
import { coverageOf } from '../store/coverage.js';
import { OperationError } from './errors.js';
import type { OperatorRunStarter } from './run-starter.js';

export interface BackfillDeps {
  pool: Pool;
  clock: Clock;
  client: Client;
  starter: Pick<OperatorRunStarter, 'backfill'>;
  sourceFor: (account: Account) => Source;
}

export interface BackfillRequest {
  platform: Platform;
  account: string;
  report: Report;
  window: DayWindow;
  mode: BackfillMode;
  /** True unless told. */
  newestFirst?: boolean;
  /** Windows collected side by side; 4 unless told. */
  concurrency?: number;
  /** Instants to read at, by day: for a source that can answer for the past. */
  moments?: ReadonlyMap<string, readonly string[]>;
}

export interface BackfillPreview {
  account: Account;
  days: PlanDay[];
  /** Days that would be collected. */
  open: number;
  /** Days left out, by reason. */
  skipped: Record<string, number>;
  /** Calls that it takes. */
  quotaUnits: number;
}

const defaultConcurrency = 4;
/** A run costs a fixed tenth of a second or so, however few its days: each lane gets a handful of them. */
const windowsPerLane = 4;
const maxDaysPerWindow = 31;
const windowPattern = /^\d{4}-\d{2}-\d{2}$/;

/**
 * What a backfill would do, without keeping it.
 * @throws OperationError `usage` for a window that is none; StoreError `notFound` for the account; SourceError
 *   for a report that the source does not give
 */
export async function previewBackfill(
  deps: Pick<BackfillDeps, 'pool' | 'clock' | 'sourceFor'>,
  request: BackfillRequest,
): Promise<BackfillPreview> {
  const { platform, report, window, mode, moments } = request;
  if (!windowPattern.test(window.from) || !windowPattern.test(window.to) || window.from >= window.to)
    throw new OperationError(
      'usage',
      `${window.from} to ${window.to} is no range of days`,
      'Give ISO days, the first before the one after the last.',
    );
  const account = await getAccount(deps.pool, platform, request.account);
  const capability = capabilityOf(deps.sourceFor(account), report);
  const zone = reportZone(account, report, capability);
  const known = await coverageOf(deps.pool, account.id, report, window.from, window.to);
  const days = planDays({
    ...{ window, mode, capability, zone, moments },
    now: deps.clock.now(),
    coverage: new Map(known.map(({ day, state }) => [day, state])),
    firstDay: await firstPublicationDay(deps.pool, account.id, zone),
  });
  const contents = await collectedContents(deps.pool, account.id, null, undefined);
  const open = days.filter(({ skipReason }) => skipReason === null).length;
  const skipped: Record<string, number> = {};
  for (const { skipReason } of days)
    if (skipReason !== null) skipped[skipReason] = (skipped[skipReason] ?? 0) + 1;
  return {
    account,
    days,
    open,
    skipped,
    quotaUnits: quotaUnitsOf(
      days,
      contents.length,
      report,
      daysPerWindow(open, request.concurrency ?? defaultConcurrency),
    ),
  };
}

/**
 * Keeps the plan in the ledger. Nothing runs yet.
 * @throws as `previewBackfill`; StoreError `conflict` while another plan is open over the same range
 */
export async function planBackfill(
  deps: Pick<BackfillDeps, 'pool' | 'clock' | 'sourceFor'>,
  request: BackfillRequest,
): Promise<Plan> {
  const { account, days, quotaUnits } = await previewBackfill(deps, request);
  return createPlan(deps.pool, {
    accountId: account.id,
    report: request.report,
    fromDay: request.window.from,
    toDay: request.window.to,
    mode: request.mode,
    newestFirst: request.newestFirst ?? true,
    concurrency: request.concurrency ?? defaultConcurrency,
    quotaUnits,
    days,
  });
}

/** Starts the plan's run, or finds it under way. @throws StoreError `notFound` */
export async function startBackfill(
  deps: Pick<BackfillDeps, 'pool' | 'starter'>,
  planId: number,
): Promise<StartedRun> {
  const plan = await showPlan(deps.pool, planId);
  if (plan.state === 'finished' || plan.state === 'cancelled')
    throw new OperationError(
      'conflict',
      `Plan ${planId} is ${plan.state}`,
      plan.counts.failed > 0 ? 'Retry its failed days, or make a new plan.' : 'Make a new plan.',
    );
  return deps.starter.backfill({
    planId,
    concurrency: plan.concurrency,
    daysPerWindow: daysPerWindow(plan.counts.open, plan.concurrency),
  });
}

/** Opens the failed days of a plan again and runs them. @throws StoreError `notFound`, `conflict` */
export async function retryFailedDays(
  deps: Pick<BackfillDeps, 'pool' | 'starter'>,
  planId: number,
): Promise<StartedRun> {
  const reopened = await reopenFailedDays(deps.pool, planId);
  if (reopened === 0) throw new OperationError('conflict', `No day of plan ${planId} has failed`);
  return startBackfill(deps, planId);
}

/** Few open days go one by one, so that as many run side by side as are allowed to. */
function daysPerWindow(open: number, concurrency: number): number {
  return Math.max(1, Math.min(maxDaysPerWindow, Math.ceil(open / (concurrency * windowsPerLane))));
}

export interface BackfillView {
  plan: Plan;
  days: Awaited<ReturnType<typeof planDaysOf>>;
  workflowId: string;
  /** What the run says of itself, or the ledger of it where no worker answers; null where it does not run. */
  progress: BackfillProgress | null;
}

/** @throws StoreError `notFound` */
export async function showBackfill(
  deps: Pick<BackfillDeps, 'pool' | 'client'>,
  planId: number,
): Promise<BackfillView> {
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
  deps: Pick<BackfillDeps, 'pool' | 'client'>,
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

function workflowIdOf(plan: Plan): string {
  const input = { planId: plan.id, concurrency: plan.concurrency };
  return describeBackfill(input, { ...plan, from: plan.fromDay, to: plan.toDay }).workflowId;
}
