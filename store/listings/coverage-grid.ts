/** The coverage ledger as a grid: a row an account and report, a cell a day. */
import { eachDay } from '../../analytics/calendar.js';
import type { CoverageState, Report } from '../../contracts/records.js';
import { StoreError } from '../errors.js';
import { queryRows, type Queryable } from '../queryable.js';
import { listCoverage } from './coverage.js';

export interface CoverageCell {
  /** ISO day in the zone of the account's report. */
  day: string;
  /** A day that was never tried is missing. */
  state: CoverageState;
  rows: number;
  attempts: number;
  /** Of the last failed attempt, also where the day's rows stand. */
  failure_kind: string | null;
}

export interface CoverageRow {
  platform: string;
  account: string;
  report: Report;
  days: CoverageCell[];
  /** Days of each state. */
  counts: Record<CoverageState, number>;
}

export interface CoverageGridQuery {
  platform?: string | undefined;
  account?: string | undefined;
  report?: Report | undefined;
  /** Half-open range of ISO days. */
  from: string;
  to: string;
  /** The last row of the page before. */
  after?: { platform: string; account: string; report: string } | undefined;
  /** 50 rows unless told. */
  limit?: number | undefined;
}

/** A year and a leap day: as wide as anybody can look at. */
const mostDays = 366;

/**
 * In order of platform, account and report; reports that an account is asked for, and those it has days of.
 * @throws StoreError `rejected` for a range that is empty or longer than 366 days
 */
export async function coverageGrid(db: Queryable, query: CoverageGridQuery): Promise<CoverageRow[]> {
  const { from, to } = query;
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
  if (!(days >= 1 && days <= mostDays))
    throw new StoreError('rejected', `The days from ${from} to ${to} are none, or more than ${mostDays}`, {
      hint: 'The first day counts, the last one does not.',
    });
  const subjects = await queryRows<Subject>(
    db,
    `select a.id as "accountId", a.platform, a.name as account, r.report
     from accounts a
     cross join lateral (
       select unnest(a.reports) as report
       union
       select v.report from coverage v where v.account_id = a.id
     ) r
     where ($1::text is null or a.platform = $1) and ($2::text is null or a.name = $2)
       and ($3::text is null or r.report = $3)
       and ($4::text is null or (a.platform, a.name, r.report) > ($4, $5, $6))
     order by a.platform, a.name, r.report
     limit $7`,
    [
      ...[query.platform ?? null, query.account ?? null, query.report ?? null],
      ...[query.after?.platform ?? null, query.after?.account ?? null, query.after?.report ?? null],
      query.limit ?? 50,
    ],
  );
  const known = await listCoverage(db, {
    ...{ platform: null, account: null, report: query.report ?? null, state: null, from, to },
    ...{ accountIds: subjects.map(({ accountId }) => accountId), after: null, limit: null },
  });
  const cells = new Map(known.map((cell) => [keyOf(cell, cell.day), cell]));
  return subjects.map((subject) => {
    const { platform, account, report } = subject;
    const counts = { missing: 0, provisional: 0, final: 0, failed: 0, unavailable: 0 };
    const days = eachDay(from, to).map((day): CoverageCell => {
      const cell = cells.get(keyOf(subject, day));
      const state = cell?.state ?? 'missing';
      counts[state] += 1;
      const { rows = 0, attempts = 0, failureKind = null } = cell ?? {};
      return { day, state, rows, attempts, failure_kind: failureKind };
    });
    return { platform, account, report, days, counts };
  });
}

interface Subject {
  accountId: number;
  platform: string;
  account: string;
  report: Report;
}

function keyOf({ accountId, report }: Pick<Subject, 'accountId' | 'report'>, day: string): string {
  return `${String(accountId)} ${report} ${day}`;
}
