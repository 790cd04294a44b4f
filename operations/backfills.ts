/** Backfills as operators see them: a plan that names exact days and its cost, then that very plan runs. */
import type { Client } from '@temporalio/client';
import type { Pool } from 'pg';
import type { Clock, StartedRun } from '../contracts/ports.js';
import type { Report } from '../contracts/records.js';
import type { DayWindow } from '../contracts/runs.js';
import type { Platform } from '../contracts/vocabulary.js';
import { capabilityOf, collectedContents, reportZone } from '../services/collection.js';
import { planDays, quotaUnitsOf, type BackfillMode, type PlanDay } from '../services/plan-backfill.js';
import type { Source } from '../sources/source.js';
import { getAccount, type Account } from '../store/accounts.js';
import {
  createPlan,
  noteStart,
  planRequestedAs,
  reopenFailedDays,
  showPlan,
  type Plan,
} from '../store/backfill-plans.js';
import { firstPublicationDay } from '../store/collections.js';
import { coverageOf } from '../store/coverage.js';
import { OperationError } from './errors.js';
import type { OperatorRunStarter } from './run-starter.js';
import { workflowIdOf } from './running-backfills.js';

export interface BackfillDeps {
  pool: Pool;
  clock: Clock;
  client: Client;
  starter: Pick<OperatorRunStarter, 'backfill' | 'find'>;
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
  /** The name of the request that asks for it: the same name again is the same plan. None unless told. */
  requestName?: string | null;
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
 * Keeps the plan in the ledger, or finds the one that a request of the same name has made. Nothing runs yet.
 * @throws as `previewBackfill`; StoreError `conflict` while another plan is open over the same range
 */
export async function planBackfill(
  deps: Pick<BackfillDeps, 'pool' | 'clock' | 'sourceFor'>,
  request: BackfillRequest,
): Promise<Plan> {
  const { requestName = null } = request;
  const known = requestName === null ? null : await planRequestedAs(deps.pool, requestName);
  if (known !== null) return known;
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
    requestedAs: requestName,
  });
}

/**
 * Starts the plan's run, or finds it under way; under a name it is started once, and a request of the same name finds
 * the run even where that has ended.
 * @throws StoreError `notFound`; OperationError `conflict` for a plan that is finished or cancelled
 */
export async function startBackfill(
  deps: Pick<BackfillDeps, 'pool' | 'starter'>,
  planId: number,
  requestName: string | null = null,
): Promise<StartedRun> {
  const isNew = requestName === null || (await noteStart(deps.pool, planId, requestName));
  const plan = await showPlan(deps.pool, planId);
  // It was noted, and its process may have gone down before it started what is planned still.
  const known = isNew || plan.state === 'planned' ? null : await deps.starter.find(workflowIdOf(plan));
  if (known !== null) return known;
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

/**
 * Opens the failed days of a plan again and runs them; under a name once.
 * @throws StoreError `notFound`, `conflict`
 */
export async function retryFailedDays(
  deps: Pick<BackfillDeps, 'pool' | 'starter'>,
  planId: number,
  requestName: string | null = null,
): Promise<StartedRun> {
  const reopened = await reopenFailedDays(deps.pool, planId, requestName);
  if (reopened === 0) throw new OperationError('conflict', `No day of plan ${planId} has failed`);
  return startBackfill(deps, planId, reopened === null ? requestName : null);
}

/** Few open days go one by one, so that as many run side by side as are allowed to. */
function daysPerWindow(open: number, concurrency: number): number {
  return Math.max(1, Math.min(maxDaysPerWindow, Math.ceil(open / (concurrency * windowsPerLane))));
}
