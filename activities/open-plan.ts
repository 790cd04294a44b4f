import { Context } from '@temporalio/activity';
import { noRows } from '../contracts/records.js';
import type { BackfillProgress, CollectStatsInput } from '../contracts/runs.js';
import { reclaimStartedDays } from '../store/backfill-plan-days.js';
import { setPlanState, showPlan } from '../store/backfill-plans.js';
import { beginRun } from '../store/runs.js';
import type { ActivityDependencies } from './dependencies.js';

export interface OpenedPlan extends Pick<CollectStatsInput, 'platform' | 'account' | 'report'> {
  runId: string;
  /** Where the plan stands; what was done before counts. */
  progress: BackfillProgress;
}

/**
 * Opens a plan for the calling run. `runId` is null for a run that has not continued as new: then the run is
 * opened in the ledger, and days that an earlier attempt left under way are open again.
 */
export function createOpenPlan({ pool, clock }: ActivityDependencies) {
  return async function openPlan(input: { planId: number; runId: string | null }): Promise<OpenedPlan> {
    const { workflowExecution } = Context.current().info;
    if (workflowExecution === undefined) throw new TypeError('A plan is opened by a workflow alone');
    let runId = input.runId;
    if (runId === null) {
      await reclaimStartedDays(pool, input.planId);
      await setPlanState(pool, input.planId, 'running');
    }
    const plan = await showPlan(pool, input.planId);
    runId ??= await beginRun(pool, {
      kind: 'backfill',
      workflowId: workflowExecution.workflowId,
      temporalRunId: workflowExecution.runId,
      startedAt: clock.now(),
      platform: plan.platform,
      accountId: plan.accountId,
      report: plan.report,
      windowFrom: plan.fromDay,
      windowTo: plan.toDay,
      planId: plan.id,
    });
    const { open, done, failed, skipped } = plan.counts;
    return {
      runId,
      platform: plan.platform,
      account: plan.account,
      report: plan.report,
      progress: {
        planned: open + done + failed,
        done,
        failed,
        skipped,
        state: 'running',
        parkedUntil: null,
        counts: noRows,
      },
    };
  };
}
