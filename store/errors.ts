/** What went wrong, in the terms that a caller can act on. */
export type StoreErrorCode =
  /** No connection: refused, reset, shutting down, too many of them. */
  | 'unreachable'
  /** Wrong password, unknown database, a privilege or row security in the way. */
  | 'accessDenied'
  | 'notFound'
  /** The values break a rule. */
  | 'rejected'
  /** Something of that key, or in the way, exists already. */
  | 'conflict'
  /** Deadlock, serialisation failure or a lock not granted in time: worth repeating. */
  | 'busy'
  /** Cancelled by its caller or by a statement's time limit. */
  | 'cancelled'
  | 'outOfSpace'
  /** The database holds migrations that this program does not know. */
  | 'newerDatabase'
  /** The database lacks a table, column or function that the program needs. */
  | 'notMigrated'
  | 'internal';

const retryableCodes: ReadonlySet<StoreErrorCode> = new Set(['unreachable', 'busy', 'outOfSpace']);

export interface StoreErrorDetails {
  cause?: unknown;
  sqlState?: string | null;
  constraint?: string | null;
  hint?: string | null;
}

/** Every failure of the store. Its message speaks to an operator and holds no values of other rows. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  /** Postgres's own code, where it answered. */
  readonly sqlState: string | null;
  readonly constraint: string | null;
  /** What mends it, where that is known. */
  readonly hint: string | null;

  constructor(code: StoreErrorCode, message: string, details: StoreErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'StoreError';
    this.code = code;
    this.sqlState = details.sqlState ?? null;
    this.constraint = details.constraint ?? null;
    this.hint = details.hint ?? null;
  }

  /** Whether the same call may succeed later without anybody's doing. */
  get retryable(): boolean {
    return retryableCodes.has(this.code);
  }
}

/** States that the schema's own functions raise. */
export const ownStates = {
  releaseMissing: 'TM001',
  releaseNotApproved: 'TM002',
  platformUnknown: 'TM003',
  valueNotFinite: 'TM004',
  metricInvalid: 'TM005',
  instantInvalid: 'TM006',
  entryMissing: 'TM007',
  entryReplaced: 'TM008',
} as const;

/** The most specific match wins: a whole state, then its class (the first two characters). */
const codesByState: Readonly<Record<string, StoreErrorCode>> = {
  [ownStates.releaseMissing]: 'notFound',
  [ownStates.entryMissing]: 'notFound',
  [ownStates.entryReplaced]: 'conflict',
  TM: 'rejected',
  '08': 'unreachable',
  '57P01': 'unreachable',
  '57P02': 'unreachable',
  '57P03': 'unreachable',
  '57P05': 'unreachable',
  '53300': 'unreachable',
  '53100': 'outOfSpace',
  '53': 'busy',
  '57014': 'cancelled',
  '28': 'accessDenied',
  '3D': 'accessDenied',
  '42501': 'accessDenied',
  '44': 'accessDenied',
  '40': 'busy',
  '55P03': 'busy',
  '25P03': 'busy',
  '23505': 'conflict',
  '23P01': 'conflict',
  '23503': 'notFound',
  '23': 'rejected',
  '22': 'rejected',
  '42P01': 'notMigrated',
  '42703': 'notMigrated',
  '42883': 'notMigrated',
};

/** Node's own codes and texts of a connection that was never made or was lost. */
const connectionCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ENOENT',
]);
const connectionTexts =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|not queryable|server closed the connection/i;

function field(error: object, name: string): string | null {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : null;
}

/**
 * Reads whatever `pg` threw as a `StoreError`; one that is a `StoreError` already comes back as it is.
 * Postgres's detail is left out of the message, since it quotes the row.
 */
export function storeError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  if (!(error instanceof Error)) return new StoreError('internal', String(error), { cause: error });
  // Happy-eyeballs connections fail with an AggregateError whose own message is empty.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : null;
  const state = field(error, 'code');
  const message = error.message === '' && first instanceof Error ? first.message : error.message;
  const details = {
    cause: error,
    sqlState: state !== null && /^[0-9A-Z]{5}$/.test(state) ? state : null,
    constraint: field(error, 'constraint'),
    hint: field(error, 'hint'),
  };
  if ((state !== null && connectionCodes.has(state)) || connectionTexts.test(message)) {
    return new StoreError('unreachable', `The database cannot be reached: ${message}`, {
      ...details,
      sqlState: null,
    });
  }
  const code =
    details.sqlState === null
      ? 'internal'
      : (codesByState[details.sqlState] ?? codesByState[details.sqlState.slice(0, 2)] ?? 'internal');
  return new StoreError(code, message, details);
}
