/** Notes of the team on a moment, for whoever reads a chart. */
import { execute, type Queryable } from './queryable.js';

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
