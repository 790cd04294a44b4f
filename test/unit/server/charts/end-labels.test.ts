import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  endLabels,
  endOf,
  withRoomFor,
  type EndLabel,
  type LineEnd,
} from '../../../../server/charts/end-labels.js';
import { boxes, scalesOf } from '../../../../server/charts/geometry.js';

const day = (number: number): Date => new Date(Date.UTC(2026, 0, number));
const range = [day(1), day(31)] as const;
const names = ['YouTube', 'Spotify', 'TikTok', 'Previous period', 'Forecast', 'Typical of 23 releases'];

function placed(box: (typeof boxes)['wide' | 'narrow'], ends: readonly LineEnd[]): EndLabel[] {
  const roomy = withRoomFor(box, range, ends);
  return endLabels(roomy, scalesOf(roomy, range, [100]), ends);
}

/** From where to where a name reaches, a letter being as wide as those of a bold face are. */
function reach({ lines, x, anchor }: EndLabel): [number, number] {
  const width = Math.max(...lines.map(({ length }) => length)) * 7;
  return anchor === 'start' ? [x, x + width] : [x - width, x];
}

describe('the names at the ends of lines', () => {
  it('never lie over one another, and stay within the drawing', () => {
    const end = fc.record({ at: fc.integer({ min: 1, max: 31 }), value: fc.integer({ min: 0, max: 100 }) });
    fc.assert(
      fc.property(
        fc.array(end, { minLength: 1, maxLength: names.length }),
        fc.constantFrom(boxes.wide, boxes.narrow),
        (told, box) => {
          const ends = told.map(({ at, value }, index) => {
            const name = names[index]!;
            return { name, colour: 1, at: day(at), value };
          });
          const labels = placed(box, ends);
          expect(labels.map(({ name }) => name).sort()).toEqual(ends.map(({ name }) => name).sort());
          for (const [index, label] of labels.entries()) {
            const [from, to] = reach(label);
            expect(from).toBeGreaterThanOrEqual(0);
            expect(to).toBeLessThanOrEqual(box.width);
            expect(label.y).toBeGreaterThanOrEqual(box.top - 12);
            expect(label.lines.join(' ')).toBe(label.name);
            const foot = label.y + (label.lines.length - 1) * 15;
            expect(foot).toBeLessThanOrEqual(box.height - box.bottom);
            for (const other of labels.slice(index + 1)) {
              const [left, right] = reach(other);
              const upper = label.y < other.y ? label : other;
              if (from < right && left < to)
                expect(Math.abs(label.y - other.y)).toBeGreaterThanOrEqual(upper.lines.length * 15 - 0.1);
            }
          }
        },
      ),
    );
  });

  it('stand beside the ends where there is room for them, which the box makes', () => {
    const ends = [{ name: 'Spotify', colour: 2, at: day(31), value: 50 }];
    const box = withRoomFor(boxes.wide, range, ends);
    expect(box.right).toBeGreaterThan(boxes.wide.right);
    const [label] = placed(boxes.wide, ends);
    expect(label).toMatchObject({ anchor: 'start', colour: 2 });
    expect(label!.x).toBeGreaterThan(boxes.wide.width - box.right);
    // A line that ends early leaves room enough.
    expect(withRoomFor(boxes.wide, range, [{ ...ends[0]!, at: day(10) }]).right).toBe(boxes.wide.right);
  });

  it('are broken into short lines beside the ends of a narrow drawing, so that they lie over no line', () => {
    const [label] = placed(boxes.narrow, [{ name: 'Previous period', colour: 2, at: day(31), value: 50 }]);
    expect(label).toMatchObject({ anchor: 'start', lines: ['Previous', 'period'] });
    const roomy = withRoomFor(boxes.narrow, range, [
      { name: 'Previous period', colour: 2, at: day(31), value: 50 },
    ]);
    expect(label!.x).toBeGreaterThan(boxes.narrow.width - roomy.right);
  });

  it('belong to the last value there is, and to none where there is none', () => {
    const points = [
      { at: day(1), value: 3 },
      { at: day(2), value: null },
    ];
    expect(endOf({ name: 'X', colour: 1, points })).toMatchObject({ at: day(1), value: 3 });
    expect(endOf({ name: 'X', colour: 1, points: [{ at: day(1), value: null }] })).toBeNull();
  });
});
