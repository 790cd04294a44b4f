import { dayBounds, dayOf } from '../../analytics/calendar.js';
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
import { pacific } from './settings.js';

const quotaReasons = new Set(['quotaExceeded', 'dailyLimitExceeded', 'dailyLimitExceededUnreg']);
const rateReasons = new Set(['rateLimitExceeded', 'userRateLimitExceeded', 'servingLimitExceeded']);
const credentialReasons = new Set(['keyInvalid', 'keyExpired', 'authError', 'API_KEY_INVALID']);
/** A page token that has run out: the walk begins anew. */
const staleReasons = new Set(['invalidPageToken']);

export interface Refusal {
  operation: string;
  bucket: string;
  status: number;
  retryAfter: string | null;
  body: unknown;
  /** The answer's own clock, or the program's where the answer is as of another moment. */
  now: Date;
}

/** Google's quotas fill again at the next midnight in Los Angeles. */
export function nextQuotaReset(now: Date): Date {
  return dayBounds(dayOf(now, pacific), pacific).end;
}

/** The error that an answer of Google's APIs outside 2xx means: by its reason first, then by its status. */
export function googleError(refusal: Refusal): SourceError {
  const { operation, bucket, status, now } = refusal;
  const body = apiErrorBody.safeParse(refusal.body);
  const error = body.success ? body.data.error : null;
  const reasons = [...(error?.errors ?? []), ...(error?.details ?? [])].flatMap(({ reason }) => reason ?? []);
  const is = (known: Set<string>) => reasons.find((reason) => known.has(reason));
  const reason = reasons[0] ?? error?.status;
  const message = refusalMessage(operation, status, reason, error?.message);
  const details = { status, reason };
  const quotaReason = is(quotaReasons);
  if (quotaReason !== undefined) {
    return new QuotaError(message, bucket, nextQuotaReset(now), { status, reason: quotaReason });
  }
  const retryAfterMs = parseRetryAfter(refusal.retryAfter, now);
  if (status === 429 || is(rateReasons) !== undefined) return new RateError(message, retryAfterMs, details);
  if (status >= 500 || status === 408 || is(staleReasons) !== undefined) {
    return new TransientError(message, details, retryAfterMs);
  }
  if (status === 401 || is(credentialReasons) !== undefined) return new AuthError(message, details);
  if (status === 404) return new NotFoundError(message, details);
  // A page of a proxy's, say: Google tells its reasons.
  if (error === null) return new MalformedError(`${message}: the answer is no error of Google's`, details);
  if (status === 403) return new AuthError(message, details);
  return new UnsupportedError(message, details);
}
