/**
 * The one place that builds `ApplicationFailure`. Everything below throws plain classes; here they become a
 * type by which retry policies and workflows decide, and a message that is fit to be read in Temporal's UI.
 */
import { ApplicationFailure } from '@temporalio/common';
import { failureTypes, type FailureKind, type RetryAt } from '../contracts/failures.js';
import { payloadCapBytes } from '../contracts/payload-cap.js';
import type { Clock } from '../contracts/ports.js';
import type { CollectProgress } from '../contracts/runs.js';
import { sanitiseError } from '../runtime/sanitise.js';
import { CollectionInterrupted } from '../services/collect-progress.js';
import { BadInputError } from '../services/bad-input.js';
import { ExportFileError } from '../services/exports/write-whole-file.js';
import { FileFormatError } from '../sources/files/file-format-error.js';
import { QuotaError, RateError, SourceError, TransientError } from '../sources/errors.js';
import { StoreError, type StoreErrorCode } from '../store/errors.js';

/** A wait that the platform did not put a figure on. */
const defaultRateWaitMs = 60_000;

/**
 * The failure for whatever was thrown. Waiting for a rate or a quota is the workflow's business, as a timer
 * that survives restarts, so those are not retried here and carry `RetryAt` as their first detail; what an
 * interrupted collection had done comes with it.
 */
export function toFailure(thrown: unknown, clock: Clock): ApplicationFailure {
  if (thrown instanceof ApplicationFailure) return thrown;
  const error = thrown instanceof CollectionInterrupted ? thrown.cause : thrown;
  const kind = kindOf(error);
  const safe = sanitiseError(error);
  const progress = thrown instanceof CollectionInterrupted ? thrown.progress : null;
  const retryAt = retryAtOf(error, clock);
  return ApplicationFailure.create({
    message: safe.message,
    type: failureTypes[kind],
    nonRetryable: !isRetryable(error, kind),
    details: retryAt === null ? [] : [{ retryAt: retryAt.toISOString(), progress }],
    cause: safe,
    ...(error instanceof TransientError && error.retryAfterMs !== null
      ? { nextRetryDelay: error.retryAfterMs }
      : {}),
  });
}

/** First detail of a quota or rate failure of a collection. */
export interface CollectionWait extends RetryAt {
  progress: CollectProgress | null;
}

/**
 * Refuses a payload that Temporal would burn every attempt on.
 * @throws ApplicationFailure of type PayloadTooLarge, not retryable
 */
export function assertPayloadFits(what: string, payload: unknown): void {
  const bytes = payload === undefined ? 0 : Buffer.byteLength(JSON.stringify(payload));
  if (bytes <= payloadCapBytes) return;
  throw ApplicationFailure.nonRetryable(
    `${what} is ${bytes} bytes of JSON, over the cap of ${payloadCapBytes}`,
    failureTypes.payloadTooLarge,
  );
}

/** The worker is shutting down: the attempt is given back, and the next one resumes from its heartbeat. */
export function givenBack(): ApplicationFailure {
  return ApplicationFailure.retryable(
    'The worker is shutting down; another attempt resumes',
    failureTypes.transient,
  );
}

const storeKinds: Readonly<Record<StoreErrorCode, FailureKind>> = {
  unreachable: 'database',
  accessDenied: 'database',
  notFound: 'notFound',
  rejected: 'badInput',
  conflict: 'badInput',
  busy: 'database',
  cancelled: 'database',
  outOfSpace: 'database',
  newerDatabase: 'database',
  notMigrated: 'database',
  internal: 'internal',
};

export function kindOf(error: unknown): FailureKind {
  if (error instanceof SourceError) return error.kind;
  if (error instanceof BadInputError || error instanceof FileFormatError || isUnreadableFile(error))
    return 'badInput';
  if (error instanceof StoreError) return storeKinds[error.code];
  // A disk that is full or away is mended beneath the run, which tries again meanwhile.
  if (error instanceof ExportFileError) return 'transient';
  return 'internal';
}

function isUnreadableFile(error: unknown): boolean {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR' || code === 'ENOTDIR';
}

/** Whether a second attempt of the same activity may mend it. */
function isRetryable(error: unknown, kind: FailureKind): boolean {
  // A statement that was cancelled by its time limit may get through when the server is less busy.
  if (error instanceof StoreError) return error.retryable || error.code === 'cancelled';
  return kind === 'transient' || kind === 'malformed' || kind === 'internal';
}

/**
 * When a call may be made again, on the system's clock: timers run on that one, even while the program's own
 * stands at an instant of a recording.
 */
function retryAtOf(error: unknown, clock: Clock): Date | null {
  const systemNow = Date.now();
  if (error instanceof RateError) return new Date(systemNow + (error.retryAfterMs ?? defaultRateWaitMs));
  if (error instanceof QuotaError)
    return new Date(systemNow + Math.max(0, error.resetsAt.getTime() - clock.now().getTime()));
  return null;
}
