import type { CoverageState, Report } from '../../contracts/records.js';
import type { CoverageDay } from '../coverage.js';
import { queryRows, type Queryable } from '../queryable.js';

export interface ListedCoverage extends CoverageDay {
  accountId: number;
  platform: string;
  account: string;
  report: Report;
}

export type CoveragePosition = [day: string, accountId: number, report: string];

export interface CoverageFilter {
  platform: string | null;
  account: string | null;
  report: Report | null;
  state: CoverageState | null;
  /** Half-open range of ISO days. */
  from: string | null;
  to: string | null;
  /** Of these accounts alone. */
  accountIds: readonly number[] | null;
  after: CoveragePosition | null;
  /** Null takes all of them. */
  limit: number | null;
}

/** The latest day first; a day that is absent was never tried. @throws StoreError */
export async function listCoverage(db: Queryable, filter: CoverageFilter): Promise<ListedCoverage[]> {
  return queryRows<ListedCoverage>(
    db,
    `select v.account_id as "accountId", a.platform, a.name as account, v.report, v.day::text as day, v.state,
       v.attempts, v.rows, v.digest, v.failure_kind as "failureKind", v.failure_message as "failureMessage",
       v.run_id::text as "runId", v.updated_at as "updatedAt"
     from coverage v
     join accounts a on a.id = v.account_id
     where ($1::text is null or a.platform = $1) and ($2::text is null or a.name = $2)
       and ($3::text is null or v.report = $3) and ($4::text is null or v.state = $4)
       and ($5::date is null or v.day >= $5) and ($6::date is null or v.day < $6)
       and ($7::date is null or v.day < $7 or (v.day = $7 and (v.account_id, v.report) > ($8::int, $9::text)))
       and ($10::int[] is null or v.account_id = any($10))
     order by v.day desc, v.account_id, v.report
     limit $11`,
    [
      filter.platform,
      filter.account,
      filter.report,
      filter.state,
      filter.from,
      filter.to,
      ...(filter.after ?? [null, null, null]),
      filter.accountIds,
      filter.limit,
    ],
  );
}
