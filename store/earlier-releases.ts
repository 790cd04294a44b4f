/** What an artist published before a content: whose shape it may borrow. */
import { queryRows, type Queryable } from './queryable.js';

export interface EarlierContents {
  contentId: number;
  /** In order of publication. */
  earlierIds: number[];
}

/**
 * For each content, the latest others of its artist on its platform in its format that were published at least
 * `daysBefore` days before it. Contents without an artist, a publication or any earlier one are left out.
 * @param contentIds hundreds at a time; one query.
 */
export async function readEarlierContents(
  db: Queryable,
  contentIds: readonly number[],
  { daysBefore, most }: { daysBefore: number; most: number },
): Promise<EarlierContents[]> {
  if (contentIds.length === 0) return [];
  const rows = await queryRows<{ content_id: number; earlier_ids: number[] }>(
    db,
    `with published as (
       select c.id, c.artist_id, c.platform, coalesce(c.format, r.format) as format,
         coalesce((c.published_at at time zone 'UTC')::date, r.released_on) as day
       from contents c
       left join releases r on r.id = c.release_id
       where c.artist_id in (select artist_id from contents where id = any($1::int[]))
     )
     select young.id as content_id, array_agg(earlier.id order by earlier.day, earlier.id) as earlier_ids
     from published young
     cross join lateral (
       select p.id, p.day
       from published p
       where p.artist_id = young.artist_id and p.platform = young.platform
         and p.format is not distinct from young.format and p.day <= young.day - $2::int
       order by p.day desc, p.id desc
       limit $3
     ) earlier
     where young.id = any($1::int[])
     group by young.id
     order by young.id`,
    [contentIds, daysBefore, most],
  );
  return rows.map((row) => ({ contentId: row.content_id, earlierIds: row.earlier_ids }));
}
