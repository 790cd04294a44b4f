/** What maintenance removes; every statement can be told to count instead. */
import type { Platform } from '../contracts/vocabulary.js';
import { answerKeptMs } from './idempotency.js';
import { execute, queryRow, type Queryable } from './queryable.js';

/** Rows a statement: short enough that its locks and its log stay small. */
const batchRows = 20_000;

/**
 * Removes raw instants of a platform before the cutoff, all but each content's latest; the days derived from
 * them are kept. Returns how many were, or would be, removed.
 * @throws StoreError
 */
export async function removeOldSnapshots(
  db: Queryable,
  platform: Platform,
  before: Date,
  dryRun: boolean,
  onBatch: (removed: number) => void,
): Promise<number> {
  // A day's close stays the base of the next day's increment: derived days hold it by then.
  const old = `
    select s.content_id, s.recorded_at, s.source from engagement_snapshots s
    join contents c on c.id = s.content_id
    where c.platform = $1 and s.recorded_at < $2 and s.source <> 1
      and s.recorded_at < (select max(l.recorded_at) from engagement_snapshots l where l.content_id = s.content_id)`;
  if (dryRun) return countOf(db, old, [platform, before]);
  let removed = 0;
  for (;;) {
    const batch = await execute(
      db,
      `delete from engagement_snapshots s using (${old} limit ${batchRows}) o
       where s.content_id = o.content_id and s.recorded_at = o.recorded_at and s.source = o.source`,
      [platform, before],
    );
    removed += batch;
    onBatch(removed);
    if (batch < batchRows) return removed;
  }
}

/** Results that are kept by run; of each subject and method the latest stays. */
const resultTables = [
  { table: 'trend_analysis_results', subject: 'content_id, metric, method' },
  { table: 'correlation_analysis_results', subject: 'artist_id, feature, metric, method' },
  { table: 'content_feature_analysis', subject: 'content_id' },
  { table: 'release_scores', subject: 'release_id, age_days' },
] as const;

/** Removes results before the cutoff that a later one of the same subject replaced. @throws StoreError */
export async function thinOldResults(db: Queryable, before: Date, dryRun: boolean): Promise<number> {
  let removed = 0;
  for (const { table, subject } of resultTables) {
    const outdated = `
      select ctid from (
        select ctid, computed_at, row_number() over (partition by ${subject} order by computed_at desc) as place
        from ${table}
      ) ranked where place > 1 and computed_at < $1`;
    removed += dryRun
      ? await countOf(db, outdated, [before])
      : await execute(db, `delete from ${table} where ctid in (${outdated})`, [before]);
  }
  return removed;
}

/** Removes settled quarantine, past quota days and closed runs' lists of contents. @throws StoreError */
export async function removeOldLedgerRows(db: Queryable, before: Date, dryRun: boolean): Promise<number> {
  const statements = [
    `from quarantined_rows where state <> 'open' and quarantined_at < $1`,
    `from quota_usage where quota_day < ($1::timestamptz at time zone 'UTC')::date`,
    `from run_contents where run_id in (select id from runs where finished_at < $1)`,
  ];
  let removed = 0;
  for (const statement of statements)
    removed += dryRun
      ? await countOf(db, `select 1 ${statement}`, [before])
      : await execute(db, `delete ${statement}`, [before]);
  return removed;
}

export interface SiteLeftovers {
  /** Answers kept for requests that are sent again, past their day. */
  answers: number;
  /** Sessions of the pages that have ended, or expired. */
  sessions: number;
}

/** Removes what using the site leaves behind and nobody asks for again. @throws StoreError */
export async function removeSiteLeftovers(db: Queryable, now: Date, dryRun: boolean): Promise<SiteLeftovers> {
  const remove = (statement: string, before: Date): Promise<number> =>
    dryRun ? countOf(db, `select 1 ${statement}`, [before]) : execute(db, `delete ${statement}`, [before]);
  return {
    answers: await remove(
      'from idempotent_requests where created_at < $1',
      new Date(now.getTime() - answerKeptMs),
    ),
    sessions: await remove('from web_sessions where least(ended_at, expires_at) <= $1', now),
  };
}

/** Refreshes the materialised views as of the program's clock and returns how many. @throws StoreError */
export async function refreshRollups(db: Queryable, now: Date): Promise<number> {
  const row = await queryRow<{ refreshed: number }>(db, 'select refresh_rollups($1) as refreshed', [now]);
  return row?.refreshed ?? 0;
}

async function countOf(db: Queryable, query: string, parameters: readonly unknown[]): Promise<number> {
  const row = await queryRow<{ count: number }>(db, `select count(*)::integer from (${query}) q`, parameters);
  return row?.count ?? 0;
}
