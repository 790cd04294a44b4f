/** What every activity has in common: failures typed and clean, payloads within the cap. */
import type { Context } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { Clock } from '../contracts/ports.js';
import { assertPayloadFits, givenBack, toFailure } from './failures.js';

/**
 * Builds the interceptor; `clock` tells failures when a platform's quota day ends. Attempts are logged by the
 * SDK itself, with workflow, run and attempt ids, once their failures are clean.
 */
export function activityInterceptor(deps: { clock: Clock }): ActivityInterceptorsFactory {
  return (context) => ({
    inbound: {
      async execute(input, next) {
        try {
          assertPayloadFits(`The input of ${context.info.activityType}`, input.args);
          const result: unknown = await next(input);
          assertPayloadFits(`The result of ${context.info.activityType}`, result);
          return result;
        } catch (error) {
          throw context.cancellationSignal.aborted
            ? afterAbort(context, error)
            : toFailure(error, deps.clock);
        }
      },
    },
  });
}

/**
 * After an abort whatever was thrown is its echo (a closed socket, a cancelled statement). A worker that shuts
 * down gives the attempt back: told as cancelled, the server would take the whole run for cancelled.
 */
function afterAbort(context: Context, error: unknown): unknown {
  const reason: unknown = context.cancellationSignal.reason;
  if (!(reason instanceof CancelledFailure)) return error;
  return reason.message === 'WORKER_SHUTDOWN' ? givenBack() : reason;
}
