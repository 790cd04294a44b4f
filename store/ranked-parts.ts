/** Rankings over all contents, read in parts beside each other: what goes content by content, Postgres does on one core. */

export interface Ranked {
  contentId: number;
  /** The largest comes first, null last; then the larger tie-breaker, then the smaller id. */
  rank: number | null;
  tie: number;
}

const parts = 2;

/** The order of a part, beneath a statement that names the columns of `Ranked`. */
export const inOrderOfRank = 'rank desc nulls last, tie desc, c.id';

/** The condition on contents `c`; its two parameters, a part as it is handed on, begin at the given number. */
export function inPart(first: number): string {
  return `c.id % $${first}::int = $${first + 1}::int`;
}

/** The first ones of all parts together, each of them read in order of rank. */
export async function firstOfParts<Row extends { contentId: number }>(
  limit: number,
  read: (part: readonly [of: number, which: number]) => Promise<(Row & Ranked)[]>,
): Promise<Row[]> {
  const all = await Promise.all(Array.from({ length: parts }, (_, which) => read([parts, which])));
  return all.flat().sort(byRank).slice(0, limit);
}

function byRank(a: Ranked, b: Ranked): number {
  if (a.rank === b.rank) return b.tie - a.tie || a.contentId - b.contentId;
  if (a.rank === null) return 1;
  return b.rank === null ? -1 : b.rank - a.rank;
}
