import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../contracts/ports.js';
import { incomingPrefix } from './keep-upload.js';
import { removeOldPendingUploads } from './pending-upload.js';

const msPerDay = 86_400_000;
/** Longer than any run of an import waits for its worker. */
const importKeptDays = 30;
const brokenOffDays = 1;
/** Named by keepUpload after what they hold. */
const keptFolder = /^[\da-f]{32}$/;

export interface UploadsToTidy {
  clock: Clock;
  /** Where files of imports are. */
  kept: string;
  /** Where files wait between the look at them and their loading. */
  waiting: string;
}

/**
 * Removes uploaded files that nobody will come back for, or says how many there are: those looked at and not loaded
 * within their day, those whose sending was broken off a day ago, and those of imports that were started 30 days ago.
 * Anything else in the directories stays.
 */
export async function removeAbandonedUploads(
  { clock, kept, waiting }: UploadsToTidy,
  dryRun: boolean,
): Promise<number> {
  const now = clock.now();
  let removed = await removeOldPendingUploads(waiting, now, dryRun);
  for (const name of await namesIn(kept)) {
    const keptDays = name.startsWith(incomingPrefix)
      ? brokenOffDays
      : keptFolder.test(name)
        ? importKeptDays
        : Number.POSITIVE_INFINITY;
    const path = join(kept, name);
    if (now.getTime() - (await lastTouchedAt(path)) <= keptDays * msPerDay) continue;
    removed += 1;
    if (!dryRun) await rm(path, { recursive: true, force: true });
  }
  return removed;
}

/** Milliseconds since 1970: a file sent again renews its folder. One that went meanwhile is new enough to be let be. */
async function lastTouchedAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Number.POSITIVE_INFINITY;
    throw error;
  }
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
