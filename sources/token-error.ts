import { z } from 'zod';
import { AuthError, MalformedError, RateError, TransientError, type SourceError } from './errors.js';
import { refusalMessage } from './refusal-message.js';
import { parseRetryAfter } from './transport/retry-after.js';

/** RFC 6749, section 5.2. */
const tokenErrorBody = z.object({ error: z.string(), error_description: z.string().optional() });

export interface TokenRefusal {
  /** `Google token`, say. */
  operation: string;
  status: number;
  retryAfter: string | null;
  /** Undefined where it was no JSON. */
  body: unknown;
  now: Date;
}

/**
 * The error that an answer of an OAuth 2 token endpoint outside 2xx means. A refused grant and refused client
 * credentials do not get better by asking again.
 */
export function tokenError({ operation, status, retryAfter, body, now }: TokenRefusal): SourceError {
  const parsed = tokenErrorBody.safeParse(body);
  const reason = parsed.data?.error;
  const message = refusalMessage(operation, status, reason, parsed.data?.error_description);
  const details = { status, reason };
  const retryAfterMs = parseRetryAfter(retryAfter, now);
  if (status === 429) return new RateError(message, retryAfterMs, details);
  if (status >= 500 || status === 408) return new TransientError(message, details, retryAfterMs);
  if (reason !== undefined || status === 401 || status === 403) return new AuthError(message, details);
  return new MalformedError(message, details);
}
