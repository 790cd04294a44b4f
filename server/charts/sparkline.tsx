import type { VNode } from 'preact';
import { linePath, scalesOf, type ChartPoint } from './geometry.js';

const box = { width: 120, height: 32, left: 2, right: 2, top: 3, bottom: 3 };

/** A line without axes beside a figure that says the same in words; so it is decoration to assistive technology. */
export function Sparkline({ points }: { points: readonly ChartPoint[] }): VNode | null {
  const told = points.flatMap(({ value }) => (value === null ? [] : [value]));
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || told.length < 2) return null;
  const scales = scalesOf(box, [first.at, last.at], told);
  return (
    <svg class="sparkline" viewBox={`0 0 ${String(box.width)} ${String(box.height)}`} aria-hidden="true">
      <path class="line line-solid colour-1" d={linePath(points, scales)} />
    </svg>
  );
}
