/** A name for what a request makes, so that the same request sent again makes nothing more. */
import { createHash } from 'node:crypto';
import type { IdempotencyClaim } from '../store/idempotency.js';

/** A key that a request has taken, or has taken over from one that was never answered. */
export interface HeldClaim extends IdempotencyClaim {
  firstAt: Date;
}

/**
 * `http/<24 hex digits>`: of caller, key and request. The same key a day later, when it is free again, is another.
 */
export function nameOfClaim({ actor, key, requestSha256, firstAt }: HeldClaim): string {
  const told = JSON.stringify([actor, key, requestSha256.toString('hex'), firstAt.getTime()]);
  return `http/${createHash('sha256').update(told).digest('hex').slice(0, 24)}`;
}
