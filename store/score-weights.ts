/** The weights behind scores: sets that are never changed, each followed by a newer version. */
import { queryRow, queryRows, type Queryable } from './queryable.js';

export interface ScoreWeightSet {
  id: number;
  /** Null for the default of every artist without weights of its own. */
  artistId: number | null;
  /** From 1 on, by artist. */
  version: number;
  /** By metric, or by `platform/metric`, which goes before. */
  weights: Record<string, number>;
  createdBy: string;
  /** Null: since always. */
  validFrom: Date | null;
}

const columns = `w.id, w.artist_id as "artistId", w.version, w.weights, w.created_by as "createdBy",
  case when isfinite(w.valid_from) then w.valid_from end as "validFrom"`;

/** The set that an artist's releases are scored by at an instant: its own latest, otherwise the default's. */
export async function weightsAt(db: Queryable, artistId: number, at: Date): Promise<ScoreWeightSet | null> {
  return queryRow<ScoreWeightSet>(
    db,
    `select ${columns} from score_weights w
     where (w.artist_id = $1 or w.artist_id is null) and w.valid_from <= $2
     order by w.artist_id nulls last, w.version desc limit 1`,
    [artistId, at],
  );
}

/** Every set of an artist, or of the default (null), the newest first. @throws StoreError */
export async function listWeights(db: Queryable, artistId: number | null): Promise<ScoreWeightSet[]> {
  return queryRows<ScoreWeightSet>(
    db,
    `select ${columns} from score_weights w where w.artist_id is not distinct from $1::int order by w.version desc`,
    [artistId],
  );
}

/** The set of an id; null where there is none, or none to be seen. @throws StoreError */
export async function findWeights(db: Queryable, id: number): Promise<ScoreWeightSet | null> {
  return queryRow<ScoreWeightSet>(db, `select ${columns} from score_weights w where w.id = $1`, [id]);
}

/**
 * Adds a version; weights equal to the present ones are no new version, and the present one comes back.
 * @throws StoreError `conflict` where somebody else added a version at the same moment, `notFound` for an
 *   artist that is not there, `accessDenied` for one outside the session's.
 */
export async function addWeights(
  db: Queryable,
  set: { artistId: number | null; weights: Readonly<Record<string, number>>; by: string; at: Date },
): Promise<ScoreWeightSet> {
  const row = await queryRow<ScoreWeightSet>(
    db,
    `with present as (
       select ${columns} from score_weights w where w.artist_id is not distinct from $1::int
       order by w.version desc limit 1
     ), added as (
       insert into score_weights as w (artist_id, version, weights, created_by, valid_from)
       select $1::int, coalesce((select version from present), 0) + 1, $2::jsonb, $3, $4::timestamptz
       where not exists (select from present p where p.weights = $2::jsonb)
       returning ${columns}
     )
     select * from (select * from added union all select * from present) s order by s.version desc limit 1`,
    [set.artistId, JSON.stringify(set.weights), set.by, set.at],
  );
  return row!;
}
