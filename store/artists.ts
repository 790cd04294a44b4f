import { StoreError } from './errors.js';
import { queryRow, queryRows, type Queryable } from './queryable.js';

export interface Artist {
  id: number;
  name: string;
}

/** The artist of that name, added where there is none. @throws StoreError `rejected` for an empty name */
export async function addArtist(db: Queryable, name: string): Promise<Artist> {
  // The update changes nothing: it makes an artist that was there already come back too.
  const artist = await queryRow<Artist>(
    db,
    `insert into artists as a (name) values ($1)
     on conflict on constraint artists_name_key do update set name = a.name
     returning id, name`,
    [name.trim()],
  );
  if (artist === null) throw new StoreError('internal', 'An upserted artist did not come back');
  return artist;
}

/** Up to `limit` artists after an id, in order of it. @throws StoreError */
export async function listArtistPage(
  db: Queryable,
  { afterId, limit }: { afterId: number | null; limit: number },
): Promise<Artist[]> {
  return queryRows<Artist>(
    db,
    'select id, name from artists where ($1::int is null or id > $1) order by id limit $2',
    [afterId, limit],
  );
}

/** Every artist that the session may see, in order of name. @throws StoreError */
export async function listArtists(db: Queryable): Promise<Artist[]> {
  return queryRows<Artist>(db, 'select id, name from artists order by name');
}
