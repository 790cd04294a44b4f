import { queryRows, type Queryable } from './queryable.js';

/** Ids of the contents that a reader chose, ascending; null takes any, and null for all of them is null. */
export async function chosenContentIds(
  db: Queryable,
  choice: { contentIds: readonly number[] | null; releaseId: number | null; platform: string | null },
): Promise<number[] | null> {
  const { contentIds, releaseId, platform } = choice;
  if (contentIds === null && releaseId === null && platform === null) return null;
  const rows = await queryRows<{ id: number }>(
    db,
    `select c.id from contents c
     where ($1::int[] is null or c.id = any($1::int[])) and ($2::int is null or c.release_id = $2::int)
       and ($3::text is null or c.platform = $3)
     order by c.id`,
    [contentIds, releaseId, platform],
  );
  return rows.map(({ id }) => id);
}
