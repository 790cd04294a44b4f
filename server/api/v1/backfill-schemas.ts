import { z } from 'zod';
import type { BackfillPreview, BackfillRequest } from '../../../operations/backfills.js';
import type { BackfillView } from '../../../operations/running-backfills.js';
import type { Plan } from '../../../store/backfill-plans.js';
import { instant, isoDay, platformField } from '../schemas/fields.js';
import { dayField, nameField } from './fields.js';

export const planStates = [
  'planned',
  'running',
  'paused',
  'parked',
  'finished',
  'cancelled',
  'failed',
] as const;
const reports = ['counters', 'daily', 'export'] as const;
const modes = ['missing', 'failed', 'all'] as const;

export const requestBody = z.strictObject({
  platform: platformField,
  account: nameField,
  report: z.enum(reports).default('counters'),
  from: dayField,
  to: dayField.describe('Exclusive.'),
  mode: z.enum(modes).default('missing').describe('Which days: missing ones, failed ones alone, or all.'),
  newest_first: z.boolean().default(true),
  concurrency: z.int().min(1).max(64).default(4).describe('Windows that are collected side by side.'),
});

const plan = {
  id: z.int(),
  platform: z.string(),
  account: z.string(),
  report: z.enum(reports),
  from: isoDay,
  to: isoDay.describe('Exclusive.'),
  mode: z.enum(modes),
  newest_first: z.boolean(),
  concurrency: z.int(),
  quota_units: z.int().describe('Calls that it takes, as planned.'),
  state: z.enum(planStates),
  days: z.object({ open: z.int(), skipped: z.int(), started: z.int(), done: z.int(), failed: z.int() }),
  created_at: instant,
};
export const planSchema = z.object(plan).meta({ id: 'Backfill' });
export const previewSchema = z
  .object({
    platform: z.string(),
    account: z.string(),
    report: z.enum(reports),
    open: z.int().describe('Days that would be collected.'),
    skipped: z.record(z.string(), z.int()).describe('Days left out, by reason.'),
    quota_units: z.int(),
    days: z.array(
      z.object({
        day: isoDay,
        skip_reason: z.string().nullable().describe('Null: to be collected.'),
      }),
    ),
  })
  .meta({ id: 'BackfillPreview', description: 'What a backfill would do; nothing is kept of it.' });
export const shownPlanSchema = z
  .object({
    ...plan,
    workflow_id: z.string(),
    plan: z.array(
      z.object({
        day: isoDay,
        state: z.string(),
        skip_reason: z.string().nullable(),
        failure: z.string().nullable(),
      }),
    ),
    progress: z
      .object({
        planned: z.int(),
        done: z.int(),
        failed: z.int(),
        skipped: z.int(),
        state: z.string(),
        parked_until: z.string().nullable(),
        counts: z.record(z.string(), z.unknown()),
      })
      .nullable()
      .describe('What the run says of itself; null where it does not run.'),
  })
  .meta({ id: 'ShownBackfill' });

export function requestOf(body: z.infer<typeof requestBody>): BackfillRequest {
  const { platform, account, report, from, to, mode, newest_first, concurrency } = body;
  return { platform, account, report, window: { from, to }, mode, newestFirst: newest_first, concurrency };
}

export function toldPlan(told: Plan): z.infer<typeof planSchema> {
  const { id, platform, account, report, fromDay, toDay, mode, concurrency, state, counts } = told;
  return {
    ...{ id, platform, account, report, from: fromDay, to: toDay, mode, concurrency, state, days: counts },
    ...{ newest_first: told.newestFirst, quota_units: told.quotaUnits },
    created_at: told.createdAt.toISOString(),
  };
}

export function toldPreview(
  { account, days, open, skipped, quotaUnits }: BackfillPreview,
  { report }: BackfillRequest,
): z.infer<typeof previewSchema> {
  return {
    ...{ platform: account.platform, account: account.name, report, open, skipped },
    quota_units: quotaUnits,
    days: days.map(({ day, skipReason }) => ({ day, skip_reason: skipReason })),
  };
}

export function toldView({
  plan,
  days,
  workflowId,
  progress,
}: BackfillView): z.infer<typeof shownPlanSchema> {
  return {
    ...toldPlan(plan),
    workflow_id: workflowId,
    plan: days.map(({ day, state, skipReason, failure }) => ({
      ...{ day, state, skip_reason: skipReason, failure },
    })),
    progress:
      progress === null
        ? null
        : {
            ...{ planned: progress.planned, done: progress.done, failed: progress.failed },
            ...{ skipped: progress.skipped, state: progress.state, parked_until: progress.parkedUntil },
            counts: { ...progress.counts },
          },
  };
}
