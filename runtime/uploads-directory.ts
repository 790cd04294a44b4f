import { join, resolve } from 'node:path';
import type { Settings } from './settings.js';

export interface UploadsDirectories {
  /** Files of imports; workers read what the site keeps here, so both stand on one machine or share it. */
  kept: string;
  /** Files between the look at them and their loading. */
  waiting: string;
}

export function uploadsDirectories({
  TIDEMARK_STATE_DIRECTORY,
}: Pick<Settings, 'TIDEMARK_STATE_DIRECTORY'>): UploadsDirectories {
  const kept = join(resolve(TIDEMARK_STATE_DIRECTORY), 'uploads');
  return { kept, waiting: join(kept, 'waiting') };
}
