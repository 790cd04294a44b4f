import { join, resolve } from 'node:path';
import type { Settings } from './settings.js';

/** Where exports wait for whoever fetches them: EXPORT_DIRECTORY, or a folder of the state directory. */
export function exportDirectory({
  EXPORT_DIRECTORY,
  TIDEMARK_STATE_DIRECTORY,
}: Pick<Settings, 'EXPORT_DIRECTORY' | 'TIDEMARK_STATE_DIRECTORY'>): string {
  return EXPORT_DIRECTORY === null ? exportsOf(TIDEMARK_STATE_DIRECTORY) : resolve(EXPORT_DIRECTORY);
}

/** The directory of exports that belongs to a state directory. */
export function exportsOf(stateDirectory: string): string {
  return join(resolve(stateDirectory), 'exports-out');
}
