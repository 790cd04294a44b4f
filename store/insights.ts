/** Insights, one row an artist and natural key; people's decisions on them outlive the runs. */
import type { OptimizationInsight } from '../contracts/models.js';
import { execute, queryRows, type Queryable } from './queryable.js';

export interface InsightRow extends OptimizationInsight {
  /** What makes it the same insight on another day. */
  key: string;
  /** Expected effect × confidence × ease; the highest first. */
  rank: number;
}

export interface InsightChanges {
  inserted: number;
  updated: number;
  outdated: number;
}

const upsertSql = `
insert into optimization_insights as i (artist_id, insight_key, insight_type, priority, title, description,
  impact_prediction, implementation_difficulty, affected_content, data_supporting, rank, method_version, run_id,
  first_found_at, last_found_at)
select $1::int, r.key, r.insight_type, r.priority, r.title, r.description, r.impact_prediction,
  r.implementation_difficulty, array(select jsonb_array_elements_text(r.affected_content)), r.data_supporting, r.rank,
  $2::text, $3::bigint, $4::timestamptz, $4::timestamptz
from jsonb_to_recordset($5::jsonb) as r (key text, insight_type text, priority text, title text, description text,
  impact_prediction text, implementation_difficulty text, affected_content jsonb, data_supporting jsonb, rank float8)
on conflict (artist_id, insight_key) do update
set insight_type = excluded.insight_type, priority = excluded.priority, title = excluded.title,
  description = excluded.description, impact_prediction = excluded.impact_prediction,
  implementation_difficulty = excluded.implementation_difficulty, affected_content = excluded.affected_content,
  data_supporting = excluded.data_supporting, rank = excluded.rank, method_version = excluded.method_version,
  run_id = excluded.run_id, last_found_at = excluded.last_found_at,
  -- What a person decided stays; what had merely gone stale is open again.
  status = case when i.status = 'outdated' then 'open' else i.status end
where i.status = 'outdated' or i.run_id is distinct from excluded.run_id or (i.insight_type, i.priority, i.title, i.description, i.impact_prediction,
    i.implementation_difficulty, i.affected_content, i.data_supporting, i.rank, i.method_version)
  is distinct from (excluded.insight_type, excluded.priority, excluded.title, excluded.description,
    excluded.impact_prediction, excluded.implementation_difficulty, excluded.affected_content,
    excluded.data_supporting, excluded.rank, excluded.method_version)
returning (xmax = 0) as inserted`;

/**
 * Makes the artist's open insights equal to those found: found ones are written and keep their status, those
 * that were open or snoozed and are found no more become outdated. Accepted and dismissed ones stay.
 */
export async function replaceInsights(
  db: Queryable,
  artistId: number,
  found: readonly InsightRow[],
  origin: { runId: string; methodVersion: string; foundAt: Date },
): Promise<InsightChanges> {
  const upserted = await queryRows<{ inserted: boolean }>(db, upsertSql, [
    artistId,
    origin.methodVersion,
    origin.runId,
    origin.foundAt,
    JSON.stringify(found),
  ]);
  const outdated = await execute(
    db,
    `update optimization_insights set status = 'outdated', run_id = $3::bigint
     where artist_id = $1 and status in ('open', 'snoozed') and insight_key <> all($2::text[])`,
    [artistId, found.map((insight) => insight.key), origin.runId],
  );
  const inserted = upserted.filter((row) => row.inserted).length;
  return { inserted, updated: upserted.length - inserted, outdated };
}

export interface StoredInsight extends OptimizationInsight {
  id: string;
  artist_id: number;
  status: string;
  rank: number;
  run_id: string | null;
  last_found_at: Date;
}

export interface InsightFilter {
  /** Null takes every artist. */
  artistId: number | null;
  /** Null takes every platform; otherwise insights that touch a content of one of them. */
  platforms: readonly string[] | null;
  /** Content keys; null takes all. */
  contentKeys: readonly string[] | null;
  /** Found, or found again, at or after this instant. */
  since: Date | null;
  limit: number;
}

/** Insights that ask for attention (open, or snoozed until a day that has come), the highest rank first. */
export async function readInsights(
  db: Queryable,
  filter: InsightFilter,
  today: string,
): Promise<StoredInsight[]> {
  return queryRows<StoredInsight>(
    db,
    `select i.id::text as id, i.artist_id, i.insight_type, i.priority, i.title, i.description, i.impact_prediction,
       i.implementation_difficulty, i.affected_content, i.data_supporting, i.status, i.rank, i.run_id::text as run_id,
       i.last_found_at
     from optimization_insights i
     where (i.status = 'open' or (i.status = 'snoozed' and i.snoozed_until <= $1::date))
       and ($2::int is null or i.artist_id = $2::int)
       and ($3::text[] is null or exists (
         select from contents c where c.content_key = any(i.affected_content) and c.platform = any($3::text[])))
       and ($4::text[] is null or i.affected_content && $4::text[])
       and ($5::timestamptz is null or i.last_found_at >= $5::timestamptz)
     order by i.rank desc, i.id
     limit $6`,
    [today, filter.artistId, filter.platforms, filter.contentKeys, filter.since, filter.limit],
  );
}
