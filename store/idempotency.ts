/** Answers kept for requests that are sent again. */
import { execute, queryRow, type Queryable } from './queryable.js';

export interface IdempotencyClaim {
  /** Whose key it is: two callers may take the same. */
  actor: string;
  key: string;
  /** Of all that makes the request what it is. */
  requestSha256: Buffer;
}

export interface KeptAnswer {
  requestSha256: Buffer;
  /** Null while the first request is being worked on. */
  status: number | null;
  body: unknown;
  location: string | null;
}

/** An answer is kept for a day; a request that was never answered went down with its process. */
export const answerKeptMs = 24 * 3_600_000;
const abandonedMs = 10 * 60_000;

/** Takes the key for a request; null where it was free, and otherwise what is known of the one that has it. */
export async function claimIdempotencyKey(
  db: Queryable,
  { actor, key, requestSha256, now }: IdempotencyClaim & { now: Date },
): Promise<KeptAnswer | null> {
  const parameters = [
    actor,
    key,
    requestSha256,
    now,
    new Date(now.getTime() - answerKeptMs),
    new Date(now.getTime() - abandonedMs),
  ];
  for (;;) {
    const taken = await execute(
      db,
      `insert into idempotent_requests as r (actor, key, request_sha256, created_at) values ($1, $2, $3, $4)
       on conflict (actor, key) do update
       set request_sha256 = excluded.request_sha256, created_at = excluded.created_at,
         status = null, body = null, location = null
       where r.created_at < $5 or (r.status is null and r.created_at < $6)`,
      parameters,
    );
    if (taken > 0) return null;
    const kept = await queryRow<KeptAnswer>(
      db,
      `select request_sha256 as "requestSha256", status, body, location from idempotent_requests
       where actor = $1 and key = $2`,
      [actor, key],
    );
    // Given back between the two statements: it is free again.
    if (kept !== null) return kept;
  }
}

export async function keepAnswer(
  db: Queryable,
  answer: Omit<KeptAnswer, 'requestSha256'> & { actor: string; key: string },
): Promise<void> {
  const { actor, key, status, body, location } = answer;
  await execute(
    db,
    `update idempotent_requests set status = $3, body = $4, location = $5 where actor = $1 and key = $2`,
    [actor, key, status, JSON.stringify(body), location],
  );
}

/** Gives a key back whose request failed for a reason that may pass. */
export async function releaseIdempotencyKey(db: Queryable, actor: string, key: string): Promise<void> {
  await execute(db, 'delete from idempotent_requests where actor = $1 and key = $2 and status is null', [
    actor,
    key,
  ]);
}
