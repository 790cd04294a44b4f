/** Keys of the HTTP API and sessions of the pages; secrets are kept as hashes alone. */
import { StoreError } from './errors.js';
import { execute, queryRow, queryRows, type Queryable } from './queryable.js';

export const scopes = ['read', 'write', 'operate', 'admin'] as const;
export type Scope = (typeof scopes)[number];

export interface ApiKey {
  id: number;
  name: string;
  /** What of the key may be shown. */
  prefix: string;
  scopes: Scope[];
  /** Null: every artist. */
  artistIds: number[] | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
  createdAt: Date;
  createdBy: string | null;
  /** The key whose successor this one is. */
  replacesId: number | null;
}

export interface NewApiKey {
  name: string;
  prefix: string;
  sha256: Buffer;
  scopes: readonly Scope[];
  artistIds: readonly number[] | null;
  expiresAt: Date | null;
  createdBy: string | null;
  replacesId: number | null;
}

const keyColumns = `k.id, k.name, k.prefix, k.scopes, k.artist_ids as "artistIds", k.expires_at as "expiresAt",
  k.revoked_at as "revokedAt", k.created_at as "createdAt", k.created_by as "createdBy",
  k.replaces_id as "replacesId"`;

/** @throws StoreError `rejected` for scopes that are none */
export async function addApiKey(db: Queryable, key: NewApiKey, now: Date): Promise<ApiKey> {
  const row = await queryRow<ApiKey>(
    db,
    `insert into api_keys as k (name, prefix, sha256, scopes, artist_ids, expires_at, created_by, created_at, replaces_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning ${keyColumns}`,
    [
      ...[key.name, key.prefix, key.sha256, key.scopes, key.artistIds, key.expiresAt, key.createdBy],
      ...[now, key.replacesId],
    ],
  );
  return row!;
}

/** In order of id. `afterId` is that of the last one of the page before; every key unless a limit is told. */
export async function listApiKeys(
  db: Queryable,
  { afterId = null, limit = null }: { afterId?: number | null; limit?: number | null } = {},
): Promise<ApiKey[]> {
  return queryRows<ApiKey>(
    db,
    `select ${keyColumns} from api_keys k where $1::int is null or k.id > $1 order by k.id limit $2`,
    [afterId, limit],
  );
}

/** The key of that hash, while it is neither revoked nor expired. */
export async function findApiKey(db: Queryable, sha256: Buffer, now: Date): Promise<ApiKey | null> {
  return queryRow<ApiKey>(
    db,
    `select ${keyColumns} from api_keys k
     where k.sha256 = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > $2)`,
    [sha256, now],
  );
}

/** Ends the key and with it its sessions; one that is revoked stays as it is. @throws StoreError `notFound` */
export function revokeApiKey(db: Queryable, id: number, now: Date): Promise<ApiKey> {
  return changeApiKey(db, id, 'revoked_at = coalesce(k.revoked_at, $2)', now);
}

/** Lets a key expire by then, unless it does so sooner. @throws StoreError `notFound` */
export function limitApiKey(db: Queryable, id: number, until: Date): Promise<ApiKey> {
  return changeApiKey(db, id, 'expires_at = least(k.expires_at, $2)', until);
}

/** @param assignment SQL in which $2 is the moment */
async function changeApiKey(db: Queryable, id: number, assignment: string, moment: Date): Promise<ApiKey> {
  const row = await queryRow<ApiKey>(
    db,
    `update api_keys k set ${assignment} where k.id = $1 returning ${keyColumns}`,
    [id, moment],
  );
  if (row === null) throw new StoreError('notFound', `There is no key ${id}`);
  return row;
}

export async function addWebSession(
  db: Queryable,
  session: { tokenSha256: Buffer; apiKeyId: number; createdAt: Date; expiresAt: Date },
): Promise<void> {
  await execute(
    db,
    'insert into web_sessions (token_sha256, api_key_id, created_at, expires_at) values ($1, $2, $3, $4)',
    [session.tokenSha256, session.apiKeyId, session.createdAt, session.expiresAt],
  );
}

/** The key that the session was entered by, while both hold. */
export async function findWebSession(db: Queryable, tokenSha256: Buffer, now: Date): Promise<ApiKey | null> {
  return queryRow<ApiKey>(
    db,
    `select ${keyColumns} from web_sessions s join api_keys k on k.id = s.api_key_id
     where s.token_sha256 = $1 and s.ended_at is null and s.expires_at > $2
       and k.revoked_at is null and (k.expires_at is null or k.expires_at > $2)`,
    [tokenSha256, now],
  );
}

export async function endWebSession(db: Queryable, tokenSha256: Buffer, now: Date): Promise<void> {
  await execute(db, 'update web_sessions set ended_at = $2 where token_sha256 = $1 and ended_at is null', [
    tokenSha256,
    now,
  ]);
}
