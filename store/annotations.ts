/** Notes of the team on a moment, for whoever reads a chart. */
import { StoreError } from './errors.js';
import { queryPlanned, queryRow, queryRows, type Queryable } from './queryable.js';

export interface NewAnnotation {
  artistId: number | null;
  releaseId: number | null;
  platform: string | null;
  at: Date;
  text: string;
}

/** With all that is known of it, as lists and programs read it. */
export interface ListedAnnotation {
  id: string;
  artist_id: number | null;
  release_id: number | null;
  /** Null speaks of every platform. */
  platform: string | null;
  at: Date;
  text: string;
  created_at: Date;
}

export interface AnnotationFilter {
  /** Those of the release and those of its artist. */
  releaseId?: number | undefined;
  artistId?: number | undefined;
  /** Those of the platform and those of every platform. */
  platform?: string | undefined;
  /** Half-open. */
  from?: Date | undefined;
  to?: Date | undefined;
  /** The last one of the page before. */
  after?: { at: Date; id: string } | undefined;
  /** 100 unless told. */
  limit?: number | undefined;
}

const listedColumns = 'id::text, artist_id, release_id, platform, at, text, created_at';

/** @throws StoreError `notFound` for an artist or release that is not there */
export async function addAnnotation(db: Queryable, annotation: NewAnnotation): Promise<ListedAnnotation> {
  const { artistId, releaseId, platform, at, text } = annotation;
  const added = await queryRow<ListedAnnotation>(
    db,
    `insert into annotations (artist_id, release_id, platform, at, text) values ($1, $2, $3, $4, $5)
     returning ${listedColumns}`,
    [artistId, releaseId, platform, at, text],
  );
  if (added === null) throw new StoreError('internal', 'A new annotation did not come back');
  return added;
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
  return queryPlanned<Annotation>(
    db,
    `select ${annotationColumns} from annotations
     where release_id = $1
       or (release_id is null and artist_id = (select r.artist_id from releases r where r.id = $1))
     order by at desc, id desc`,
    [releaseId],
  );
}

/** The newest moment first. @throws StoreError */
export async function listAnnotations(
  db: Queryable,
  filter: AnnotationFilter = {},
): Promise<ListedAnnotation[]> {
  return queryRows<ListedAnnotation>(
    db,
    `select ${listedColumns} from annotations n
     where ($1::integer is null or n.release_id = $1
         or (n.release_id is null and n.artist_id = (select r.artist_id from releases r where r.id = $1)))
       and ($2::integer is null or n.artist_id = $2
         or n.release_id in (select r.id from releases r where r.artist_id = $2))
       and ($3::text is null or coalesce(n.platform, $3) = $3)
       and ($4::timestamptz is null or n.at >= $4) and ($5::timestamptz is null or n.at < $5)
       and ($6::timestamptz is null or (date_trunc('milliseconds', n.at), n.id) < ($6, $7::bigint))
     order by date_trunc('milliseconds', n.at) desc, n.id desc
     limit $8`,
    [
      ...[filter.releaseId ?? null, filter.artistId ?? null, filter.platform ?? null],
      ...[filter.from ?? null, filter.to ?? null, filter.after?.at ?? null, filter.after?.id ?? null],
      filter.limit ?? 100,
    ],
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
