/** A chart over time, drawn twice: for a page and for a screen in one's hand. */
import type { VNode } from 'preact';
import { thinned } from '../../services/thin-points.js';
import { endLabels, endOf, lineHeight, withRoomFor, type EndLabel } from './end-labels.js';
import {
  bandPath,
  boxes,
  linePath,
  rounded,
  scalesOf,
  type BandPoint,
  type Box,
  type ChartPoint,
} from './geometry.js';
import { Mark, Rules, type ChartMark, type ChartRule } from './marks.js';

/** Lines are told apart by colour, dash and a word at their end. */
export interface ChartLine {
  name: string;
  /** 1 to 5: which of the palette’s colours. */
  colour: 1 | 2 | 3 | 4 | 5;
  style: 'solid' | 'dashed' | 'dotted';
  points: readonly (ChartPoint & { complete?: boolean })[];
}

export interface ChartBand {
  name: string;
  strength: 'strong' | 'weak';
  points: readonly BandPoint[];
}

export interface TimeChartProps {
  id: string;
  /** What is drawn, such as “Views a day”. */
  name: string;
  /** The period in words. */
  period: string;
  range: readonly [Date, Date];
  /** Of a chart by the hour: the zone whose clocks its axis and its reading tell. Days have none. */
  zone?: string | undefined;
  lines: readonly ChartLine[];
  bands?: readonly ChartBand[];
  marks?: readonly ChartMark[];
  rules?: readonly ChartRule[];
}

/** More points than a chart has columns. */
const mostPoints = 1_000;

export function TimeChart(props: TimeChartProps): VNode {
  const { id, name, period } = props;
  const lines = props.lines.map((line) => ({ ...line, points: thinned(line.points, mostPoints) }));
  return (
    <figure class="chart" data-chart={hoverData(lines, props.zone)}>
      <figcaption>
        <span class="chart-name">{name}</span> <span class="quiet">{period}</span>
        {lines.length < 2 ? null : (
          <span class="legend">
            {lines.map((line) => (
              <span key={line.name} class="legend-entry">
                <svg class="legend-key" width="26" height="10" viewBox="0 0 26 10" aria-hidden="true">
                  <path class={lineClass(line)} d="M1,5H25" />
                </svg>
                {line.name}
              </span>
            ))}
          </span>
        )}
      </figcaption>
      <Drawing {...props} lines={lines} id={`${id}-wide`} box={boxes.wide} layout="chart-wide" />
      <Drawing {...props} lines={lines} id={`${id}-narrow`} box={boxes.narrow} layout="chart-narrow" />
      <p class="chart-reading" aria-live="polite" />
    </figure>
  );
}

function Drawing(props: TimeChartProps & { box: Box; layout: string }): VNode {
  const { id, name, period, range, zone, lines, bands = [], marks = [], rules = [], layout } = props;
  // A single line is named by the chart itself.
  const ends = lines.length < 2 ? [] : lines.flatMap((line) => endOf(line) ?? []);
  const box = withRoomFor(props.box, range, ends);
  const values = [
    ...lines.flatMap(({ points }) => points.flatMap(({ value }) => (value === null ? [] : [value]))),
    ...bands.flatMap(({ points }) => points.flatMap(({ low, high }) => [low, high])),
    ...marks.flatMap(({ value }) => (value === null ? [] : [value])),
  ];
  const scales = scalesOf(box, range, values, zone);
  const { x, y, xTicks, yTicks } = scales;
  const [first, last] = [x.domain()[0]!, x.domain()[1]!];
  return (
    <svg
      class={`plot ${layout}`}
      viewBox={`0 0 ${String(box.width)} ${String(box.height)}`}
      role="group"
      aria-labelledby={`${id}-title`}
      data-from={String(first.getTime())}
      data-to={String(last.getTime())}
      data-left={String(box.left)}
      data-right={String(box.width - box.right)}
      data-top={String(box.top)}
      data-bottom={String(box.height - box.bottom)}
    >
      <title id={`${id}-title`}>{`${name}, ${period}`}</title>
      <g class="axis" aria-hidden="true">
        {yTicks.map((tick) => (
          <g key={tick.y}>
            <line x1={box.left} x2={box.width - box.right} y1={tick.y} y2={tick.y} />
            <text x={box.left - 6} y={tick.y + 4} text-anchor="end">
              {tick.text}
            </text>
          </g>
        ))}
        {xTicks.map((tick) => (
          <text key={tick.x} x={tick.x} y={box.height - box.bottom + 20} text-anchor="middle">
            {tick.text}
          </text>
        ))}
      </g>
      {bands.map((band) => (
        <path
          key={band.name}
          class={`band band-${band.strength}`}
          d={bandPath(band.points, scales)}
          aria-hidden="true"
        />
      ))}
      <Rules rules={rules} scales={scales} box={box} />
      {lines.map((line) => (
        <g key={line.name} aria-hidden="true">
          <path class={lineClass(line)} d={linePath(line.points, scales)} />
          {line.points.map((point, index) =>
            point.value !== null && (point.complete === false || isAlone(line.points, index)) ? (
              <circle
                key={point.at.getTime()}
                class={
                  point.complete === false
                    ? `hollow colour-${String(line.colour)}`
                    : `dot colour-${String(line.colour)}`
                }
                cx={rounded(x(point.at))}
                cy={rounded(y(point.value))}
                r="3"
              />
            ) : null,
          )}
        </g>
      ))}
      {marks.map((mark) => (
        <Mark
          key={`${mark.shape} ${String(mark.at.getTime())} ${mark.text}`}
          mark={mark}
          scales={scales}
          box={box}
        />
      ))}
      {endLabels(box, scales, ends).map((label) => (
        <Name key={label.name} label={label} />
      ))}
      <g class="cursor" aria-hidden="true" />
    </svg>
  );
}

/** The legend says the same to assistive technology. */
function Name({ label }: { label: EndLabel }): VNode {
  const { colour, lines, x, y, anchor } = label;
  return (
    <text
      class={`line-name colour-${String(colour)}`}
      x={rounded(x)}
      y={rounded(y)}
      text-anchor={anchor}
      aria-hidden="true"
    >
      {lines.length < 2
        ? lines[0]
        : lines.map((line, index) => (
            <tspan key={index} x={rounded(x)} dy={index === 0 ? 0 : lineHeight}>
              {line}
            </tspan>
          ))}
    </text>
  );
}

function lineClass({ colour, style }: Pick<ChartLine, 'colour' | 'style'>): string {
  return `line line-${style} colour-${String(colour)}`;
}

/** A point between two gaps has no line to show it. */
function isAlone(points: readonly ChartPoint[], index: number): boolean {
  return (points[index - 1]?.value ?? null) === null && (points[index + 1]?.value ?? null) === null;
}

/** What the page's script reads for hover and keyboard: times, their zone, names and values. */
function hoverData(lines: readonly ChartLine[], zone: string | undefined): string {
  const times = [...new Set(lines.flatMap(({ points }) => points.map(({ at }) => at.getTime())))].sort(
    (a, b) => a - b,
  );
  const places = new Map(times.map((time, index) => [time, index]));
  const series = lines.map(({ name, points }) => {
    const values = new Array<number | null>(times.length).fill(null);
    for (const { at, value } of points)
      values[places.get(at.getTime())!] = value === null ? null : Number(value.toPrecision(8));
    return { name, values };
  });
  return JSON.stringify({ times, zone: zone ?? null, series });
}
