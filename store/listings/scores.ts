import { queryRows, type Queryable } from '../queryable.js';
import type { LatestScore } from '../scores.js';

export interface ScoreFilter {
  artistId: number | null;
  releaseId: number | null;
  ageDays: number | null;
  /** Release and age of the last one of the page before. */
  after: readonly [releaseId: number, ageDays: number] | null;
  limit: number;
}

/** The latest result a release and age, withheld ones included, in order of both. @throws StoreError */
export async function listScores(db: Queryable, filter: ScoreFilter): Promise<LatestScore[]> {
  return queryRows<LatestScore>(
    db,
    `select distinct on (s.release_id, s.age_days) s.run_id::text as "runId", s.release_id as "releaseId",
       r.artist_id as "artistId", r.title, r.format, s.age_days as "ageDays", s.checkpoint_day::text as "checkpointDay",
       s.score, s.contributions, s.peers, s.withheld_reason as "withheldReason", s.method_version as "methodVersion",
       s.weights_id as "weightsId", s.parameters, s.computed_at as "computedAt"
     from release_scores s
     join releases r on r.id = s.release_id
     where ($1::int is null or r.artist_id = $1) and ($2::int is null or r.id = $2)
       and ($3::int is null or s.age_days = $3)
       and ($4::int is null or (s.release_id, s.age_days) > ($4, $5::int))
     order by s.release_id, s.age_days, s.computed_at desc, s.id desc
     limit $6`,
    [filter.artistId, filter.releaseId, filter.ageDays, ...(filter.after ?? [null, null]), filter.limit],
  );
}
