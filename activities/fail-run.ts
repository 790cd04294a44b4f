import { eachDay } from '../analytics/calendar.js';
import type { FailureKind } from '../contracts/failures.js';
import type { CollectStatsInput } from '../contracts/runs.js';
import { getAccount } from '../store/accounts.js';
import { coverageOf, markFailed } from '../store/coverage.js';
import { failRun } from '../store/runs.js';
import type { ActivityDependencies } from './dependencies.js';

export interface FailRunInput {
  runId: string;
  kind: FailureKind;
  message: string;
  /** The collection whose days failed; null for a run that collects none. */
  coverage: CollectStatsInput | null;
}

/** Closes a run as failed, and its days with it, but for those that it had committed. */
export function createFailRun({ pool, clock }: ActivityDependencies) {
  return async function failRunActivity({ runId, kind, message, coverage }: FailRunInput): Promise<void> {
    const at = clock.now();
    await failRun(pool, runId, { kind, message, finishedAt: at });
    if (coverage === null || coverage.release !== undefined) return;
    const { platform, account: name, report, window } = coverage;
    const account = await getAccount(pool, platform, name);
    const known = await coverageOf(pool, account.id, report, window.from, window.to);
    const committed = new Set(known.filter((day) => day.runId === runId).map(({ day }) => day));
    await markFailed(pool, {
      accountId: account.id,
      report,
      days: eachDay(window.from, window.to).filter((day) => !committed.has(day)),
      failureKind: kind,
      failureMessage: message,
      runId,
      at,
    });
  };
}
