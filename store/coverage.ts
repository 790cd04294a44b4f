/** The coverage ledger: what is known of each account, report and day. The load path alone completes days. */
import type { CoverageState, Report } from '../contracts/records.js';
import { execute, queryRows, type Queryable } from './queryable.js';

export interface CoverageDay {
  day: string;
  state: CoverageState;
  attempts: number;
  rows: number;
  digest: string | null;
  failureKind: string | null;
  failureMessage: string | null;
  runId: string | null;
  updatedAt: Date;
}

export interface FailedDays {
  accountId: number;
  report: Report;
  days: readonly string[];
  failureKind: string;
  failureMessage: string;
  runId: string | null;
  at: Date;
}

/**
 * The ledger of the half-open range, in order of day. A day that is absent has never been tried: it is missing.
 * @throws StoreError
 */
export async function coverageOf(
  db: Queryable,
  accountId: number,
  report: Report,
  from: string,
  to: string,
): Promise<CoverageDay[]> {
  return queryRows<CoverageDay>(
    db,
    `select day::text, state, attempts, rows, digest, failure_kind as "failureKind",
       failure_message as "failureMessage", run_id::text as "runId", updated_at as "updatedAt"
     from coverage
     where account_id = $1 and report = $2 and day >= $3 and day < $4
     order by day`,
    [accountId, report, from, to],
  );
}

/**
 * Notes a failed attempt at days. A day that holds rows already keeps its state, since they stand: it only
 * tells of the failure.
 * @throws StoreError
 */
export async function markFailed(db: Queryable, failed: FailedDays): Promise<void> {
  await execute(
    db,
    `insert into coverage as v
       (account_id, report, day, state, attempts, failure_kind, failure_message, run_id, updated_at)
     select $1, $2, d.day, 'failed', 1, $4, $5, $6, $7
     from unnest($3::date[]) as d (day)
     group by d.day
     order by d.day
     on conflict on constraint coverage_pkey do update set
       state = case when v.state in ('provisional', 'final', 'unavailable') then v.state else 'failed' end,
       attempts = v.attempts + 1,
       failure_kind = excluded.failure_kind,
       failure_message = excluded.failure_message,
       run_id = case when v.state in ('provisional', 'final', 'unavailable') then v.run_id else excluded.run_id end,
       updated_at = excluded.updated_at`,
    [
      failed.accountId,
      failed.report,
      failed.days,
      failed.failureKind,
      failed.failureMessage,
      failed.runId,
      failed.at,
    ],
  );
}
