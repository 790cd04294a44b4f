/** Where things stand in a chart: scales, ticks and paths, without any markup. */
import { scaleLinear, scaleUtc, type ScaleLinear, type ScaleTime } from 'd3-scale';
import { area, curveLinear, line } from 'd3-shape';
import { hourTicks } from './hours.js';

export interface Box {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** The layouts of one chart: as wide as a page, and for a screen in one's hand, where text keeps its size. */
export const boxes = {
  wide: { width: 960, height: 320, left: 64, right: 24, top: 36, bottom: 32 },
  narrow: { width: 300, height: 250, left: 42, right: 8, top: 36, bottom: 28 },
} as const satisfies Record<string, Box>;

export interface ChartPoint {
  at: Date;
  /** Null is a gap. */
  value: number | null;
}
export interface BandPoint {
  at: Date;
  low: number;
  high: number;
}

export interface Scales {
  x: ScaleTime<number, number>;
  y: ScaleLinear<number, number>;
  xTicks: { x: number; text: string }[];
  yTicks: { y: number; text: string }[];
}

/**
 * @param values everything that has to fit; zero fits always, since lengths are compared
 * @param zone of a chart by the hour; days have none
 */
export function scalesOf(
  box: Box,
  times: readonly [Date, Date],
  values: readonly number[],
  zone?: string,
): Scales {
  const [first, last] = times;
  const end = last > first ? last : new Date(first.getTime() + 86_400_000);
  const x = scaleUtc([first, end], [box.left, box.width - box.right]);
  let low = 0;
  let high = 0;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  // Below that a scale has no ticks any more.
  if (high - low < 1e-9) high = low + 1;
  const y = scaleLinear([low, high], [box.height - box.bottom, box.top]).nice(5);
  const count = box.width > 500 ? 8 : 4;
  const moments = x.ticks(count);
  const ticks =
    zone === undefined
      ? moments.map((at, index) => ({ at, text: momentName(moments, index) }))
      : hourTicks(first, end, zone, count);
  return {
    x,
    y,
    xTicks: ticks.map(({ at, text }) => ({ x: rounded(x(at)), text })),
    yTicks: y
      .ticks(box.height > 280 ? 5 : 4)
      .map((value) => ({ y: rounded(y(value)), text: shortNumber(value) })),
  };
}

const msPerDay = 86_400_000;
const [hour, dayOfMonth, month, monthOfYear, year] = (
  [
    { hour: '2-digit', minute: '2-digit' },
    { day: 'numeric', month: 'short' },
    { month: 'short' },
    { month: 'short', year: 'numeric' },
    { year: 'numeric' },
  ] as const
).map((options) => new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' }));

/** As much of a moment as tells it from its neighbours: `14:00`, `3 Nov`, `Nov`, `Jan 2027` or `2027`. */
function momentName(ticks: readonly Date[], index: number): string {
  const at = ticks[index]!;
  const step = ticks.length < 2 ? msPerDay : ticks[1]!.getTime() - ticks[0]!.getTime();
  if (step < msPerDay) return (at.getTime() % msPerDay === 0 ? dayOfMonth : hour)!.format(at);
  if (step < 27 * msPerDay) return dayOfMonth!.format(at);
  if (step > 360 * msPerDay) return year!.format(at);
  return (index === 0 || at.getUTCMonth() === 0 ? monthOfYear : month)!.format(at);
}

/** The path through the points; a gap breaks it. Empty where nothing is to be drawn. */
export function linePath(points: readonly ChartPoint[], { x, y }: Scales): string {
  return (
    line<ChartPoint>()
      .defined(({ value }) => value !== null)
      .curve(curveLinear)
      .digits(1)
      .x(({ at }) => x(at))
      .y(({ value }) => y(value ?? 0))([...points]) ?? ''
  );
}

export function bandPath(points: readonly BandPoint[], { x, y }: Scales): string {
  return (
    area<BandPoint>()
      .digits(1)
      .x(({ at }) => x(at))
      .y0(({ low }) => y(low))
      .y1(({ high }) => y(high))([...points]) ?? ''
  );
}

export function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

const steps = [
  [1e9, 'bn'],
  [1e6, 'm'],
  [1e3, 'k'],
] as const;

/** `1.2k`, `35m`: short enough for an axis, with three figures at most. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  for (const [unit, name] of steps) if (size >= unit) return `${trimmed(value / unit)}${name}`;
  return trimmed(value);
}

function trimmed(value: number): string {
  return String(Number(value.toPrecision(3)));
}
