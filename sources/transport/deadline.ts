import { TransientError } from '../errors.js';

/**
 * Runs one call, from connecting to the last byte of the body, under one deadline.
 *
 * A hand-made signal instead of `AbortSignal.any` and `AbortSignal.timeout`: both the timer and the listener
 * go when the call ends, so that thousands of calls under one long-lived signal leave nothing behind.
 *
 * @param caller the caller's own signal; its abort surfaces as its own reason, never as a time-out
 * @param call is also raced against the signal, since not everything inside listens to it
 * @throws TransientError when `deadlineMs` passed first
 */
export async function withDeadline<T>(
  caller: AbortSignal,
  deadlineMs: number,
  operation: string,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  caller.throwIfAborted();
  const controller = new AbortController();
  let rejectRace: (reason: Error) => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    rejectRace = reject;
  });
  const stop = (reason: Error) => {
    controller.abort(reason);
    rejectRace(reason);
  };
  const onAbort = () => stop(new Error('Aborted by the caller'));
  caller.addEventListener('abort', onAbort, { once: true });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    stop(new Error('Deadline passed'));
  }, deadlineMs);
  try {
    return await Promise.race([call(controller.signal), aborted]);
  } catch (error) {
    caller.throwIfAborted();
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- set by the timer meanwhile
    if (timedOut) {
      throw new TransientError(`${operation}: no complete answer within ${deadlineMs} ms`, { cause: error });
    }
    throw error;
  } finally {
    clearTimeout(timer);
    caller.removeEventListener('abort', onAbort);
  }
}
