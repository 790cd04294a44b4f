/** Channels and profiles that are collected from. */
import type { Report } from '../contracts/records.js';
import type { Platform } from '../contracts/vocabulary.js';
import { StoreError } from './errors.js';
import { execute, queryRow, queryRows, type Queryable } from './queryable.js';

export interface Account {
  id: number;
  platform: Platform;
  name: string;
  artistId: number | null;
  credentialId: number | null;
  /** The channel or profile on the platform; null for an account that only gathers contents by id. */
  externalId: string | null;
  /** Zone whose midnight ends a day, by report; see `dayZoneOf`. */
  dayZones: Partial<Record<Report, string>>;
  reports: Report[];
  state: 'active' | 'paused';
  /** Why it is paused. */
  stateReason: string | null;
  settings: Record<string, unknown>;
}

export interface AccountDetails {
  platform: Platform;
  name: string;
  artistId?: number | null;
  credentialId?: number | null;
  externalId?: string | null;
  dayZones?: Partial<Record<Report, string>>;
  reports?: readonly Report[];
  settings?: Record<string, unknown>;
}

const accountColumns = `id, platform, name, artist_id as "artistId", credential_id as "credentialId",
  external_id as "externalId", day_zones as "dayZones", reports, state, state_reason as "stateReason", settings`;

/** The zone of an account's days for a report; UTC where none was told. */
export function dayZoneOf(account: Pick<Account, 'dayZones'>, report: Report): string {
  return account.dayZones[report] ?? 'UTC';
}

/** In order of platform and name. @throws StoreError */
export async function listAccounts(
  db: Queryable,
  filter: { platform?: Platform; state?: Account['state'] } = {},
): Promise<Account[]> {
  return queryRows<Account>(
    db,
    `select ${accountColumns} from accounts
     where ($1::text is null or platform = $1) and ($2::text is null or state = $2)
     order by platform, name`,
    [filter.platform ?? null, filter.state ?? null],
  );
}

/** @throws StoreError `notFound` */
export async function getAccount(db: Queryable, platform: Platform, name: string): Promise<Account> {
  const account = await queryRow<Account>(
    db,
    `select ${accountColumns} from accounts where platform = $1 and name = $2`,
    [platform, name],
  );
  if (account === null) throw new StoreError('notFound', `There is no ${platform} account ${name}`);
  return account;
}

/** @throws StoreError `notFound` */
export async function getAccountById(db: Queryable, id: number): Promise<Account> {
  const account = await queryRow<Account>(db, `select ${accountColumns} from accounts where id = $1`, [id]);
  if (account === null) throw new StoreError('notFound', `There is no account ${id}`);
  return account;
}

/**
 * Adds the account, or brings it to the details told; what is not told keeps what it was. Its state is not
 * touched. @throws StoreError `notFound` when the artist or credential is missing
 */
export async function upsertAccount(db: Queryable, details: AccountDetails): Promise<Account> {
  const account = await queryRow<Account>(
    db,
    `insert into accounts as a (platform, name, artist_id, credential_id, external_id, day_zones, reports, settings)
     values ($1, $2, $3, $4, $5, coalesce($6::jsonb, '{}'), coalesce($7::text[], '{counters}'),
       coalesce($8::jsonb, '{}'))
     on conflict on constraint accounts_platform_name_key do update set
       artist_id = coalesce($3, a.artist_id), credential_id = coalesce($4, a.credential_id),
       external_id = coalesce($5, a.external_id), day_zones = coalesce($6, a.day_zones),
       reports = coalesce($7, a.reports), settings = coalesce($8, a.settings)
     returning ${accountColumns}`,
    [
      details.platform,
      details.name,
      details.artistId ?? null,
      details.credentialId ?? null,
      details.externalId ?? null,
      details.dayZones ?? null,
      details.reports ?? null,
      details.settings ?? null,
    ],
  );
  if (account === null) throw new StoreError('internal', 'An upserted account did not come back');
  return account;
}

/** Nothing is collected from it until it is resumed. @throws StoreError `notFound` */
export async function pauseAccount(db: Queryable, id: number, reason: string): Promise<void> {
  await setState(db, id, 'paused', reason);
}

/** @throws StoreError `notFound` */
export async function resumeAccount(db: Queryable, id: number): Promise<void> {
  await setState(db, id, 'active', null);
}

async function setState(
  db: Queryable,
  id: number,
  state: Account['state'],
  reason: string | null,
): Promise<void> {
  const changed = await execute(db, 'update accounts set state = $2, state_reason = $3 where id = $1', [
    id,
    state,
    reason,
  ]);
  if (changed === 0) throw new StoreError('notFound', `There is no account ${id}`);
}
