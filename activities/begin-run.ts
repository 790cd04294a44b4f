import { Context } from '@temporalio/activity';
import type { Report } from '../contracts/records.js';
import type { DayWindow, RunKind } from '../contracts/runs.js';
import type { Platform } from '../contracts/vocabulary.js';
import { getAccount } from '../store/accounts.js';
import { beginRun } from '../store/runs.js';
import type { ActivityDependencies } from './dependencies.js';

export interface BeginRunInput {
  kind: RunKind;
  platform?: Platform;
  account?: string;
  report?: Report;
  window?: DayWindow;
  planId?: number | null;
}

/** Opens the calling run in the ledger; asked again, it returns the same id. */
export function createBeginRun({ pool, clock }: ActivityDependencies) {
  return async function beginRunActivity(input: BeginRunInput): Promise<{ runId: string }> {
    const { workflowExecution } = Context.current().info;
    if (workflowExecution === undefined) throw new TypeError('A run is opened by a workflow alone');
    const { platform, account } = input;
    const owner =
      platform === undefined || account === undefined ? null : await getAccount(pool, platform, account);
    const runId = await beginRun(pool, {
      kind: input.kind,
      workflowId: workflowExecution.workflowId,
      temporalRunId: workflowExecution.runId,
      startedAt: clock.now(),
      platform: platform ?? null,
      accountId: owner?.id ?? null,
      report: input.report ?? null,
      windowFrom: input.window?.from ?? null,
      windowTo: input.window?.to ?? null,
      planId: input.planId ?? null,
    });
    return { runId };
  };
}
