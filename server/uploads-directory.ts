import { join, resolve } from 'node:path';
import type { Settings } from '../runtime/settings.js';

/** Workers read what the site keeps here, so both stand on one machine or share the directory. */
export function uploadsDirectory({
  TIDEMARK_STATE_DIRECTORY,
}: Pick<Settings, 'TIDEMARK_STATE_DIRECTORY'>): string {
  return join(resolve(TIDEMARK_STATE_DIRECTORY), 'uploads');
}
