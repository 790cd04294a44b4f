import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstOfParts, type Ranked } from '../../../store/ranked-parts.js';

/** As Postgres orders: the largest rank first, null last; then the larger tie-breaker, then the smaller id. */
function ordered(rows: readonly Ranked[]): Ranked[] {
  const key = ({ rank, tie, contentId }: Ranked): number[] => [
    rank === null ? 1 : 0,
    -(rank ?? 0),
    -tie,
    contentId,
  ];
  return [...rows].sort((a, b) => {
    const [left, right] = [key(a), key(b)];
    const place = left.findIndex((value, index) => value !== right[index]);
    return place < 0 ? 0 : left[place]! - right[place]!;
  });
}

const contents = fc.uniqueArray(
  fc.record({
    contentId: fc.integer({ min: 1, max: 60 }),
    rank: fc.option(fc.integer({ min: -3, max: 3 }), { nil: null }),
    tie: fc.integer({ min: 0, max: 2 }),
  }),
  { selector: ({ contentId }) => contentId, maxLength: 60 },
);

test('the first ones of all parts are the first ones of everything', async () => {
  await fc.assert(
    fc.asyncProperty(contents, fc.integer({ min: 1, max: 20 }), async (rows, limit) => {
      const asked: number[] = [];
      const first = await firstOfParts(limit, ([of, which]) => {
        asked.push(which);
        return Promise.resolve(ordered(rows.filter((row) => row.contentId % of === which)).slice(0, limit));
      });
      expect(first).toEqual(ordered(rows).slice(0, limit));
      expect(asked.length).toBeGreaterThan(1);
    }),
  );
});
