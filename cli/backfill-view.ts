/** Backfills as they are told: previews, plans and progress. */
import type { BackfillProgress } from '../contracts/runs.js';
import type { BackfillPreview } from '../operations/backfills.js';
import type { Plan } from '../store/backfill-plans.js';
import { asFields, type Fields } from './fields.js';
import { table } from './output.js';

/** The fields of a preview; `plan` is the number that it was kept under, null for none. */
export function previewFields(
  { open, skipped, quotaUnits, days }: BackfillPreview,
  plan: Plan | null,
): Fields {
  return {
    plan: plan?.id ?? null,
    open,
    // Its keys are reasons.
    skipped,
    quota_units: quotaUnits,
    days: days.map(asFields),
  };
}

export function describePreview({ open, skipped, quotaUnits }: BackfillPreview, plan: Plan | null): string {
  return [
    `${String(open)} days to collect, ${String(quotaUnits)} calls.`,
    ...Object.entries(skipped).map(([reason, count]) => `${String(count)} days left out: ${reason}`),
    ...(plan === null
      ? []
      : [`Plan ${String(plan.id)} is kept; run it with “tidemark backfill start ${String(plan.id)}”.`]),
  ].join('\n');
}

export function planTable(plans: readonly Plan[]): string {
  return table(
    ['plan', 'account', 'report', 'from', 'to', 'state', 'open', 'done', 'failed', 'left out'],
    plans.map(({ id, platform, account, report, fromDay, toDay, state, counts }) => [
      id,
      `${platform}/${account}`,
      report,
      fromDay,
      toDay,
      state,
      counts.open + counts.started,
      counts.done,
      counts.failed,
      counts.skipped,
    ]),
  );
}

/** A line of progress, such as `120 of 365 days, 2 failed, parked until …`. */
export function tellBackfill({ planned, done, failed, state, parkedUntil }: BackfillProgress): string {
  const parts = [`${String(done)} of ${String(planned)} days`];
  if (failed > 0) parts.push(`${String(failed)} failed`);
  if (state !== 'running') parts.push(parkedUntil === null ? state : `${state} until ${parkedUntil}`);
  return parts.join(', ');
}
