import type { CollectProgress } from '../contracts/runs.js';
import { noRows } from '../contracts/records.js';

export const nothingCollected: CollectProgress = {
  step: 0,
  offset: 0,
  counts: noRows,
  coveredDays: 0,
  warnings: [],
};

const maxWarnings = 20;

/** Adds a warning; one that differs from an earlier one in its figures alone is the same warning. */
export function addWarning(warnings: readonly string[], warning: string): string[] {
  const kind = (text: string): string => text.replace(/[\d.:TZ-]+/g, '#');
  if (warnings.length >= maxWarnings || warnings.some((known) => kind(known) === kind(warning)))
    return [...warnings];
  return [...warnings, warning.slice(0, 500)];
}

/** A collection that stopped half-way: why, and what it had committed by then. */
export class CollectionInterrupted extends Error {
  override readonly name = 'CollectionInterrupted';

  constructor(
    override readonly cause: unknown,
    readonly progress: CollectProgress,
  ) {
    super('The collection was interrupted', { cause });
  }
}
