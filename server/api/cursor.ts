/** Places in lists: opaque to callers, a key of the last row to us, so a page costs the same however deep it lies. */
import { z } from 'zod';
import { Problem } from '../problems.js';

/** A value that a list is ordered by. */
type KeyValue = string | number | null;

export interface ListCursor<Position extends readonly KeyValue[]> {
  /**
   * The position after which the page begins; null at the beginning.
   * @throws Problem 400 for a text that is no cursor of this list
   */
  read(told: string | undefined): Position | null;
  /** A page out of up to `limit + 1` rows: the one too many says that there is a next page. */
  page<Row>(
    rows: readonly Row[],
    limit: number,
    positionOf: (row: Row) => Position,
  ): { data: Row[]; next_cursor?: string };
}

/** Fields of the query of every list: `z.strictObject({ ...pageQuery(50), platform: … })`. */
export function pageQuery(usual: number, most = 500) {
  return {
    limit: wholeInQuery(1, most).default(usual).describe(`Rows a page; ${usual} unless told.`),
    cursor: z
      .string()
      .max(1_000)
      .optional()
      .describe('The `next_cursor` of the page before; left out for the first page.'),
  };
}

/** A whole number in a query: `Number('')` is 0 and `Number('0x1f')` 31, so only digits are read. */
export function wholeInQuery(least: number, most: number) {
  const digits = /^-?\d{1,15}$/;
  return z.preprocess(
    (told) => (typeof told === 'string' && digits.test(told) ? Number(told) : told),
    z.int().min(least).max(most),
  );
}

/** `true` or `false` in a query. */
export function truthInQuery() {
  return z.preprocess((told) => (told === 'true' ? true : told === 'false' ? false : told), z.boolean());
}

/**
 * The cursor of one list. Order the list by a key that is unique, hand the position to the statement
 * (`where (recorded_at, id) < ($1, $2)`), ask it for one row more than the page has, and let `page` cut:
 *
 * ```ts
 * const cursor = listCursor('releases', z.tuple([z.string(), z.int()]));
 * …
 * const { limit, cursor: told } = request.query;
 * const rows = await listReleases(pool, { after: cursor.read(told), limit: limit + 1 });
 * return cursor.page(rows, limit, (row) => [row.release_date, row.id]);
 * ```
 * @param list the list's own name, so that a cursor of another list is refused
 */
export function listCursor<Position extends readonly KeyValue[]>(
  list: string,
  position: z.ZodType<Position>,
): ListCursor<Position> {
  const told = z.tuple([z.literal(list), position]);
  return {
    read(text) {
      if (text === undefined) return null;
      const found = told.safeParse(parsed(text));
      if (found.success) return found.data[1];
      throw new Problem(400, 'cursor: is none of this list; begin again without it.', [
        { pointer: '/cursor', detail: 'is none of this list' },
      ]);
    },
    page(rows, limit, positionOf) {
      const data = rows.slice(0, limit);
      const last = data.at(-1);
      if (rows.length <= limit || last === undefined) return { data };
      const text = JSON.stringify([list, positionOf(last)]);
      return { data, next_cursor: Buffer.from(text).toString('base64url') };
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return null;
  }
}
