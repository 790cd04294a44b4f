/** Notes of the team on a moment, for whoever reads a chart. */
import { execute, queryRow, queryRows, type Queryable } from './queryable.js';

export interface NewAnnotation {
  artistId: number | null;
  releaseId: number | null;
  platform: string | null;
  at: Date;
  text: string;
}

/** @throws StoreError `notFound` for an artist or release that is not there */
export async function addAnnotation(db: Queryable, annotation: NewAnnotation): Promise<void> {
  const { artistId, releaseId, platform, at, text } = annotation;
  await execute(
    db,
    'insert into annotations (artist_id, release_id, platform, at, text) values ($1, $2, $3, $4, $5)',
    [artistId, releaseId, platform, at, text],
  );
}

export interface Annotation {
  id: string;
  releaseId: number | null;
  platform: string | null;
  at: Date;
  text: string;
}

const annotationColumns = 'id::text, release_id as "releaseId", platform, at, text';

/** Those of a release, and those of its artist's that speak of no release, the latest first. @throws StoreError */
export async function annotationsOfRelease(db: Queryable, releaseId: number): Promise<Annotation[]> {
  return queryRows<Annotation>(
    db,
    `select ${annotationColumns} from annotations
     where release_id = $1
       or (release_id is null and artist_id = (select r.artist_id from releases r where r.id = $1))
     order by at desc, id desc`,
    [releaseId],
  );
}

/** Removes an annotation and returns it; null where there is none, or none to be seen. @throws StoreError */
export async function removeAnnotation(db: Queryable, id: string): Promise<Annotation | null> {
  return queryRow<Annotation>(
    db,
    `delete from annotations where id = $1::bigint returning ${annotationColumns}`,
    [id],
  );
}
