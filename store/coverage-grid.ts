/** The coverage ledger as a grid: a row an account and report, a cell a day. */
import type { CoverageState, Report } from '../contracts/records.js';
import { StoreError } from './errors.js';
import { queryRows, type Queryable } from './queryable.js';

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
  return queryRows<CoverageRow>(
    db,
    `with subjects as (
       select a.id, a.platform, a.name as account, r.report
       from accounts a
       cross join lateral (
         select unnest(a.reports) as report
         union
         select v.report from coverage v where v.account_id = a.id
       ) r
       where ($3::text is null or a.platform = $3) and ($4::text is null or a.name = $4)
         and ($5::text is null or r.report = $5)
         and ($6::text is null or (a.platform, a.name, r.report) > ($6, $7, $8))
       order by a.platform, a.name, r.report
       limit $9
     ), cells as (
       select s.platform, s.account, s.report, d.day::date as day, coalesce(v.state, 'missing') as state,
         coalesce(v.rows, 0) as rows, coalesce(v.attempts, 0) as attempts, v.failure_kind
       from subjects s
       cross join generate_series($1::date, $2::date - 1, interval '1 day') d (day)
       left join coverage v on v.account_id = s.id and v.report = s.report and v.day = d.day::date
     )
     select c.platform, c.account, c.report,
       jsonb_agg(jsonb_build_object('day', c.day, 'state', c.state, 'rows', c.rows, 'attempts', c.attempts,
         'failure_kind', c.failure_kind) order by c.day) as days,
       jsonb_build_object(
         'missing', count(*) filter (where c.state = 'missing'),
         'provisional', count(*) filter (where c.state = 'provisional'),
         'final', count(*) filter (where c.state = 'final'),
         'failed', count(*) filter (where c.state = 'failed'),
         'unavailable', count(*) filter (where c.state = 'unavailable')) as counts
     from cells c
     group by c.platform, c.account, c.report
     order by c.platform, c.account, c.report`,
    [
      ...[from, to, query.platform ?? null, query.account ?? null, query.report ?? null],
      ...[query.after?.platform ?? null, query.after?.account ?? null, query.after?.report ?? null],
      query.limit ?? 50,
    ],
  );
}
