/** Waiting for what another process does. */
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Calls `check` until it neither throws nor answers false, and returns its answer.
 *
 * @throws the last error, or one that says what was waited for, after `timeoutMs`.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { timeoutMs = 15_000, intervalMs = 50, what = 'the condition' } = {},
): Promise<Exclude<T, false>> {
  const deadline = Date.now() + timeoutMs;
  let failure: unknown = new Error(`Waited ${timeoutMs} ms in vain for ${what}`);
  do {
    try {
      const answer = await check();
      if (answer !== false) return answer as Exclude<T, false>;
    } catch (error) {
      failure = error;
    }
    await pause(intervalMs);
  } while (Date.now() < deadline);
  throw failure;
}
