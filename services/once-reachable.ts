import { setTimeout as pause } from 'node:timers/promises';
import { StoreError } from '../store/errors.js';

const firstPauseMs = 250;
const longestPauseMs = 5_000;
/** Past it the attempt fails, and the next one fetches again. */
const patienceMs = 5 * 60_000;

/**
 * Runs `work`, again while Postgres cannot be reached.
 * @throws StoreError of any other kind at once, and `unreachable` after five minutes; the signal's reason
 */
export async function onceReachable<Result>(
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  const startedAt = performance.now();
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      return await work();
    } catch (error) {
      const isAway = error instanceof StoreError && error.code === 'unreachable';
      if (!isAway || performance.now() - startedAt > patienceMs) throw error;
    }
    await pause(pauseMs, undefined, { signal });
  }
}
