/** Anomalies, one row a content, metric, day and method. */
import type { JudgedSeries } from './judged-series.js';
import { execute, queryPlanned, queryRows, type Queryable } from './queryable.js';

export interface AnomalyRow {
  contentId: number;
  metric: string;
  /** ISO day. */
  day: string;
  method: string;
  methodVersion: string;
  kind: 'spike' | 'drop' | 'level' | 'silence';
  direction: 'up' | 'down';
  /** Null where the day has no value of its own (a silence). */
  value: number | null;
  /** Days up to `day` that value, expectation and range are means of. */
  span: number;
  expected: number;
  lower: number;
  upper: number;
  score: number;
  /** Most series of the artist on the platform moved on that day: no event of this content's own. */
  shared: boolean;
}

export interface AnomalyChanges {
  inserted: number;
  updated: number;
  withdrawn: number;
}

const withdrawSql = `
delete from anomalies a
using unnest($1::int[], $2::text[], $3::text[], $4::date[], $5::date[]) as j (content_id, metric, method, first_day, last_day)
where a.content_id = j.content_id and a.metric = j.metric and a.method = j.method
  and a.day between j.first_day and j.last_day
  and not exists (
    select from unnest($6::int[], $7::text[], $8::text[], $9::date[]) as f (content_id, metric, method, day)
    where f.content_id = a.content_id and f.metric = a.metric and f.method = a.method and f.day = a.day
  )`;

// A row that is found again as it stands keeps the run and the time that found it first.
const upsertSql = `
insert into anomalies as a (content_id, metric, day, method, method_version, kind, direction, value, expected,
  lower_bound, upper_bound, score, shared, span_days, run_id, found_at)
select f.content_id, f.metric, f.day, f.method, f.method_version, f.kind, f.direction, f.value, f.expected,
  f.lower_bound, f.upper_bound, f.score, f.shared, f.span_days, $15::bigint, $16::timestamptz
from unnest($1::int[], $2::text[], $3::date[], $4::text[], $5::text[], $6::text[], $7::text[], $8::float8[],
    $9::float8[], $10::float8[], $11::float8[], $12::float8[], $13::boolean[], $14::smallint[])
  as f (content_id, metric, day, method, method_version, kind, direction, value, expected, lower_bound,
    upper_bound, score, shared, span_days)
on conflict (content_id, metric, day, method) do update
set method_version = excluded.method_version, kind = excluded.kind, direction = excluded.direction,
  value = excluded.value, expected = excluded.expected, lower_bound = excluded.lower_bound,
  upper_bound = excluded.upper_bound, score = excluded.score, shared = excluded.shared,
  span_days = excluded.span_days, run_id = excluded.run_id, found_at = excluded.found_at
where (a.method_version, a.kind, a.direction, a.value, a.expected, a.lower_bound, a.upper_bound, a.score, a.shared,
    a.span_days)
  is distinct from (excluded.method_version, excluded.kind, excluded.direction, excluded.value, excluded.expected,
    excluded.lower_bound, excluded.upper_bound, excluded.score, excluded.shared,
    excluded.span_days)
returning (xmax = 0) as inserted`;

/**
 * Makes the stored anomalies of the judged series equal to those found. To be called inside a transaction;
 * calling it again with the same findings changes no row.
 */
export async function replaceAnomalies(
  db: Queryable,
  judged: readonly Pick<JudgedSeries, 'contentId' | 'metric' | 'method' | 'from' | 'to'>[],
  found: readonly AnomalyRow[],
  origin: { runId: string; foundAt: Date },
): Promise<AnomalyChanges> {
  if (judged.length === 0) return { inserted: 0, updated: 0, withdrawn: 0 };
  const withdrawn = await execute(db, withdrawSql, [
    judged.map((series) => series.contentId),
    judged.map((series) => series.metric),
    judged.map((series) => series.method),
    judged.map((series) => series.from),
    judged.map((series) => series.to),
    found.map((row) => row.contentId),
    found.map((row) => row.metric),
    found.map((row) => row.method),
    found.map((row) => row.day),
  ]);
  const upserted = await queryRows<{ inserted: boolean }>(db, upsertSql, [
    found.map((row) => row.contentId),
    found.map((row) => row.metric),
    found.map((row) => row.day),
    found.map((row) => row.method),
    found.map((row) => row.methodVersion),
    found.map((row) => row.kind),
    found.map((row) => row.direction),
    found.map((row) => row.value),
    found.map((row) => row.expected),
    found.map((row) => row.lower),
    found.map((row) => row.upper),
    found.map((row) => row.score),
    found.map((row) => row.shared),
    found.map((row) => row.span),
    origin.runId,
    origin.foundAt,
  ]);
  const inserted = upserted.filter((row) => row.inserted).length;
  return { inserted, updated: upserted.length - inserted, withdrawn };
}

export interface StoredAnomaly extends AnomalyRow {
  contentKey: string;
  title: string | null;
  releaseId: number | null;
  artistId: number | null;
  platform: string;
  runId: string | null;
  /** What its series was judged by, over how many days with a value; null for a finding from before it was kept. */
  parameters: Record<string, number> | null;
  points: number | null;
}

/**
 * Anomalies of the given contents since a day, the latest first; with `ownOnly` none that most series shared.
 * @param contentIds null reads those of every content.
 */
export async function readAnomalies(
  db: Queryable,
  filter: {
    contentIds: readonly number[] | null;
    since: string;
    limit: number;
    ownOnly?: boolean;
    /** Null, like none, takes every metric. */
    metric?: string | null;
  },
): Promise<StoredAnomaly[]> {
  // A text of its own for some contents: one plan for both would read all of them.
  const chosen = filter.contentIds === null ? '$2::int[] is null' : 'a.content_id = any($2::int[])';
  return queryPlanned<StoredAnomaly>(
    db,
    `select a.content_id as "contentId", c.content_key as "contentKey", c.title, c.release_id as "releaseId",
       c.artist_id as "artistId", c.platform, a.metric, a.day::text as day, a.method,
       a.method_version as "methodVersion", a.kind, a.direction, a.value, a.expected, a.lower_bound as lower,
       a.upper_bound as upper, a.score, a.shared, a.span_days as span, a.run_id::text as "runId",
       j.parameters, j.points
     from anomalies a
     join contents c on c.id = a.content_id
     left join judged_series j
       on j.content_id = a.content_id and j.metric = a.metric and j.method = a.method
     where a.day >= $1::date and ${chosen}
       and not (a.shared and $4) and ($5::text is null or a.metric = $5)
     order by a.day desc, abs(a.score) desc, a.content_id, a.metric, a.method
     limit $3`,
    [filter.since, filter.contentIds, filter.limit, filter.ownOnly ?? false, filter.metric ?? null],
  );
}
