/** Release scores, one row a run, release and age; and who is compared with whom. */
import { execute, queryRows, type Queryable } from './queryable.js';

export interface ScoreContribution {
  platform: string;
  metric: string;
  value: number;
  percentile: number;
  weight: number;
  points: number;
}

export interface ReleaseScoreRow {
  releaseId: number;
  ageDays: number;
  /** ISO day on which the release reached the age. */
  checkpointDay: string;
  /** 0..10; null where withheld. */
  score: number | null;
  contributions: readonly ScoreContribution[];
  /** Releases that it was compared with. */
  peers: number;
  withheldReason: string | null;
  methodVersion: string;
  /** The set of weights that made it; null before sets were kept. */
  weightsId: number | null;
  /** What else the result rests on. */
  parameters: Readonly<Record<string, unknown>>;
}

const insertSql = `
insert into release_scores as s (run_id, release_id, age_days, checkpoint_day, score, contributions, peers,
  withheld_reason, method_version, weights_id, parameters, computed_at)
select $1::bigint, r.release_id, r.age_days, r.checkpoint_day, r.score, r.contributions, r.peers, r.withheld_reason,
  r.method_version, r.weights_id, r.parameters, $2::timestamptz
from jsonb_to_recordset($3::jsonb) as r (release_id int, age_days int, checkpoint_day date, score float8,
  contributions jsonb, peers int, withheld_reason text, method_version text, weights_id int, parameters jsonb)
on conflict (run_id, release_id, age_days) do update
set checkpoint_day = excluded.checkpoint_day, score = excluded.score, contributions = excluded.contributions,
  peers = excluded.peers, withheld_reason = excluded.withheld_reason, method_version = excluded.method_version,
  weights_id = excluded.weights_id, parameters = excluded.parameters
where (s.checkpoint_day, s.score, s.contributions, s.peers, s.withheld_reason, s.method_version, s.weights_id,
  s.parameters)
  is distinct from (excluded.checkpoint_day, excluded.score, excluded.contributions, excluded.peers,
    excluded.withheld_reason, excluded.method_version, excluded.weights_id, excluded.parameters)`;

/** Writes a run's scores; the same rows again change nothing. */
export async function saveScores(
  db: Queryable,
  rows: readonly ReleaseScoreRow[],
  origin: { runId: string; computedAt: Date },
): Promise<void> {
  if (rows.length === 0) return;
  const records = rows.map((row) => ({
    release_id: row.releaseId,
    age_days: row.ageDays,
    checkpoint_day: row.checkpointDay,
    score: row.score,
    contributions: row.contributions,
    peers: row.peers,
    withheld_reason: row.withheldReason,
    method_version: row.methodVersion,
    weights_id: row.weightsId,
    parameters: row.parameters,
  }));
  await execute(db, insertSql, [origin.runId, origin.computedAt, JSON.stringify(records)]);
}

export interface LatestScore extends ReleaseScoreRow {
  runId: string;
  artistId: number;
  title: string;
  format: string | null;
  computedAt: Date;
}

/**
 * The latest result a release and age, withheld ones included.
 * @param filter null takes every release.
 */
export async function latestScores(
  db: Queryable,
  filter: { artistIds: readonly number[] | null; releaseIds: readonly number[] | null },
): Promise<LatestScore[]> {
  return queryRows<LatestScore>(
    db,
    `select distinct on (s.release_id, s.age_days) s.run_id::text as "runId", s.release_id as "releaseId",
       r.artist_id as "artistId", r.title, r.format, s.age_days as "ageDays", s.checkpoint_day::text as "checkpointDay",
       s.score, s.contributions, s.peers, s.withheld_reason as "withheldReason", s.method_version as "methodVersion",
       s.weights_id as "weightsId", s.parameters, s.computed_at as "computedAt"
     from release_scores s
     join releases r on r.id = s.release_id
     where ($1::int[] is null or r.artist_id = any($1::int[])) and ($2::int[] is null or r.id = any($2::int[]))
     order by s.release_id, s.age_days, s.computed_at desc, s.id desc`,
    [filter.artistIds, filter.releaseIds],
  );
}

export interface ScoredRelease {
  releaseId: number;
  artistId: number;
  format: string | null;
  /** First day out: as told, or that of its first content; null where neither is known. */
  releasedAt: Date | null;
  /** Its primary content a platform; a platform's other contents do not enter the score. */
  contents: { id: number; key: string; platform: string }[];
}

/** The approved releases of an artist, in order of id. */
export async function releasesToScore(db: Queryable, artistId: number): Promise<ScoredRelease[]> {
  return queryRows<ScoredRelease>(
    db,
    `select r.id as "releaseId", r.artist_id as "artistId", r.format,
       coalesce(r.released_on::timestamp at time zone 'UTC', min(c.published_at)) as "releasedAt",
       coalesce(
         jsonb_agg(jsonb_build_object('id', c.id, 'key', c.content_key, 'platform', c.platform) order by c.platform)
           filter (where c.is_primary),
         '[]'
       ) as contents
     from releases r
     left join contents c on c.release_id = r.id
     where r.artist_id = $1 and r.state = 'approved'
     group by r.id
     order by r.id`,
    [artistId],
  );
}

/** The artists of the contents' releases, in order of id. */
export async function artistsOfContents(db: Queryable, contentIds: readonly number[]): Promise<number[]> {
  const rows = await queryRows<{ id: number }>(
    db,
    `select distinct artist_id as id from contents
     where id = any($1::int[]) and artist_id is not null
     order by 1`,
    [contentIds],
  );
  return rows.map((row) => row.id);
}
