/** Stops a world from outside: by its supervisor where that lives, otherwise each process that was left. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Announce } from '../runtime/announce.js';
import { stopAbandonedPostgres } from '../runtime/postgres-server.js';
import { isProcessOf, stopProcess } from '../runtime/processes.js';
import { readHolder, removeState, type FoundWorld } from '../runtime/state.js';
import { stopAbandonedTemporal } from '../runtime/temporal-server.js';
import { exitCodes } from './exit-codes.js';
import { CommandError } from './command-error.js';

/** A worker drains for 20 s unless told otherwise; the servers below it follow within seconds. */
const orderlyMs = 90_000;
/** A second signal hurries what has not stopped by then. */
const hurriedMs = 30_000;

/** @throws CommandError when the supervisor outlives two signals */
export async function takeDown(
  { directory, state, supervisorPid }: FoundWorld,
  tell: Announce,
): Promise<void> {
  if (supervisorPid !== null) {
    tell(`Asking process ${String(supervisorPid)} to stop …`);
    await stopProcess(supervisorPid, [
      { signal: 'SIGTERM', waitMs: orderlyMs },
      { signal: 'SIGTERM', waitMs: hurriedMs },
    ]);
    if (readHolder(directory) !== null)
      throw new CommandError(
        `Process ${String(supervisorPid)}, which supervises ${directory}, does not stop.`,
        exitCodes.failure,
        `End it with “kill -9 ${String(supervisorPid)}”, then run “tidemark down” once more.`,
      );
    // What it stopped it has struck off; a state that still stands tells of an end that was not orderly.
    if (!existsSync(path.join(directory, 'state.json'))) return;
  }
  tell(`Stopping what was left in ${directory} …`);
  // The worker first, while what it works with is there to give its work back to.
  for (const pid of Object.values(state.children))
    if (isProcessOf(pid, 'tidemark.js')) await stopProcess(pid, workerSteps);
  await stopAbandonedTemporal(directory);
  await stopAbandonedPostgres(directory);
  await removeState(directory);
}

const workerSteps: Parameters<typeof stopProcess>[1] = [
  { signal: 'SIGTERM', waitMs: hurriedMs },
  { signal: 'SIGKILL', waitMs: 5_000 },
];
