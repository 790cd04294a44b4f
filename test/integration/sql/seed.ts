/** Small beginnings that the tests of the schema share. */
import type pg from 'pg';

/** Adds an artist and a release of theirs; returns the ids. */
export async function seedRelease(
  db: pg.Pool | pg.PoolClient,
  artist: string,
  state = 'approved',
): Promise<{ artistId: number; releaseId: number }> {
  const { rows } = await db.query<{ artistId: number; releaseId: number }>(
    `with artist as (
       insert into artists (name) values ($1)
       on conflict (name) do update set name = excluded.name
       returning id
     )
     insert into releases (artist_id, title, state)
     select id, 'A release of ' || $1, $2 from artist
     returning artist_id as "artistId", id as "releaseId"`,
    [artist, state],
  );
  return rows[0]!;
}

/** Adds a content with a platform id, linked where a release is given; returns its id. */
export async function seedContent(
  db: pg.Pool | pg.PoolClient,
  platform: string,
  externalId: string,
  releaseId: number | null = null,
): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `insert into contents (content_key, platform, external_id, release_id) values ($1 || ':' || $2, $1, $2, $3)
     returning id`,
    [platform, externalId, releaseId],
  );
  return rows[0]!.id;
}
