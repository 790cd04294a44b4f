/** The releases that a page may be opened for, found by title, a page at a time. */
import { queryRows, type Queryable } from './queryable.js';

export interface FoundRelease {
  id: number;
  title: string;
  artist: string;
  format: string | null;
  /** ISO day; null where it is not known. */
  releasedOn: string | null;
  /** Platforms that it has contents on, in order. */
  platforms: string[];
}

/** Where a page ended: ISO day, `0001-01-01` where it is not known, and id. */
export type ReleasePosition = readonly [releasedOn: string, id: number];

export interface ReleaseSearch {
  /** Every word of it stands in the title; an empty one finds everything. */
  words: readonly string[];
  /** The last one of the page before; null begins. */
  after: ReleasePosition | null;
  limit: number;
}

const undated = '0001-01-01';

/** Approved releases, the latest first. */
export async function searchReleases(
  db: Queryable,
  { words, after, limit }: ReleaseSearch,
): Promise<FoundRelease[]> {
  const patterns = words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`);
  return queryRows<FoundRelease>(
    db,
    `select f.*, coalesce((select array_agg(distinct c.platform order by c.platform)
         from contents c where c.release_id = f.id), '{}') as platforms
     from (
       select r.id, r.title, a.name as artist, r.format, r.released_on::text as "releasedOn"
       from approved_releases r
       join artists a on a.id = r.artist_id
       where r.title ilike all ($1::text[])
         and ($2::date is null or (coalesce(r.released_on, date '${undated}'), r.id) < ($2::date, $3::int))
       order by coalesce(r.released_on, date '${undated}') desc, r.id desc
       limit $4
     ) f
     order by coalesce(f."releasedOn", '${undated}') desc, f.id desc`,
    [patterns, after?.[0] ?? null, after?.[1] ?? null, limit],
  );
}

export function positionOf({ releasedOn, id }: FoundRelease): ReleasePosition {
  return [releasedOn ?? undated, id];
}
