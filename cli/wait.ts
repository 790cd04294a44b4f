/** Starting a run from the command line: where to watch it, how to come back to it, and how it ended. */
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, type TemporalFailure } from '@temporalio/common';
import { failureTypes, type FailureKind } from '../contracts/failures.js';
import type { StartedRun } from '../contracts/ports.js';
import { progressQuery } from '../contracts/runs.js';
import { exitCodes, type ExitCode } from './exit-codes.js';
import { exitCodeOfRun } from './failures.js';
import type { Session } from './session.js';

export interface EndedRun {
  state: 'succeeded' | 'failed';
  result: unknown;
  failureKind: FailureKind | null;
  message: string | null;
}

const pollMs = 500;
/** A log of the terminal should not fill with steps of a percent. */
const tellEveryMs = 5_000;

/** Waits for a run, telling its progress (where it answers for it) whenever that changes. */
export async function waitForRun(
  session: Session,
  run: Pick<StartedRun, 'workflowId' | 'runId'>,
  tell: (progress: unknown) => string | null = () => null,
): Promise<EndedRun> {
  const { client } = await session.temporal();
  const handle = client.workflow.getHandle(run.workflowId);
  let ended = false;
  let last: string | null = null;
  let toldAt = performance.now();
  const watch = async (): Promise<void> => {
    while (!ended) {
      await new Promise((resolve) => setTimeout(resolve, pollMs));
      // A run that has just begun, or is between two of its parts, does not answer yet.
      const text = await handle.query(progressQuery).then(tell, () => null);
      if (text === null || text === last || performance.now() - toldAt < tellEveryMs) continue;
      session.output.progress(text);
      last = text;
      toldAt = performance.now();
    }
  };
  const watching = watch();
  try {
    return { state: 'succeeded', result: await handle.result(), failureKind: null, message: null };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    return { state: 'failed', result: null, ...rootOf(error) };
  } finally {
    ended = true;
    await watching;
  }
}

function rootOf(error: WorkflowFailedError): Pick<EndedRun, 'failureKind' | 'message'> {
  let cause: unknown = error.cause;
  while (
    !(cause instanceof ApplicationFailure) &&
    (cause as TemporalFailure | undefined)?.cause !== undefined
  )
    cause = (cause as TemporalFailure).cause;
  const type = cause instanceof ApplicationFailure ? cause.type : null;
  const kinds = Object.entries(failureTypes) as [FailureKind, string][];
  return {
    failureKind: kinds.find(([, name]) => name === type)?.[0] ?? null,
    message: cause instanceof Error ? cause.message : error.message,
  };
}

export interface FollowOptions {
  wait?: boolean | undefined;
  /** The command that shows it later. */
  later: string;
  tell?: (progress: unknown) => string | null;
}

/** Tells of a started run and, where asked, waits for its end; answers the exit code. */
export async function followRun(
  session: Session,
  started: StartedRun,
  options: FollowOptions,
): Promise<ExitCode> {
  const { output } = session;
  output.progress(`${started.alreadyRunning ? 'Runs already' : 'Started'}: ${started.workflowId}`);
  output.progress(`Look at it: ${started.url}`);
  output.progress(`Come back to it: ${options.later}`);
  const told = {
    workflow_id: started.workflowId,
    run_id: started.runId,
    already_running: started.alreadyRunning,
    url: started.url,
  };
  if (options.wait !== true) {
    output.data(told, () => started.workflowId);
    return started.alreadyRunning ? exitCodes.conflict : exitCodes.ok;
  }
  const ended = await waitForRun(session, started, options.tell);
  output.data({ ...told, ...ended }, () =>
    ended.state === 'succeeded' ? JSON.stringify(ended.result, null, 2) : (ended.message ?? 'It failed.'),
  );
  if (ended.state === 'failed') return exitCodeOfRun('failed', ended.failureKind);
  return partial(ended.result) ? exitCodes.partial : exitCodes.ok;
}

/** A run that ended well may still have left something out. */
function partial(result: unknown): boolean {
  const { failed, steps } = (result ?? {}) as { failed?: number; steps?: { state: string }[] };
  return (failed ?? 0) > 0 || (steps ?? []).some(({ state }) => state === 'failed');
}
