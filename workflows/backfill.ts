import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  ParentClosePolicy,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { describeAnalyze } from '../contracts/run-descriptions.js';
import type {
  AnalyzePerformanceInput,
  BackfillInput,
  BackfillProgress,
  PlanWindow,
} from '../contracts/runs.js';
import { analyzePerformance } from './analyze-performance.js';
import { controlActivities } from './activities.js';
import { BackfillControl } from './backfill-control.js';
import { SlidingWindow } from './backfill-window.js';
import { closePlan, openPlan } from './backfill-ledger.js';
import { closeUnfinished } from './run-ledger.js';

/** Some 13 events a child (measured): a history continues as new long before the server warns at 10,240. */
const childrenPerHistory = 50;

/**
 * Collects the open days of a plan, in windows of consecutive days, a bounded number at a time. A window that
 * fails is recorded for its days and the others go on; an exhausted quota parks the plan until its reset.
 */
export async function backfill(input: BackfillInput): Promise<BackfillProgress> {
  const { planId } = input;
  const plan = await openPlan(planId, input.runId ?? null);
  const progress = { ...(input.progress ?? plan.progress) };
  const control = new BackfillControl(planId, progress);
  const sliding = new SlidingWindow({ ...plan, planId }, progress, () => control.describe());
  const scope = new CancellationScope();
  control.listen(
    () => scope.cancel(),
    () => sliding.urge(),
  );
  let more = false;
  try {
    more = await scope.run(() => collectPlan(input, control, sliding));
    if (!more) await closePlan(planId, plan.runId, progress, 'finished');
  } catch (error) {
    return await CancellationScope.nonCancellable(async () => {
      await sliding.drained();
      await condition(allHandlersFinished);
      if (control.cancelling && isCancellation(error)) {
        await closePlan(planId, plan.runId, progress, 'cancelled');
        return { ...control.snapshot(), state: 'cancelled' };
      }
      const state = isCancellation(error) ? 'cancelled' : 'failed';
      await controlActivities().setPlanState({ planId, state });
      throw await closeUnfinished(plan.runId, error);
    });
  }
  await condition(allHandlersFinished);
  if (more)
    return continueAsNew<typeof backfill>({ ...input, runId: plan.runId, progress: control.snapshot() });
  if (progress.done > 0) await startAnalysis(planId);
  return { ...control.snapshot(), state: 'finished' };
}

/** Returns true when the history has grown enough; nothing is under way then. */
async function collectPlan(
  { planId, concurrency, daysPerWindow = 7 }: BackfillInput,
  control: BackfillControl,
  sliding: SlidingWindow,
): Promise<boolean> {
  const taken: PlanWindow[] = [];
  while (sliding.started < childrenPerHistory || taken.length > 0) {
    await control.untilFree(() => sliding.hasRoom(concurrency));
    sliding.throwIfBroken();
    if (taken.length === 0) {
      // With none under way, days still marked as started belong to an attempt that was lost: they are open.
      const reclaim = sliding.idle;
      const windows = Math.min(2 * concurrency, childrenPerHistory - sliding.started);
      const next = await controlActivities().takeWindows.executeWithOptions(
        { summary: 'The next open days' },
        [{ planId, windows, daysPerWindow, reclaim }],
      );
      if (next.length === 0 && reclaim) return false;
      if (next.length === 0) await sliding.drained();
      taken.push(...next);
      continue;
    }
    await sliding.start(taken.shift()!);
  }
  await sliding.drained();
  return true;
}

async function startAnalysis(planId: number): Promise<void> {
  const cause = `backfill plan ${planId}`;
  const input: AnalyzePerformanceInput = { scope: { kind: 'all' }, chain: 'full', cause };
  await startChild(analyzePerformance, {
    ...describeAnalyze(input, workflowInfo().workflowId),
    args: [input],
    parentClosePolicy: ParentClosePolicy.ABANDON,
  });
}
