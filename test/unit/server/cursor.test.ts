import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { listCursor, pageQuery } from '../../../server/api/cursor.js';

const cursor = listCursor('things', z.tuple([z.string(), z.int()]));
const rows = [1, 2, 3, 4, 5].map((id) => ({ id, day: `2026-01-0${id}` }));
const positionOf = ({ day, id }: { day: string; id: number }): [string, number] => [day, id];

describe('a cursor', () => {
  it('leads from page to page and past the last row to none', () => {
    const first = cursor.page(rows.slice(0, 3), 2, positionOf);
    expect(first.data.map(({ id }) => id)).toEqual([1, 2]);
    expect(cursor.read(first.next_cursor)).toEqual(['2026-01-02', 2]);
    expect(cursor.page(rows.slice(3), 2, positionOf)).toEqual({ data: rows.slice(3) });
    expect(cursor.page([], 2, positionOf)).toEqual({ data: [] });
    expect(cursor.read(undefined)).toBeNull();
  });

  it('is refused where it is another list’s, was changed or is none', () => {
    const other = listCursor('others', z.tuple([z.string(), z.int()]));
    const { next_cursor: told } = other.page(rows, 2, positionOf);
    expect(() => cursor.read(told)).toThrow('none of this list');
    expect(other.read(told)).not.toBeNull();
    const changed = Buffer.from('["things",["2026-01-02","; drop"]]').toString('base64url');
    expect(() => cursor.read(changed)).toThrow('none of this list');
    expect(() => cursor.read('%%%')).toThrow('none of this list');
  });
});

describe('the query of a list', () => {
  const query = z.strictObject(pageQuery(50, 100));
  it('reads a limit in digits alone, and within bounds', () => {
    expect(query.parse({})).toEqual({ limit: 50 });
    expect(query.parse({ limit: '100' })).toEqual({ limit: 100 });
    for (const limit of ['', '0', '101', '0x1f', '1e1', '1.5', ' 5'])
      expect(query.safeParse({ limit }).success, limit).toBe(false);
  });
});
