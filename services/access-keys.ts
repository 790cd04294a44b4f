/** Keys of the HTTP API: made once, shown once, kept as a hash; and sessions that the pages enter by them. */
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../contracts/ports.js';
import {
  addApiKey,
  addWebSession,
  findApiKey,
  findWebSession,
  limitApiKey,
  listApiKeys,
  revokeApiKey,
  scopes,
  type ApiKey,
  type Scope,
} from '../store/api-keys.js';
import type { Queryable } from '../store/queryable.js';
import { BadInputError } from './bad-input.js';

/** What each role may do; a role is a set of scopes. */
export const roles = {
  viewer: ['read'],
  analyst: ['read', 'write'],
  operator: ['read', 'write', 'operate'],
  admin: ['read', 'write', 'operate', 'admin'],
} as const satisfies Record<string, readonly Scope[]>;
export type Role = keyof typeof roles;

const keyStart = 'tmk_';
const shownLength = keyStart.length + 6;

export interface KeyRequest {
  name: string;
  scopes: readonly Scope[];
  /** None given means every artist. */
  artistIds?: readonly number[] | undefined;
  expiresAt?: Date | undefined;
  createdBy?: string | undefined;
  /** The key whose successor it is. */
  replacesId?: number | undefined;
}

/** @returns the key itself (256 random bits), which is shown this once, and what is kept of it. @throws BadInputError */
export async function createKey(
  db: Queryable,
  request: KeyRequest,
  clock: Clock,
): Promise<{ key: string; kept: ApiKey }> {
  const name = request.name.trim();
  if (name === '') throw new BadInputError('A key has a name that tells who uses it.');
  if (request.scopes.length === 0 || request.scopes.some((scope) => !scopes.includes(scope)))
    throw new BadInputError(`A key has scopes: some of ${scopes.join(', ')}.`);
  if (request.artistIds?.length === 0)
    throw new BadInputError('A key that is limited to artists names at least one.');
  const now = clock.now();
  if (request.expiresAt !== undefined && request.expiresAt <= now)
    throw new BadInputError('A key expires in the future.');
  const key = `${keyStart}${randomBytes(32).toString('base64url')}`;
  const kept = await addApiKey(
    db,
    {
      name,
      prefix: key.slice(0, shownLength),
      sha256: hashOf(key),
      scopes: scopes.filter((scope) => request.scopes.includes(scope)),
      artistIds: request.artistIds ?? null,
      expiresAt: request.expiresAt ?? null,
      createdBy: request.createdBy ?? null,
      replacesId: request.replacesId ?? null,
    },
    now,
  );
  return { key, kept };
}

export interface RotatedKey {
  /** The successor itself, which is shown this once. */
  key: string;
  kept: ApiKey;
  /** What it takes the place of, with the moment at which that ends. */
  replaced: ApiKey;
}

const msPerHour = 3_600_000;

/**
 * Gives every key that holds, or those told, a successor of the same name, scopes, artists and length of life. What
 * is replaced holds for the grace, so that programs can change over, and ends at once where there is none. A key
 * whose successor holds is passed over, so that a rotation whose new keys were lost can simply be repeated: it
 * replaces those, and the first ones keep their grace.
 * @throws BadInputError for a key that holds no longer, has a successor that does, or is none
 */
export async function rotateKeys(
  db: Queryable,
  { ids, graceHours, createdBy }: { ids: readonly number[] | null; graceHours: number; createdBy?: string },
  clock: Clock,
): Promise<RotatedKey[]> {
  const now = clock.now();
  const all = await listApiKeys(db);
  const holding = all.filter(
    ({ revokedAt, expiresAt }) => revokedAt === null && (expiresAt === null || expiresAt > now),
  );
  for (const id of ids ?? []) refuseToReplace(id, all, holding);
  const rotated: RotatedKey[] = [];
  for (const old of holding) {
    const successor = successorOf(old.id, all);
    if (ids === null ? successor !== undefined && holding.includes(successor) : !ids.includes(old.id))
      continue;
    // The grace of an earlier rotation shortened its own life; what took its place has the whole of it.
    const { expiresAt, createdAt } = successor ?? old;
    const { key, kept } = await createKey(
      db,
      {
        ...{ name: old.name, scopes: old.scopes, artistIds: old.artistIds ?? undefined, createdBy },
        expiresAt:
          expiresAt === null
            ? undefined
            : new Date(now.getTime() + expiresAt.getTime() - createdAt.getTime()),
        replacesId: old.id,
      },
      clock,
    );
    const replaced =
      graceHours === 0
        ? await revokeApiKey(db, old.id, now)
        : await limitApiKey(db, old.id, new Date(now.getTime() + graceHours * msPerHour));
    rotated.push({ key, kept, replaced });
  }
  return rotated;
}

function refuseToReplace(id: number, all: readonly ApiKey[], holding: readonly ApiKey[]): void {
  if (!holding.some((key) => key.id === id))
    throw new BadInputError(
      `There is no key ${String(id)} that still holds; “tidemark key list” tells which do.`,
    );
  const successor = successorOf(id, all);
  if (successor !== undefined && holding.includes(successor))
    throw new BadInputError(
      `Key ${String(id)} has its successor: replace key ${String(successor.id)}, or end this one at once with “tidemark key revoke ${String(id)}”.`,
    );
}

/** The last of the keys that took the place of this one, of what took its place, and so on. */
function successorOf(id: number, all: readonly ApiKey[]): ApiKey | undefined {
  const next = all.findLast(({ replacesId }) => replacesId === id);
  return next === undefined ? undefined : (successorOf(next.id, all) ?? next);
}

/** The key that was presented, or null where it is unknown, revoked or expired. */
export async function verifyKey(db: Queryable, presented: string, clock: Clock): Promise<ApiKey | null> {
  if (!presented.startsWith(keyStart)) return null;
  return findApiKey(db, hashOf(presented), clock.now());
}

/** Opens a session by a key; null where the key does not hold. */
export async function openSession(
  db: Queryable,
  presented: string,
  { clock, hours }: { clock: Clock; hours: number },
): Promise<{ token: string; expiresAt: Date; key: ApiKey } | null> {
  const key = await verifyKey(db, presented.trim(), clock);
  if (key === null) return null;
  const token = randomBytes(32).toString('base64url');
  const createdAt = clock.now();
  const expiresAt = new Date(createdAt.getTime() + hours * 3_600_000);
  await addWebSession(db, { tokenSha256: hashOf(token), apiKeyId: key.id, createdAt, expiresAt });
  return { token, expiresAt, key };
}

export async function verifySession(db: Queryable, token: string, clock: Clock): Promise<ApiKey | null> {
  return findWebSession(db, hashOf(token), clock.now());
}

/** SHA-256: the secrets are random and long, so nothing slower is needed. */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
