/** What deciding about collections takes to know: what was read, described and settled so far. */
import type { Report } from '../contracts/records.js';
import type { DayWindow } from '../contracts/runs.js';
import { execute, queryRow, queryRows, type Queryable } from './queryable.js';

export interface PastReadings {
  /** Collections of the window that succeeded. */
  succeeded: number;
  /** When the last of them began. */
  lastStartedAt: Date | null;
}

/** Collections of exactly that window; null stands for any window of the report. @throws StoreError */
export async function pastReadings(
  db: Queryable,
  accountId: number,
  report: Report,
  window: DayWindow | null,
): Promise<PastReadings> {
  const row = await queryRow<PastReadings>(
    db,
    `select count(*)::integer as succeeded, max(started_at) as "lastStartedAt" from runs
     where kind = 'collect' and account_id = $1 and report = $2 and state in ('succeeded', 'partial')
       and ($3::date is null or (window_from = $3 and window_to = $4))`,
    [accountId, report, window?.from ?? null, window?.to ?? null],
  );
  return row ?? { succeeded: 0, lastStartedAt: null };
}

/** The ISO day on which the account's catalogue was read last; null for never. @throws StoreError */
export async function catalogueReadOn(db: Queryable, accountId: number): Promise<string | null> {
  const row = await queryRow<{ day: string | null }>(
    db,
    `select settings ->> 'catalogueReadOn' as day from accounts where id = $1`,
    [accountId],
  );
  return row?.day ?? null;
}

/** @throws StoreError */
export async function noteCatalogueRead(db: Queryable, accountId: number, day: string): Promise<void> {
  await execute(
    db,
    `update accounts set settings = settings || jsonb_build_object('catalogueReadOn', $2::text) where id = $1`,
    [accountId, day],
  );
}

/** Platform ids of the account's contents that no platform has described yet, in order of id. @throws StoreError */
export async function undescribedContents(db: Queryable, accountId: number): Promise<string[]> {
  const rows = await queryRows<{ externalId: string }>(
    db,
    `select external_id as "externalId" from contents
     where account_id = $1 and external_id is not null and title is null and published_at is null
     order by id`,
    [accountId],
  );
  return rows.map(({ externalId }) => externalId);
}

/** @throws StoreError */
export async function contentIdsOfRelease(db: Queryable, releaseId: number): Promise<number[]> {
  const rows = await queryRows<{ id: number }>(db, 'select id from contents where release_id = $1', [
    releaseId,
  ]);
  return rows.map(({ id }) => id);
}

/** The first day on which the account published, in the zone; null where nothing is known. @throws StoreError */
export async function firstPublicationDay(
  db: Queryable,
  accountId: number,
  zone: string,
): Promise<string | null> {
  const row = await queryRow<{ day: string | null }>(
    db,
    `select (min(published_at) at time zone $2)::date::text as day from contents where account_id = $1`,
    [accountId, zone],
  );
  return row?.day ?? null;
}

/** What a run touched, and how many of its account's contents are unavailable now. @throws StoreError */
export async function runReach(
  db: Queryable,
  runId: string,
): Promise<{ contents: number; unavailable: number }> {
  const row = await queryRow<{ contents: number; unavailable: number }>(
    db,
    `select (select count(*)::integer from run_contents where run_id = r.id) as contents,
       (select count(*)::integer from content_availability a join contents c on c.id = a.content_id
        where c.account_id = r.account_id and a.state = 'unavailable' and a.to_at is null) as unavailable
     from runs r where r.id = $1`,
    [runId],
  );
  return row ?? { contents: 0, unavailable: 0 };
}

/** Days of the window whose rows were committed by runs of that workflow id, in order. @throws StoreError */
export async function daysCommittedBy(
  db: Queryable,
  planId: number,
  workflowId: string,
  window: DayWindow,
): Promise<string[]> {
  const rows = await queryRows<{ day: string }>(
    db,
    `select v.day::text from coverage v
     join backfill_plans p on p.account_id = v.account_id and p.report = v.report
     join runs r on r.id = v.run_id
     where p.id = $1 and r.workflow_id = $2 and v.day >= $3 and v.day < $4
       and v.state in ('provisional', 'final', 'unavailable')
     order by v.day`,
    [planId, workflowId, window.from, window.to],
  );
  return rows.map(({ day }) => day);
}

/** Artists with an id above `after`, in order of it. @throws StoreError */
export async function artistIdsAfter(db: Queryable, after: number, limit: number): Promise<number[]> {
  const rows = await queryRows<{ id: number }>(
    db,
    'select id from artists where id > $1 order by id limit $2',
    [after, limit],
  );
  return rows.map(({ id }) => id);
}

/** Gives back days whose collection was cancelled. @throws StoreError */
export async function reopenDays(db: Queryable, planId: number, days: readonly string[]): Promise<void> {
  await execute(
    db,
    `update backfill_plan_days set state = 'open'
     where plan_id = $1 and day = any ($2::date[]) and state = 'started'`,
    [planId, days],
  );
}

/** The ledger's id of the latest run under a workflow id; null for none. @throws StoreError */
export async function latestRunId(db: Queryable, workflowId: string): Promise<string | null> {
  const row = await queryRow<{ id: string }>(
    db,
    'select id::text from runs where workflow_id = $1 order by started_at desc, id desc limit 1',
    [workflowId],
  );
  return row?.id ?? null;
}
