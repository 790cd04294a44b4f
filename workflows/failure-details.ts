/** What a failed activity or child says of itself, read without building failures anew. */
import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  isCancellation,
  rootCause,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { CollectionWait } from '../activities/failures.js';
import { failureTypes, type FailureKind } from '../contracts/failures.js';
import { searchAttributes } from '../contracts/search-attributes.js';

export interface FailureDetails {
  kind: FailureKind;
  message: string;
}

const kinds = Object.keys(failureTypes) as FailureKind[];

export function failureDetails(error: unknown): FailureDetails {
  const failure = applicationFailure(error);
  const kind = kinds.find((name) => failureTypes[name] === failure?.type) ?? 'internal';
  return { kind, message: failure?.message ?? rootCause(error) ?? 'Failed for no stated reason' };
}

/** When and from where a collection may go on; null when waiting does not help. */
export function waitOf(error: unknown): CollectionWait | null {
  const failure = applicationFailure(error);
  if (failure?.type !== failureTypes.quota && failure?.type !== failureTypes.rate) return null;
  const details = failure.details as [CollectionWait?] | null | undefined;
  return details?.[0] ?? null;
}

/**
 * Marks the run with the kind of its failure and returns what to throw: the activity's own failure, so that
 * the run's result reads why and not only «Activity task failed».
 */
export function markFailed(error: unknown): unknown {
  if (isCancellation(error)) return error;
  upsertSearchAttributes([
    { key: { name: searchAttributes.failureKind, type: 'KEYWORD' }, value: failureDetails(error).kind },
  ]);
  return applicationFailure(error) ?? error;
}

function applicationFailure(error: unknown): ApplicationFailure | null {
  if (error instanceof ApplicationFailure) return error;
  if (error instanceof ActivityFailure || error instanceof ChildWorkflowFailure)
    return applicationFailure(error.cause);
  return null;
}
