/** The collections of a backfill that are under way: starting them, settling their days, urging them on. */
import {
  CancellationScope,
  condition,
  isCancellation,
  log,
  ParentClosePolicy,
  startChild,
  WorkflowIdReusePolicy,
  type ChildWorkflowHandle,
} from '@temporalio/workflow';
import { addCounts } from '../contracts/records.js';
import { describeCollect } from '../contracts/run-descriptions.js';
import type { BackfillProgress, CollectStatsInput, DayWindow, PlanWindow } from '../contracts/runs.js';
import { controlActivities } from './activities.js';
import { collectStats } from './collect-stats.js';
import { failureDetails } from './failure-details.js';
import { retryNowSignal } from './patience.js';

/** What every collection of the plan has in common. */
type PlanSubject = Pick<CollectStatsInput, 'platform' | 'account' | 'report'> & { planId: number };
type Child = ChildWorkflowHandle<typeof collectStats>;

export class SlidingWindow {
  started = 0;
  private readonly children = new Map<string, Child>();
  private broken: { error: unknown } | null = null;

  constructor(
    private readonly subject: PlanSubject,
    private readonly progress: BackfillProgress,
    private readonly moved: () => void,
  ) {}

  /** Whether fewer than `limit` are under way; also when a ledger failed, so that whoever waits hears of it. */
  hasRoom(limit: number): boolean {
    return this.broken !== null || this.children.size < limit;
  }

  get idle(): boolean {
    return this.children.size === 0;
  }

  /** Waits until none is under way. @throws what kept a window from being settled */
  async drained(): Promise<void> {
    await condition(() => this.idle);
    this.throwIfBroken();
  }

  throwIfBroken(): void {
    if (this.broken !== null) throw this.broken.error;
  }

  /** Starts the collection of a window; its days are settled when it ends, however it does. */
  async start({ window, moments, reading }: PlanWindow): Promise<void> {
    const { platform, account, report, planId } = this.subject;
    const input: CollectStatsInput = {
      ...{ platform, account, report, window, moments, reading, planId },
      analyze: false,
    };
    const description = describeCollect(input);
    this.started += 1;
    try {
      const child = await startChild(collectStats, {
        ...description,
        args: [input],
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
      });
      this.children.set(description.workflowId, child);
      void this.follow(child, window);
    } catch (error) {
      // A run of that very id is under way, or has succeeded since the window was taken.
      await this.settle(description.workflowId, window, error);
    }
  }

  /** Tells the collections that wait for a platform to try again now. */
  async urge(): Promise<void> {
    await Promise.all(
      [...this.children.values()].map(async (child) => {
        try {
          await child.signal(retryNowSignal);
        } catch (error) {
          log.info('A collection ended before it could be urged', { collection: child.workflowId, error });
        }
      }),
    );
  }

  private async follow(child: Child, window: DayWindow): Promise<void> {
    try {
      let failure: unknown = null;
      try {
        const { counts } = await child.result();
        this.progress.counts = addCounts(this.progress.counts, counts);
      } catch (error) {
        failure = error;
      }
      await this.settle(child.workflowId, window, failure);
    } catch (error) {
      this.broken ??= { error };
    } finally {
      this.children.delete(child.workflowId);
      this.moved();
    }
  }

  private async settle(workflowId: string, window: DayWindow, error: unknown): Promise<void> {
    const failure = error === null || isCancellation(error) ? null : failureDetails(error);
    const { done, failed } = await CancellationScope.nonCancellable(() =>
      controlActivities().settleWindow.executeWithOptions({ summary: `Settle ${window.from}` }, [
        { planId: this.subject.planId, window, workflowId, failure, cancelled: isCancellation(error) },
      ]),
    );
    this.progress.done += done;
    this.progress.failed += failed;
  }
}
