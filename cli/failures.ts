import { CommanderError } from 'commander';
import { StoreError } from '../store/errors.js';
import { ServerStartError, UnreachableError } from '../runtime/errors.js';
import { OperationError, type OperationErrorCode } from '../operations/errors.js';
import { exitCodes, type ExitCode } from './exit-codes.js';

/** A failure that a command tells in its own words, with its exit code and the mend. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    message: string,
    readonly exitCode: ExitCode,
    readonly mend?: string,
  ) {
    super(message);
  }
}

export interface ToldFailure {
  exitCode: ExitCode;
  message: string;
  mend: string | undefined;
}

const storeExitCodes: Readonly<Partial<Record<StoreError['code'], ExitCode>>> = {
  unreachable: exitCodes.unreachable,
  accessDenied: exitCodes.unreachable,
  notFound: exitCodes.notFound,
  conflict: exitCodes.conflict,
};

const storeMends: Readonly<Partial<Record<StoreError['code'], string>>> = {
  unreachable: 'Start the servers with “tidemark up”, or set DATABASE_URL to a Postgres that answers.',
  accessDenied: 'Check the user, password and database in DATABASE_URL.',
  notMigrated: 'Run “tidemark migrate”.',
};

const operationExitCodes: Readonly<Record<OperationErrorCode, ExitCode>> = {
  notFound: exitCodes.notFound,
  conflict: exitCodes.conflict,
  usage: exitCodes.usage,
  unreachable: exitCodes.unreachable,
};

/** Exit code by the type of a run's failure (contracts/failures.ts). */
const runExitCodes: Readonly<Record<string, ExitCode>> = {
  quota: exitCodes.quotaExhausted,
  notFound: exitCodes.notFound,
  transient: exitCodes.unreachable,
};

export function exitCodeOfRun(state: string, failureKind: string | null): ExitCode {
  if (state === 'succeeded') return exitCodes.ok;
  if (state === 'partial') return exitCodes.partial;
  return runExitCodes[failureKind ?? ''] ?? exitCodes.failure;
}

/** What any error means to the shell and to the person at it. */
export function tellFailure(error: unknown): ToldFailure {
  if (error instanceof CommandError)
    return { exitCode: error.exitCode, message: error.message, mend: error.mend };
  if (error instanceof CommanderError)
    return { exitCode: exitCodes.usage, message: error.message.replace(/^error: /, ''), mend: undefined };
  if (error instanceof UnreachableError || error instanceof ServerStartError)
    return { exitCode: exitCodes.unreachable, message: error.message, mend: undefined };
  if (error instanceof OperationError)
    return {
      exitCode: operationExitCodes[error.code],
      message: error.message,
      mend: error.mend ?? undefined,
    };
  if (error instanceof StoreError)
    return {
      exitCode: storeExitCodes[error.code] ?? exitCodes.failure,
      message: error.message,
      mend: error.hint ?? storeMends[error.code],
    };
  return {
    exitCode: exitCodes.failure,
    message: error instanceof Error ? error.message : String(error),
    mend: undefined,
  };
}
