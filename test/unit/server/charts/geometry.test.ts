import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandPath, boxes, linePath, scalesOf, shortNumber } from '../../../../server/charts/geometry.js';
import { thinned } from '../../../../services/thin-points.js';

const day = (number: number): Date => new Date(Date.UTC(2026, 0, number));
const scales = scalesOf(boxes.wide, [day(1), day(5)], [0, 100]);

describe('a line', () => {
  it('runs from edge to edge, zero at the bottom', () => {
    const path = linePath(
      [
        { at: day(1), value: 0 },
        { at: day(5), value: 100 },
      ],
      scales,
    );
    const { left, width, right, height, bottom, top } = boxes.wide;
    expect(path).toBe(`M${String(left)},${String(height - bottom)}L${String(width - right)},${String(top)}`);
  });

  it('breaks at a gap instead of bridging it', () => {
    const values = [1, 2, null, 3, 4].map((value, index) => ({ at: day(index + 1), value }));
    expect(linePath(values, scales).match(/M/g)).toHaveLength(2);
    const whole = values.filter(({ value }) => value !== null);
    expect(linePath(whole, scales).match(/M/g)).toHaveLength(1);
  });

  it('is nothing where nothing was told', () => {
    expect(linePath([{ at: day(1), value: null }], scales)).toBe('');
    expect(bandPath([], scales)).toBe('');
  });
});

describe('scales', () => {
  it('hold every value and zero inside the box, also of one day and of one value', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e12, max: 1e12, noNaN: true }), { maxLength: 20 }),
        fc.integer({ min: 0, max: 400 }),
        fc.constantFrom(boxes.wide, boxes.narrow),
        (values, days, box) => {
          const { x, y, yTicks, xTicks } = scalesOf(box, [day(1), day(1 + days)], values);
          for (const value of [0, ...values]) {
            expect(y(value)).toBeGreaterThanOrEqual(box.top - 0.01);
            expect(y(value)).toBeLessThanOrEqual(box.height - box.bottom + 0.01);
          }
          expect(x(day(1))).toBe(box.left);
          expect(yTicks.length).toBeGreaterThan(0);
          for (const tick of xTicks) expect(Number.isFinite(tick.x)).toBe(true);
        },
      ),
    );
  });

  it('leave text readable on a small screen: fewer ticks, not smaller ones', () => {
    const year = [day(1), day(366)] as const;
    const wide = scalesOf(boxes.wide, year, [1]);
    const narrow = scalesOf(boxes.narrow, year, [1]);
    expect(narrow.xTicks.length).toBeLessThan(wide.xTicks.length);
    expect(boxes.narrow.width).toBeLessThanOrEqual(360);
  });
});

describe('thinning', () => {
  it('keeps the extremes of what it leaves out, the order and the bound', () => {
    const values = fc.array(fc.option(fc.integer(), { nil: null, freq: 10 }), {
      minLength: 1,
      maxLength: 5_000,
    });
    fc.assert(
      fc.property(values, fc.integer({ min: 2, max: 1_000 }), (told, most) => {
        const points = told.map((value, t) => ({ t, value }));
        const kept = thinned(points, most);
        expect(kept.length).toBeLessThanOrEqual(most);
        const times = kept.map(({ t }) => t);
        expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
        const known = told.filter((value) => value !== null);
        const shown = kept.flatMap(({ value }) => (value === null ? [] : [value]));
        if (known.length === 0) return;
        expect(Math.max(...shown)).toBe(Math.max(...known));
        expect(Math.min(...shown)).toBe(Math.min(...known));
      }),
    );
  });
});

describe('a short number', () => {
  it('has three figures at most and its unit', () => {
    expect([0, 5, 999, 1_000, 1_234, 35_400_000, 2e9, -1_500].map(shortNumber)).toEqual([
      ...['0', '5', '999', '1k', '1.23k', '35.4m', '2bn', '-1.5k'],
    ]);
  });
});
