/**
 * What a source throws: one class a kind, plain, without retry logic. Messages name the operation and the
 * platform's own reason and never hold an address's query, a key or a token; a `cause` is redacted likewise.
 */
import type { FailureKind } from '../contracts/failures.js';
import { redactText } from './transport/redact.js';

export type SourceErrorKind = Extract<
  FailureKind,
  'auth' | 'quota' | 'rate' | 'notFound' | 'unsupported' | 'malformed' | 'transient'
>;

export interface SourceErrorDetails {
  cause?: unknown;
  /** HTTP status of the answer; absent where there was none. */
  status?: number | undefined;
  /** The platform's own word for it (`quotaExceeded`, `invalid_grant`). */
  reason?: string | undefined;
  /** The answer's own clock. */
  answeredAt?: Date | undefined;
}

export abstract class SourceError extends Error {
  abstract readonly kind: SourceErrorKind;
  readonly status: number | null;
  readonly reason: string | null;
  readonly answeredAt: Date | null;

  constructor(message: string, details: SourceErrorDetails = {}) {
    super(
      redactText(message),
      details.cause === undefined ? undefined : { cause: redactedCause(details.cause) },
    );
    this.name = new.target.name;
    this.status = details.status ?? null;
    this.reason = details.reason ?? null;
    this.answeredAt = details.answeredAt ?? null;
  }
}

/** The credential is wrong, revoked, or may not read this: asking again does not help. */
export class AuthError extends SourceError {
  readonly kind = 'auth';
}

/** Nothing is left of a quota until `resetsAt`. */
export class QuotaError extends SourceError {
  readonly kind = 'quota';

  constructor(
    message: string,
    readonly bucket: string,
    readonly resetsAt: Date,
    details: SourceErrorDetails = {},
  ) {
    super(message, details);
  }
}

/** Too many requests; `retryAfterMs` is the platform's wish, null where it told none. */
export class RateError extends SourceError {
  readonly kind = 'rate';

  constructor(
    message: string,
    readonly retryAfterMs: number | null,
    details: SourceErrorDetails = {},
  ) {
    super(message, details);
  }
}

/** The account, channel, playlist or artist that was asked for does not exist. */
export class NotFoundError extends SourceError {
  readonly kind = 'notFound';
}

/** The platform, or this credential on it, does not answer such a question. */
export class UnsupportedError extends SourceError {
  readonly kind = 'unsupported';
}

/** A success by its status whose body is not what it should be: HTML, nothing, half of it, another shape. */
export class MalformedError extends SourceError {
  readonly kind = 'malformed';
}

/** Time-out, reset, 5xx: the same question may be answered later. */
export class TransientError extends SourceError {
  readonly kind = 'transient';

  constructor(
    message: string,
    details: SourceErrorDetails = {},
    readonly retryAfterMs: number | null = null,
  ) {
    super(message, details);
  }
}

/** A copy that keeps name, code and redacted message alone: HTTP libraries hang requests with keys on errors. */
function redactedCause(cause: unknown): Error {
  if (cause instanceof SourceError) return cause;
  if (!(cause instanceof Error)) return new Error(redactText(String(cause)));
  const inner: unknown = cause.cause;
  const copy = new Error(
    redactText(cause.message),
    inner instanceof Error ? { cause: redactedCause(inner) } : undefined,
  );
  copy.name = cause.name;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : null;
  return code === null ? copy : Object.assign(copy, { code });
}
