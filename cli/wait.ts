/** Waiting for a run from the command line: its progress meanwhile, and how it ended. */
import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { FailureKind } from '../contracts/failures.js';
import type { StartedRun } from '../contracts/ports.js';
import { progressQuery, type BackfillProgress, type CollectState } from '../contracts/runs.js';
import { kindOfType } from './failures.js';
import type { Session } from './session.js';

export interface EndedRun {
  /** `parked` has not ended: it goes on by itself when the platform's quota is there again. */
  state: 'succeeded' | 'failed' | 'parked';
  result: unknown;
  failureKind: FailureKind | null;
  message: string | null;
  /** RFC 3339. */
  parkedUntil: string | null;
}

/** What the runs that tell of their progress answer. */
export type RunProgress = BackfillProgress | CollectState;
export type TellProgress = (progress: RunProgress) => string | null;

const pollMs = 500;
/** A log of the terminal should not fill with steps of a percent. */
const tellEveryMs = 5_000;

/**
 * Waits until a run has ended, or has parked: nobody wants to hold a terminal until a quota's midnight. Tells
 * its progress, where it answers for it, and of attempts that failed and are made again.
 */
export async function waitForRun(
  session: Session,
  run: Pick<StartedRun, 'workflowId'>,
  tell: TellProgress = tellWait,
): Promise<EndedRun> {
  const { client } = await session.temporal();
  const handle = client.workflow.getHandle(run.workflowId);
  const watching = new AbortController();
  // The client asks anew twice a minute, and listens to the signal each time.
  setMaxListeners(0, watching.signal);
  try {
    return await Promise.race([
      // A call for the result that nobody waits for any more would hold the process for half a minute.
      client.withAbortSignal(watching.signal, () => untilEnded(handle)),
      untilParked(session, handle, tell, watching.signal),
    ]);
  } finally {
    watching.abort();
  }
}

const ended = { failureKind: null, message: null, parkedUntil: null } as const;

async function untilEnded(handle: WorkflowHandle): Promise<EndedRun> {
  try {
    return { ...ended, state: 'succeeded', result: (await handle.result()) as unknown };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const cause = rootOf(error);
    return {
      ...ended,
      state: 'failed',
      result: null,
      failureKind: kindOfType(cause instanceof ApplicationFailure ? cause.type : null),
      message: cause.message,
    };
  }
}

/** @throws the signal's reason once nobody waits any more */
async function untilParked(
  session: Session,
  handle: WorkflowHandle,
  tell: TellProgress,
  signal: AbortSignal,
): Promise<EndedRun> {
  let last: string | null = null;
  let lookedAt = performance.now();
  for (;;) {
    await pause(pollMs, undefined, { signal });
    // A run that has just begun, or is between two of its parts, does not answer yet; others never do.
    const progress = await handle.query<RunProgress>(progressQuery).catch(() => null);
    if (progress?.state === 'parked')
      return {
        state: 'parked',
        result: null,
        failureKind: 'quota',
        message: 'reason' in progress ? progress.reason : null,
        parkedUntil: progress.parkedUntil,
      };
    if (performance.now() - lookedAt < tellEveryMs) continue;
    lookedAt = performance.now();
    const text = (progress === null ? null : tell(progress)) ?? (await failedAttempt(handle));
    if (text !== null && text !== last) session.output.progress(text);
    last = text ?? last;
  }
}

/** What a collection says while its platform lets it wait; null for other runs, and while it gets on. */
function tellWait(progress: RunProgress): string | null {
  return progress.state === 'waiting' && 'reason' in progress
    ? `Waits until ${progress.parkedUntil ?? 'the platform answers'}: ${progress.reason ?? ''}`
    : null;
}

/** An activity that failed and is tried again would otherwise be waited for in silence. */
async function failedAttempt(handle: WorkflowHandle): Promise<string | null> {
  const described = await handle.describe().catch(() => null);
  for (const { activityType, attempt, lastFailure } of described?.raw.pendingActivities ?? []) {
    const message = lastFailure?.message;
    if (typeof message === 'string' && message !== '')
      return `${activityType?.name ?? 'A step'} is tried again (attempt ${String(attempt)}): ${message}`;
  }
  return null;
}

function rootOf(error: WorkflowFailedError): Error {
  let root: Error = error;
  while (!(root instanceof ApplicationFailure) && root.cause instanceof Error) root = root.cause;
  return root;
}
