/** What every activity has in common: logging with its ids, failures typed and clean, payloads within the cap. */
import type { Context } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import type { ActivityExecuteInput, ActivityInterceptorsFactory } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { Clock } from '../contracts/ports.js';
import { assertPayloadFits, givenBack, toFailure } from './failures.js';

/** Builds the interceptor; `clock` tells failures when a platform's quota day ends. */
export function activityInterceptor(deps: { logger: Logger; clock: Clock }): ActivityInterceptorsFactory {
  return (context) => ({
    inbound: {
      async execute(input, next) {
        const log = deps.logger.child(logFields(context));
        const startedAt = performance.now();
        try {
          assertPayloadFits(`The input of ${context.info.activityType}`, input.args);
          const result: unknown = await runUnlessAborted(context, input, next);
          assertPayloadFits(`The result of ${context.info.activityType}`, result);
          log.debug({ durationMs: elapsed(startedAt) }, 'Activity completed');
          return result;
        } catch (error) {
          if (context.cancellationSignal.aborted) throw afterAbort(context, error);
          const failure = toFailure(error, deps.clock);
          log.warn(
            { durationMs: elapsed(startedAt), failureType: failure.type, failure: failure.message },
            'Activity failed',
          );
          throw failure;
        }
      },
    },
  });
}

async function runUnlessAborted(
  context: Context,
  input: ActivityExecuteInput,
  next: (input: ActivityExecuteInput) => Promise<unknown>,
): Promise<unknown> {
  context.cancellationSignal.throwIfAborted();
  return next(input);
}

/**
 * After an abort whatever was thrown is its echo (a closed socket, a cancelled statement). A worker that shuts
 * down gives the attempt back: told as cancelled, the server would take the whole run for cancelled.
 */
function afterAbort(context: Context, error: unknown): unknown {
  const reason: unknown = context.cancellationSignal.reason;
  const shuttingDown = reason instanceof CancelledFailure && reason.message === 'WORKER_SHUTDOWN';
  if (shuttingDown) return givenBack();
  return reason instanceof CancelledFailure ? reason : error;
}

function logFields({ info }: Context): Record<string, string | number | undefined> {
  return {
    activity: info.activityType,
    attempt: info.attempt,
    workflowId: info.workflowExecution?.workflowId,
    runId: info.workflowExecution?.runId,
  };
}

function elapsed(startedAt: number): number {
  return Math.round(performance.now() - startedAt);
}
