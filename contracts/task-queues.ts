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

/** A queue's name under a deployment's prefix (`` by default): several deployments can share a namespace. */
export function prefixedQueue(prefix: string, queue: string): string {
  return `${prefix}${queue}`;
}

/** The queue beside a control queue, under the same prefix. */
export function queueBeside(controlQueue: string, queue: string): string {
  return prefixedQueue(controlQueue.slice(0, controlQueue.length - taskQueues.control.length), queue);
}
