import { failureTypes, type FailureKind } from '../contracts/failures.js';
import { OperationError, type OperationErrorCode } from '../operations/errors.js';
import { mendOfKind } from '../operations/failure-mends.js';
import { ServerStartError, UnreachableError } from '../runtime/errors.js';
import { ConfigurationError } from '../runtime/read-settings.js';
import { AlreadyRunningError } from '../runtime/state.js';
import { BadInputError } from '../services/bad-input.js';
import { ExportFileError } from '../services/exports/write-whole-file.js';
import { UnknownTimeframeError } from '../services/timeframe.js';
import { FileFormatError } from '../sources/files/file-format-error.js';
import { SourceError } from '../sources/errors.js';
import { StoreError } from '../store/errors.js';
import { CommandError } from './command-error.js';
import { exitCodes, type ExitCode } from './exit-codes.js';

export interface ToldFailure {
  exitCode: ExitCode;
  message: string;
  mend: string | undefined;
}

const storeExitCodes: Readonly<Partial<Record<StoreError['code'], ExitCode>>> = {
  unreachable: exitCodes.unreachable,
  accessDenied: exitCodes.unreachable,
  notFound: exitCodes.notFound,
  rejected: exitCodes.rejectedRows,
  conflict: exitCodes.conflict,
  newerDatabase: exitCodes.conflict,
};

const storeMends: Readonly<Partial<Record<StoreError['code'], string>>> = {
  unreachable: 'Start the servers with “tidemark up”, or set DATABASE_URL to a Postgres that answers.',
  accessDenied: 'Check the user, password and database in DATABASE_URL.',
  notMigrated: 'Run “tidemark migrate”.',
  notFound:
    'See what there is with “tidemark release list”, “account list”, “backfill list”, “run list” or “key list”.',
};

const operationExitCodes: Readonly<Record<OperationErrorCode, ExitCode>> = {
  notFound: exitCodes.notFound,
  conflict: exitCodes.conflict,
  usage: exitCodes.usage,
  unreachable: exitCodes.unreachable,
};

/** By the kind of a platform's, a run's or a file's failure; what is not listed is a failure and no more. */
const kindExitCodes: Readonly<Partial<Record<FailureKind, ExitCode>>> = {
  quota: exitCodes.quotaExhausted,
  notFound: exitCodes.notFound,
  badInput: exitCodes.rejectedRows,
  unsupported: exitCodes.usage,
  transient: exitCodes.unreachable,
  database: exitCodes.unreachable,
};

export function exitCodeOfKind(kind: FailureKind | null): ExitCode {
  return (kind === null ? undefined : kindExitCodes[kind]) ?? exitCodes.failure;
}

/** The kind that a failure's type names (contracts/failures.ts); null for a type that is none of ours. */
export function kindOfType(type: string | null | undefined): FailureKind | null {
  const kinds = Object.keys(failureTypes) as FailureKind[];
  return kinds.find((kind) => failureTypes[kind] === type) ?? null;
}

/** What any error means to the shell and to the person at it. */
export function tellFailure(error: unknown): ToldFailure {
  if (error instanceof CommandError)
    return { exitCode: error.exitCode, message: error.message, mend: error.mend };
  if (error instanceof UnreachableError || error instanceof ServerStartError)
    return apart(error, exitCodes.unreachable);
  if (error instanceof ExportFileError) return told(error, exitCodes.failure, error.mend);
  if (error instanceof FileFormatError) return apart(error, exitCodes.rejectedRows);
  if (error instanceof OperationError)
    return told(error, operationExitCodes[error.code], error.mend ?? undefined);
  if (error instanceof StoreError)
    return told(
      error,
      storeExitCodes[error.code] ?? exitCodes.failure,
      error.hint ?? storeMends[error.code] ?? undefined,
    );
  if (error instanceof SourceError) return told(error, exitCodeOfKind(error.kind), mendOfKind(error.kind));
  if (error instanceof AlreadyRunningError) return told(error, exitCodes.conflict);
  if (
    error instanceof BadInputError ||
    error instanceof UnknownTimeframeError ||
    error instanceof ConfigurationError
  )
    return told(error, exitCodes.usage);
  // The client's own error has gRPC's as its cause.
  const cause = error instanceof Error && error.name === 'ServiceError' ? error.cause : error;
  if (isGrpcServiceError(cause))
    return {
      exitCode: exitCodes.unreachable,
      message: `Temporal does not answer: ${cause.details}`,
      mend: 'Check TEMPORAL_ADDRESS, and that the server runs; what was started goes on by itself.',
    };
  if (error instanceof AggregateError)
    return {
      exitCode: exitCodes.failure,
      message: [error.message, ...error.errors.map((inner) => `  ${tellFailure(inner).message}`)].join('\n'),
      mend: undefined,
    };
  return {
    exitCode: exitCodes.failure,
    message: error instanceof Error ? error.message : String(error),
    mend: undefined,
  };
}

function told(error: Error, exitCode: ExitCode, mend?: string): ToldFailure {
  return { exitCode, message: error.message, mend };
}

/** Such an error's message ends with its mend, for logs; here that has a line of its own. */
function apart(error: Error & { mend: string }, exitCode: ExitCode): ToldFailure {
  const { message, mend } = error;
  return {
    exitCode,
    message: message.endsWith(mend) ? message.slice(0, -mend.length).trim() : message,
    mend,
  };
}

/**
 * An answer, or none, of Temporal's server. Its client knows such an error by the same signs; loading it for that
 * would cost every command that fails a third of a second.
 */
function isGrpcServiceError(error: unknown): error is Error & { details: string } {
  return (
    error instanceof Error &&
    'details' in error &&
    typeof error.details === 'string' &&
    'metadata' in error &&
    typeof error.metadata === 'object'
  );
}
