import { eachDay } from '../analytics/calendar.js';
import type { FailureKind } from '../contracts/failures.js';
import type { DayWindow } from '../contracts/runs.js';
import { settleDays } from '../store/backfill-plan-days.js';
import { daysCommittedBy, reopenDays } from '../store/collections.js';
import type { ActivityDependencies } from './dependencies.js';

export interface SettleWindowInput {
  planId: number;
  window: DayWindow;
  /** Of the collection that ended. */
  workflowId: string;
  /** Null where it succeeded or was cancelled. */
  failure: { kind: FailureKind; message: string } | null;
  cancelled: boolean;
}

/** Settles the days of a window by what its collection committed, and counts them. */
export function createSettleWindow({ pool }: ActivityDependencies) {
  return async function settleWindow(input: SettleWindowInput): Promise<{ done: number; failed: number }> {
    const { planId, window, workflowId, failure, cancelled } = input;
    const days = eachDay(window.from, window.to);
    if (failure === null && !cancelled) {
      await settleDays(pool, planId, days, null);
      return { done: days.length, failed: 0 };
    }
    const committed = new Set(await daysCommittedBy(pool, planId, workflowId, window));
    const rest = days.filter((day) => !committed.has(day));
    await settleDays(pool, planId, [...committed], null);
    if (failure === null) await reopenDays(pool, planId, rest);
    else await settleDays(pool, planId, rest, `${failure.kind}: ${failure.message}`);
    return { done: committed.size, failed: failure === null ? 0 : rest.length };
  };
}
