/** The schedules: declared in one table, applied to Temporal so that what stands there is what stands here. */
import { createHash, randomUUID } from 'node:crypto';
import {
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleOptions,
} from '@temporalio/client';
import { runAttributes } from '../contracts/run-descriptions.js';
import { workflowNames } from '../contracts/runs.js';
import { prefixedQueue, taskQueues } from '../contracts/task-queues.js';
import { declaredSchedules, type DeclaredSchedule, type ScheduleSettings } from './declared-schedules.js';
import { OperationError } from './errors.js';

export interface ApplyOutcome {
  created: string[];
  updated: string[];
  unchanged: string[];
  removed: string[];
}

export interface PauseState {
  paused: boolean;
  reason: string | null;
}

/**
 * Creates what is missing, updates what differs, removes what was declared once and is no more. A schedule
 * that exists keeps its pause and the reason for it; a new one starts as `initial` tells.
 */
export async function applySchedules(
  client: Client,
  settings: ScheduleSettings,
  initial: (id: string) => PauseState,
): Promise<ApplyOutcome> {
  const outcome: ApplyOutcome = { created: [], updated: [], unchanged: [], removed: [] };
  const declared = declaredSchedules(settings);
  for (const schedule of declared) {
    const current = await declarationOf(client, schedule.id);
    const options = optionsOf(schedule, settings.queuePrefix);
    if (current === null) {
      const { paused, reason } = initial(schedule.id);
      await client.schedule.create({
        ...options,
        scheduleId: schedule.id,
        memo: { [ownerMemo]: owner(settings.queuePrefix) },
        state: { paused, ...(reason === null ? {} : { note: reason }) },
      });
      outcome.created.push(schedule.id);
    } else if (current === fingerprint(schedule)) {
      outcome.unchanged.push(schedule.id);
    } else {
      await client.schedule.getHandle(schedule.id).update(({ state }) => ({ ...options, state }));
      outcome.updated.push(schedule.id);
    }
  }
  const ids = new Set(declared.map(({ id }) => id));
  for await (const { scheduleId, memo } of client.schedule.list()) {
    if (ids.has(scheduleId) || memo?.[ownerMemo] !== owner(settings.queuePrefix)) continue;
    await client.schedule.getHandle(scheduleId).delete();
    outcome.removed.push(scheduleId);
  }
  return outcome;
}

/** Ids of declared schedules that are missing or differ from their declaration. */
export async function schedulesOutOfStep(client: Client, settings: ScheduleSettings): Promise<string[]> {
  const differing: string[] = [];
  for (const schedule of declaredSchedules(settings))
    if ((await declarationOf(client, schedule.id)) !== fingerprint(schedule)) differing.push(schedule.id);
  return differing;
}

export interface ScheduleOverview extends PauseState {
  id: string;
  about: string;
  nextAt: Date | null;
  lastAt: Date | null;
  /** Workflow id of the latest run that it started. */
  lastRun: string | null;
  skippedOverlap: number;
  missedCatchUp: number;
}

/** The declared schedules as they stand in Temporal; one that has not been applied is left out. */
export async function listSchedules(client: Client, settings: ScheduleSettings): Promise<ScheduleOverview[]> {
  const overviews: ScheduleOverview[] = [];
  for (const { id, about } of declaredSchedules(settings)) {
    const description = await describe(client, id);
    if (description === null) continue;
    const { info, state } = description;
    const last = info.recentActions.at(-1);
    overviews.push({
      id,
      about,
      paused: state.paused,
      reason: state.paused ? (state.note ?? null) : null,
      nextAt: state.paused ? null : (info.nextActionTimes[0] ?? null),
      lastAt: last?.takenAt ?? null,
      lastRun: last?.action.workflow.workflowId ?? null,
      skippedOverlap: info.numActionsSkippedOverlap,
      missedCatchUp: info.numActionsMissedCatchupWindow,
    });
  }
  return overviews;
}

/** @throws OperationError `notFound` */
export async function pauseSchedule(client: Client, id: string, reason: string): Promise<void> {
  await requireSchedule(client, id);
  await client.schedule.getHandle(id).pause(reason);
}

/** @throws OperationError `notFound` */
export async function resumeSchedule(client: Client, id: string): Promise<void> {
  await requireSchedule(client, id);
  await client.schedule.getHandle(id).unpause('Resumed by an operator');
}

/** SCHEDULE_OVERLAP_POLICY_SKIP, as the protocol numbers it. */
const skipOverlap = 1;

/**
 * Runs what the schedule runs, now, paused or not; a request of a name that has triggered it before runs nothing.
 * @throws OperationError `notFound`
 */
export async function triggerSchedule(
  client: Client,
  id: string,
  requestName: string | null = null,
): Promise<void> {
  await requireSchedule(client, id);
  // The handle's own `trigger` takes a new request id each time; Temporal ignores one that it has seen.
  await client.workflowService.patchSchedule({
    namespace: client.options.namespace,
    scheduleId: id,
    identity: client.options.identity,
    requestId: requestName ?? randomUUID(),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the package of the enum is none of ours
    patch: { triggerImmediately: { overlapPolicy: skipOverlap } },
  });
}

const ownerMemo = 'declaredBy';
const fingerprintMemo = 'declaration';

function owner(queuePrefix: string): string {
  return `tidemark${queuePrefix}`;
}

function optionsOf(schedule: DeclaredSchedule, queuePrefix: string): Omit<ScheduleOptions, 'scheduleId'> {
  return {
    spec: schedule.spec,
    action: {
      type: 'startWorkflow',
      workflowType: workflowNames[schedule.workflow],
      workflowId: schedule.id,
      args: schedule.args,
      taskQueue: prefixedQueue(queuePrefix, taskQueues.control),
      typedSearchAttributes: runAttributes({ runKind: schedule.kind }),
      staticSummary: schedule.about,
      memo: { [fingerprintMemo]: fingerprint(schedule) },
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '24 hours', pauseOnFailure: false },
  };
}

/** Temporal tells a schedule back in another form than it was given: a digest of the declaration goes with it. */
function fingerprint(schedule: DeclaredSchedule): string {
  return createHash('sha256').update(JSON.stringify(schedule)).digest('hex').slice(0, 16);
}

/** The fingerprint that the schedule was applied with, `` for a foreign one, null for none. */
async function declarationOf(client: Client, id: string): Promise<string | null> {
  const description = await describe(client, id);
  if (description === null) return null;
  const mark = description.action.memo?.[fingerprintMemo];
  return typeof mark === 'string' ? mark : '';
}

type Description = Awaited<ReturnType<ReturnType<Client['schedule']['getHandle']>['describe']>>;

async function describe(client: Client, id: string): Promise<Description | null> {
  try {
    return await client.schedule.getHandle(id).describe();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
}

/** Makes sure that there is such a schedule, and changes nothing. @throws OperationError `notFound` */
export async function requireSchedule(client: Client, id: string): Promise<void> {
  if ((await describe(client, id)) === null)
    throw new OperationError('notFound', `There is no schedule «${id}»`, 'See `tidemark schedule list`.');
}
