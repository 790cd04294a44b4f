import type { Platform } from './vocabulary.js';

/**
 * `control` is the only queue whose workers run workflows; the others run activities alone.
 * One queue a platform bounds its request rate; `files` reads and writes files; `analysis` is CPU work.
 */
export const taskQueues = {
  control: 'control',
  files: 'files',
  analysis: 'analysis',
} as const;

export function platformQueue(platform: Platform): string {
  return `platform-${platform}`;
}
