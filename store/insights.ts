/** Insights, one row an artist and natural key; people's decisions on them outlive the runs. */
import type { OptimizationInsight } from '../contracts/models.js';
import { execute, queryRow, queryRows, type Queryable } from './queryable.js';

export interface FoundInsight extends OptimizationInsight {
  /** What makes it the same insight on another day. */
  key: string;
  /** Expected effect × confidence × ease; the highest first. */
  rank: number;
  status: string;
  /** What happened to it with this; null where nothing did. */
  action: string | null;
}

export interface InsightOrigin {
  runId: string;
  methodVersion: string;
  foundAt: Date;
}

/** An insight as a run meets it. */
export interface InsightState {
  id: string;
  key: string;
  status: string;
  /** ISO day. */
  snoozedUntil: string | null;
  /** ISO day (UTC) of a person's last decision, and the evidence as it stood; null where none is known. */
  decidedOn: string | null;
  evidence: InsightSnapshot | null;
}

/** What an insight said at the moment of an event. */
export interface InsightSnapshot {
  rank: number;
  title: string;
  affected_content: string[];
  data_supporting: Record<string, unknown>;
}

/**
 * Every insight of the artist with its last decision, each locked until the transaction ends, so that no decision
 * comes between reading and writing.
 */
export async function lockInsights(db: Queryable, artistId: number): Promise<InsightState[]> {
  return queryRows<InsightState>(
    db,
    `select i.id::text as id, i.insight_key as key, i.status, i.snoozed_until::text as "snoozedUntil",
       (d.at at time zone 'UTC')::date::text as "decidedOn", d.evidence
     from optimization_insights i
     left join lateral (
       select e.at, e.evidence
       from insight_events e
       where e.insight_id = i.id and e.action in ('accepted', 'dismissed', 'snoozed')
       order by e.id desc
       limit 1
     ) d on true
     where i.artist_id = $1
     order by i.id
     for update of i`,
    [artistId],
  );
}

const upsertSql = `
insert into optimization_insights as i (artist_id, insight_key, insight_type, priority, title, description,
  impact_prediction, implementation_difficulty, affected_content, data_supporting, rank, status, method_version, run_id,
  first_found_at, last_found_at)
select $1::int, r.key, r.insight_type, r.priority, r.title, r.description, r.impact_prediction,
  r.implementation_difficulty, array(select jsonb_array_elements_text(r.affected_content)), r.data_supporting, r.rank,
  r.status, $2::text, $3::bigint, $4::timestamptz, $4::timestamptz
from jsonb_to_recordset($5::jsonb) as r (key text, insight_type text, priority text, title text, description text,
  impact_prediction text, implementation_difficulty text, affected_content jsonb, data_supporting jsonb, rank float8,
  status text)
on conflict (artist_id, insight_key) do update
set insight_type = excluded.insight_type, priority = excluded.priority, title = excluded.title,
  description = excluded.description, impact_prediction = excluded.impact_prediction,
  implementation_difficulty = excluded.implementation_difficulty, affected_content = excluded.affected_content,
  data_supporting = excluded.data_supporting, rank = excluded.rank, method_version = excluded.method_version,
  run_id = excluded.run_id, last_found_at = excluded.last_found_at, status = excluded.status,
  snoozed_until = case when excluded.status = 'snoozed' then i.snoozed_until end
where (i.run_id, i.status, i.insight_type, i.priority, i.title, i.description, i.impact_prediction,
    i.implementation_difficulty, i.affected_content, i.data_supporting, i.rank, i.method_version)
  is distinct from (excluded.run_id, excluded.status, excluded.insight_type, excluded.priority, excluded.title,
    excluded.description, excluded.impact_prediction, excluded.implementation_difficulty, excluded.affected_content,
    excluded.data_supporting, excluded.rank, excluded.method_version)`;

// The row as it stood before is told by the caller, who holds its lock.
const eventsSql = `
insert into insight_events (insight_id, action, at, from_status, to_status, evidence, run_id)
select i.id, e.action, $3::timestamptz, e.from_status, i.status, insight_snapshot(i), $4::bigint
from unnest($2::text[], $5::text[], $6::text[]) with ordinality as e (key, action, from_status, place)
join optimization_insights i on i.artist_id = $1::int and i.insight_key = e.key
order by e.place`;

