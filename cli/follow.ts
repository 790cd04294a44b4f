/** Starting runs from the command line: where to watch them, how to come back, and what came of them. */
import type { StartedRun } from '../contracts/ports.js';
import { mendOfKind } from '../operations/failure-mends.js';
import { exitCodes, gravest, type ExitCode } from './exit-codes.js';
import { exitCodeOfKind } from './failures.js';
import { asFields, fieldLines, type Fields } from './fields.js';
import type { Session } from './session.js';
import type { EndedRun, TellProgress } from './wait.js';

export interface FollowOptions {
  wait?: boolean | undefined;
  /** The command that shows it later. */
  later: string;
  tell?: TellProgress;
}

export interface FollowedRun {
  exitCode: ExitCode;
  fields: Fields;
  /** For a person. */
  text: string;
}

/** Tells of a started run and, where asked, waits for it. */
export async function followRun(
  session: Session,
  started: StartedRun,
  options: FollowOptions,
): Promise<FollowedRun> {
  const { output } = session;
  const { workflowId, alreadyRunning, url } = started;
  output.progress(`${alreadyRunning ? 'Runs already' : 'Started'}: ${workflowId}`);
  output.progress(`Look at it: ${url}`);
  output.progress(`Come back to it: ${options.later}`);
  if (options.wait !== true)
    return {
      exitCode: alreadyRunning ? exitCodes.conflict : exitCodes.ok,
      fields: asFields(started),
      text: workflowId,
    };
  const { waitForRun } = await import('./wait.js');
  const ended = await waitForRun(session, started, options.tell);
  const exitCode = exitCodeOf(ended);
  if (exitCode !== exitCodes.ok) tellTrouble(session, workflowId, ended, options.later);
  return {
    exitCode,
    fields: asFields({ ...started, ...ended }),
    text:
      ended.state === 'succeeded'
        ? `${workflowId}\n${fieldLines(asFields(ended.result ?? {}))}`
        : `${workflowId}: ${ended.state}`,
  };
}

/** One document for all runs of a command; answers the code that it ends with. */
export function tellRuns(session: Session, runs: readonly FollowedRun[]): ExitCode {
  session.output.data(
    runs.map(({ fields }) => fields),
    () => runs.map(({ text }) => text).join('\n\n'),
  );
  return gravest(runs.map(({ exitCode }) => exitCode));
}

export function exitCodeOf({ state, result, failureKind }: EndedRun): ExitCode {
  if (state === 'parked') return exitCodes.quotaExhausted;
  if (state === 'failed') return exitCodeOfKind(failureKind);
  const { rejected, failed, cancelled } = leftOut(result);
  if (cancelled) return exitCodes.failure;
  if (rejected > 0) return exitCodes.rejectedRows;
  return failed > 0 ? exitCodes.partial : exitCodes.ok;
}

/** A run that ended well may still have left something out. */
function leftOut(result: unknown): { rejected: number; failed: number; cancelled: boolean } {
  const told = (result ?? {}) as {
    state?: string;
    failed?: number;
    failedSteps?: number;
    steps?: { state: string }[];
    counts?: { quarantined?: number };
  };
  const failedSteps = (told.steps ?? []).filter(({ state }) => state === 'failed').length;
  return {
    rejected: told.counts?.quarantined ?? 0,
    failed: (told.failed ?? 0) + (told.failedSteps ?? 0) + failedSteps,
    cancelled: told.state === 'cancelled',
  };
}

function tellTrouble({ output }: Session, workflowId: string, ended: EndedRun, later: string): void {
  const { rejected, failed, cancelled } = leftOut(ended.result);
  if (ended.state === 'parked')
    output.error(
      `${workflowId} waits for a quota until ${ended.parkedUntil ?? 'its reset'}${ended.message === null ? '' : `: ${ended.message}`}`,
      `Nothing needs to be done: it goes on by itself then. See “${later}”.`,
    );
  else if (ended.state === 'failed')
    output.error(
      `${workflowId} failed: ${ended.message ?? 'no reason given'}`,
      mendOfKind(ended.failureKind) ?? `See “${later}”.`,
    );
  else if (cancelled) output.error(`${workflowId} was cancelled; what it had collected stays.`);
  else if (rejected > 0)
    output.error(
      `${workflowId} set ${String(rejected)} rows aside, with line and reason, in quarantine.`,
      'Mend them in the file and import it again: what is loaded already stays as it is.',
    );
  else output.error(`${workflowId} left ${String(failed)} out that failed.`, `See “${later}”.`);
}
