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
  /** The name as it is written: in one line, or in short ones where a drawing is narrow. */
  lines: readonly string[];
  x: number;
  /** Of the first line's foot. */
  y: number;
  anchor: 'start' | 'end';
}

/** Of a letter of an average name, in units of the drawing, and between the names of two lines. */
const letterWidth = 7.4;
export const lineHeight = 15;
const gap = 8;
/** More than this share of a chart is no margin any more: a long name stands inside, before the end. */
const mostMargin = 0.26;
/** A drawing below this width writes names in lines of a word or two. */
const roomyWidth = 500;
const shortLine = 9;

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
    const needed = box.width - box.left - (box.width - gap - widthOf(linesOf(name, box)) - box.left) / share;
    if (share > 0 && needed <= box.width * mostMargin) right = Math.max(right, needed);
  }
  return { ...box, right };
}

/** @param box as `withRoomFor` answers it, and the scales that were made for it */
export function endLabels(box: Box, { x, y }: Scales, ends: readonly LineEnd[]): EndLabel[] {
  const placed = ends.map(({ name, colour, at, value }): EndLabel => {
    const end = x(at);
    const lines = linesOf(name, box);
    const isOutside = end + gap + widthOf(lines) <= box.width;
    const more = heightOf({ lines }) - lineHeight;
    return isOutside
      ? { name, colour, lines, x: end + gap, y: y(value) + 4 - more / 2, anchor: 'start' }
      : {
          ...{ name, colour, lines, anchor: 'end' },
          x: Math.max(end, box.left + widthOf(lines)),
          y: y(value) - gap - more,
        };
  });
  placed.sort((one, other) => one.y - other.y);
  const [top, bottom] = [box.top + 4, box.height - box.bottom - 3];
  // Down from the top as far as each needs to, then up again from the bottom with what was pushed out there.
  for (const [index, label] of placed.entries()) {
    label.y = Math.max(label.y, top);
    for (const above of placed.slice(0, index))
      if (meet(above, label)) label.y = Math.max(label.y, above.y + heightOf(above));
  }
  for (let index = placed.length - 1; index >= 0; index -= 1) {
    const label = placed[index]!;
    label.y = Math.min(label.y, bottom + lineHeight - heightOf(label));
    for (const below of placed.slice(index + 1))
      if (meet(below, label)) label.y = Math.min(label.y, below.y - heightOf(label));
  }
  return placed;
}

/** Whether two names stand in the same columns. */
function meet(one: EndLabel, other: EndLabel): boolean {
  return leftOf(one) < rightOf(other) && leftOf(other) < rightOf(one);
}

function leftOf({ x, anchor, lines }: EndLabel): number {
  return anchor === 'start' ? x : x - widthOf(lines);
}

function rightOf({ x, anchor, lines }: EndLabel): number {
  return anchor === 'start' ? x + widthOf(lines) : x;
}

function linesOf(name: string, { width }: Box): string[] {
  if (width >= roomyWidth) return [name];
  const lines: string[] = [];
  for (const word of name.split(' ')) {
    const longer = [...lines.slice(-1), word].join(' ');
    if (lines.length > 0 && longer.length <= shortLine) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function widthOf(lines: readonly string[]): number {
  return Math.max(...lines.map(({ length }) => length)) * letterWidth;
}

function heightOf({ lines }: Pick<EndLabel, 'lines'>): number {
  return lines.length * lineHeight;
}