/**
 * Writes what a run found and what it found no more, with an event for each change of status. To be called in the
 * transaction that holds the locks of `lockInsights`; the same findings again change no row.
 */
export async function replaceInsights(
  db: Queryable,
  artistId: number,
  found: readonly FoundInsight[],
  outdated: readonly string[],
  known: ReadonlyMap<string, InsightState>,
  origin: InsightOrigin,
): Promise<void> {
  await execute(db, upsertSql, [
    artistId,
    origin.methodVersion,
    origin.runId,
    origin.foundAt,
    JSON.stringify(found),
  ]);
  await execute(
    db,
    `update optimization_insights set status = 'outdated', snoozed_until = null, run_id = $3::bigint
     where artist_id = $1 and insight_key = any($2::text[])`,
    [artistId, outdated, origin.runId],
  );
  const events = [
    ...found.flatMap(({ key, action }) => (action === null ? [] : [{ key, action }])),
    ...outdated.map((key) => ({ key, action: 'outdated' })),
  ];
  await execute(db, eventsSql, [
    artistId,
    events.map(({ key }) => key),
    origin.foundAt,
    origin.runId,
    events.map(({ action }) => action),
    events.map(({ key }) => known.get(key)?.status ?? null),
  ]);
}

export interface StoredInsight extends OptimizationInsight {
  id: string;
  artist_id: number;
  insight_key: string;
  status: string;
  /** ISO day; null but for snoozed ones. */
  snoozed_until: string | null;
  rank: number;
  method_version: string;
  run_id: string | null;
  first_found_at: Date;
  last_found_at: Date;
}

export interface InsightFilter {
  /** Unless told, those that ask for attention: open, or snoozed until a day that has come. */
  statuses?: readonly string[] | null;
  /** Null takes every artist. */
  artistId: number | null;
  /** Null takes every platform; otherwise insights that touch a content of one of them. */
  platforms: readonly string[] | null;
  /** Content keys; null takes all. */
  contentKeys: readonly string[] | null;
  /** Every type unless told. */
  types?: readonly string[] | null;
  /** Found, or found again, at or after this instant. */
  since: Date | null;
  /** Rank and id of the last one of the page before. */
  after?: readonly [rank: number, id: string] | null;
  limit: number;
}

const columns = `i.id::text as id, i.artist_id, i.insight_key, i.insight_type, i.priority, i.title, i.description,
  i.impact_prediction, i.implementation_difficulty, i.affected_content, i.data_supporting, i.status,
  i.snoozed_until::text as snoozed_until, i.rank, i.method_version, i.run_id::text as run_id, i.first_found_at,
  i.last_found_at`;

/** Insights, the highest rank first. @param today ISO day, by which snoozed ones have come back */
export async function readInsights(
  db: Queryable,
  filter: InsightFilter,
  today: string,
): Promise<StoredInsight[]> {
  return queryRows<StoredInsight>(
    db,
    `select ${columns}
     from optimization_insights i
     where case when $7::text[] is null
         then i.status = 'open' or (i.status = 'snoozed' and i.snoozed_until <= $1::date)
         else i.status = any($7::text[]) end
       and ($2::int is null or i.artist_id = $2::int)
       and ($3::text[] is null or exists (
         select from contents c where c.content_key = any(i.affected_content) and c.platform = any($3::text[])))
       and ($4::text[] is null or i.affected_content && $4::text[])
       and ($5::timestamptz is null or i.last_found_at >= $5::timestamptz)
       and ($8::text[] is null or i.insight_type = any($8::text[]))
       and ($9::float8 is null or i.rank < $9 or (i.rank = $9 and i.id > $10::bigint))
     order by i.rank desc, i.id
     limit $6`,
    [
      today,
      filter.artistId,
      filter.platforms,
      filter.contentKeys,
      filter.since,
      filter.limit,
      filter.statuses ?? null,
      filter.types ?? null,
      ...(filter.after ?? [null, null]),
    ],
  );
}

/** One insight; null where there is none. */
export async function findInsight(db: Queryable, id: string): Promise<StoredInsight | null> {
  return queryRow<StoredInsight>(
    db,
    `select ${columns} from optimization_insights i where i.id = $1::bigint`,
    [id],
  );
}
