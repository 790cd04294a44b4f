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

export interface Claimed {
  /** Null where the key is this request's now, and otherwise what is known of the one that has it. */
  kept: KeptAnswer | null;
  /** When the key was first taken, by this request or by one before it that was never answered. */
  firstAt: Date;
}

/** An answer is kept for a day; a request that was never answered went down with its process. */
export const answerKeptMs = 24 * 3_600_000;
const abandonedMs = 10 * 60_000;

/** Takes the key for a request where it is free, or was left by a request that is not answered any more. */
export async function claimIdempotencyKey(
  db: Queryable,
  { actor, key, requestSha256, now }: IdempotencyClaim & { now: Date },
): Promise<Claimed> {
  const parameters = [
    actor,
    key,
    requestSha256,
    now,
    new Date(now.getTime() - answerKeptMs),
    new Date(now.getTime() - abandonedMs),
  ];
  for (;;) {
    const taken = await queryRow<{ firstAt: Date }>(
      db,
      `insert into idempotent_requests as r (actor, key, request_sha256, created_at, first_at)
       values ($1, $2, $3, $4, $4)
       on conflict (actor, key) do update
       set request_sha256 = excluded.request_sha256, created_at = excluded.created_at,
         first_at = case when r.status is null and r.first_at >= $5 then r.first_at else excluded.first_at end,
         status = null, body = null, location = null
       where r.created_at < $5 or (r.status is null and r.created_at < $6)
       returning first_at as "firstAt"`,
      parameters,
    );
    if (taken !== null) return { kept: null, firstAt: taken.firstAt };
    const held = await queryRow<KeptAnswer & { firstAt: Date }>(
      db,
      `select request_sha256 as "requestSha256", status, body, location, first_at as "firstAt"
       from idempotent_requests where actor = $1 and key = $2`,
      [actor, key],
    );
    // Tidied away between the two statements: it is free again.
    if (held === null) continue;
    const { firstAt, ...kept } = held;
    return { kept, firstAt };
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

/**
 * Gives a key back whose request failed for a reason that may pass. What it made before it failed is found again, so
 * the key is left as if its process had gone down, and may be taken at once.
 */
export async function releaseIdempotencyKey(db: Queryable, actor: string, key: string): Promise<void> {
  await execute(
    db,
    `update idempotent_requests set created_at = created_at - interval '1 hour'
     where actor = $1 and key = $2 and status is null`,
    [actor, key],
  );
}
