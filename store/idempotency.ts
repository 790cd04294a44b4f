/** Answers kept for requests that are sent again. */
import { execute, queryRow, type Queryable } from './queryable.js';

export interface KeptAnswer {
  requestSha256: Buffer;
  /** Null while the first request is being worked on. */
  status: number | null;
  body: unknown;
}

/** Takes the key for a request; null where it was free, and otherwise what is known of the one that has it. */
export async function claimIdempotencyKey(
  db: Queryable,
  claim: { actor: string; key: string; requestSha256: Buffer; now: Date },
): Promise<KeptAnswer | null> {
  const taken = await execute(
    db,
    `insert into idempotent_requests (actor, key, request_sha256, created_at) values ($1, $2, $3, $4)
     on conflict do nothing`,
    [claim.actor, claim.key, claim.requestSha256, claim.now],
  );
  if (taken > 0) return null;
  return queryRow<KeptAnswer>(
    db,
    `select request_sha256 as "requestSha256", status, body from idempotent_requests where actor = $1 and key = $2`,
    [claim.actor, claim.key],
  );
}

export async function keepAnswer(
  db: Queryable,
  { actor, key, status, body }: { actor: string; key: string; status: number; body: unknown },
): Promise<void> {
  await execute(db, 'update idempotent_requests set status = $3, body = $4 where actor = $1 and key = $2', [
    actor,
    key,
    status,
    JSON.stringify(body),
  ]);
}

/** Gives a key back whose request failed for a reason that may pass. */
export async function releaseIdempotencyKey(db: Queryable, actor: string, key: string): Promise<void> {
  await execute(db, 'delete from idempotent_requests where actor = $1 and key = $2 and status is null', [
    actor,
    key,
  ]);
}
