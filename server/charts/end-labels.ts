/** Where the names of lines stand: at their ends, beside one another and never over one another. */
import type { Box, Scales } from './geometry.js';

export interface LineEnd {
  name: string;
  colour: number;
  /** The last moment with a value, and that value. */
  at: Date;
  value: number;
}

export interface EndLabel {
  name: string;
  colour: number;
  x: number;
  y: number;
  anchor: 'start' | 'end';
}

/** Of a letter of an average name, in units of the drawing, and between the names of two lines. */
const letterWidth = 7.4;
const lineHeight = 15;
const gap = 8;
/** More than this share of a chart is no margin any more: a long name stands inside, before the end. */
const mostMargin = 0.2;

/** The last point of a line that has a value; null where it has none. */
export function endOf(line: {
  name: string;
  colour: number;
  points: readonly { at: Date; value: number | null }[];
}): LineEnd | null {
  for (let index = line.points.length - 1; index >= 0; index -= 1) {
    const { at, value } = line.points[index]!;
    if (value !== null) return { name: line.name, colour: line.colour, at, value };
  }
  return null;
}

/** The box with as much room at its right as the names need that end there. */
export function withRoomFor(box: Box, [from, to]: readonly [Date, Date], ends: readonly LineEnd[]): Box {
  const span = Math.max(1, to.getTime() - from.getTime());
  let right = box.right;
  for (const { name, at } of ends) {
    const share = Math.min(1, (at.getTime() - from.getTime()) / span);
    const needed = box.width - box.left - (box.width - gap - widthOf(name) - box.left) / share;
    if (share > 0 && needed <= box.width * mostMargin) right = Math.max(right, needed);
  }
  return { ...box, right };
}

/** @param box as `withRoomFor` answers it, and the scales that were made for it */
export function endLabels(box: Box, { x, y }: Scales, ends: readonly LineEnd[]): EndLabel[] {
  const placed = ends.map(({ name, colour, at, value }): EndLabel => {
    const end = x(at);
    const isOutside = end + gap + widthOf(name) <= box.width;
    return isOutside
      ? { name, colour, x: end + gap, y: y(value) + 4, anchor: 'start' }
      : { name, colour, x: Math.max(end, box.left + widthOf(name)), y: y(value) - gap, anchor: 'end' };
  });
  placed.sort((one, other) => one.y - other.y);
  const [top, bottom] = [box.top + 4, box.height - box.bottom - 3];
  // Down from the top as far as each needs to, then up again from the bottom with what was pushed out there.
  for (const [index, label] of placed.entries()) {
    label.y = Math.max(label.y, top);
    for (const above of placed.slice(0, index))
      if (meet(above, label)) label.y = Math.max(label.y, above.y + lineHeight);
  }
  for (let index = placed.length - 1; index >= 0; index -= 1) {
    const label = placed[index]!;
    label.y = Math.min(label.y, bottom);
    for (const below of placed.slice(index + 1))
      if (meet(below, label)) label.y = Math.min(label.y, below.y - lineHeight);
  }
  return placed;
}

/** Whether two names stand in the same columns. */
function meet(one: EndLabel, other: EndLabel): boolean {
  return leftOf(one) < rightOf(other) && leftOf(other) < rightOf(one);
}

function leftOf({ x, anchor, name }: EndLabel): number {
  return anchor === 'start' ? x : x - widthOf(name);
}

function rightOf({ x, anchor, name }: EndLabel): number {
  return anchor === 'start' ? x + widthOf(name) : x;
}

function widthOf(name: string): number {
  return name.length * letterWidth;
}
