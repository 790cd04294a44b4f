import { addDays, dayBounds, dayOf } from '../../analytics/calendar.js';
import {
  AuthError,
  MalformedError,
  NotFoundError,
  QuotaError,
  RateError,
  TransientError,
  UnsupportedError,
  type SourceError,
} from '../errors.js';
import { refusalMessage } from '../refusal-message.js';
import { parseRetryAfter } from '../transport/retry-after.js';
import { apiErrorBody } from './schemas.js';
import { spotifyBucket } from './settings.js';

export interface Refusal {
  operation: string;
  status: number;
  retryAfter: string | null;
  /** Undefined where it was no JSON; a 429 may have none. */
  body: unknown;
  /** The answer's own clock; undefined where it told none. */
  answeredAt: Date | undefined;
  /** The same, or the program's clock where the answer is as of another moment. */
  now: Date;
}

/** The error that an answer of the Web API outside 2xx means. */
export function spotifyError(refusal: Refusal): SourceError {
  const { operation, status, retryAfter, answeredAt, now } = refusal;
  const parsed = apiErrorBody.safeParse(refusal.body);
  const error = parsed.success ? parsed.data.error : null;
  const reason = error?.reason;
  const message = refusalMessage(operation, status, reason, error?.message);
  const details = { status, reason, answeredAt };
  const retryAfterMs = parseRetryAfter(retryAfter, now);
  if (status === 429) {
    if (reason === 'QUOTA_EXCEEDED') {
      return new QuotaError(message, spotifyBucket, quotaReset(retryAfterMs, now), details);
    }
    return new RateError(message, retryAfterMs, details);
  }
  if (status >= 500 || status === 408) return new TransientError(message, details, retryAfterMs);
  if (status === 401) return new AuthError(message, details);
  if (status === 404) return new NotFoundError(message, details);
  if (error === null) return new MalformedError(`${message}: the answer is no error of Spotify's`, details);
  if (status === 403) return new AuthError(message, details);
  return new UnsupportedError(message, details);
}

/** When it is told, as told; otherwise, since no period is published, at the next midnight UTC. */
function quotaReset(retryAfterMs: number | null, now: Date): Date {
  if (retryAfterMs !== null && retryAfterMs > 0) return new Date(now.getTime() + retryAfterMs);
  return dayBounds(addDays(dayOf(now, 'UTC'), 1), 'UTC').start;
}
