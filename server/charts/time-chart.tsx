/** A chart over time, drawn twice: for a page and for a screen in one's hand. */
import type { VNode } from 'preact';
import { thinned } from '../../services/thin-points.js';
import {
  bandPath,
  boxes,
  linePath,
  rounded,
  scalesOf,
  type BandPoint,
  type Box,
  type ChartPoint,
  type Scales,
} from './geometry.js';

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

export interface ChartMark {
  at: Date;
  /** Null stands at the top. */
  value: number | null;
  shape: 'diamond' | 'flag' | 'correction';
  /** What it is, in full. */
  text: string;
}

export interface ChartRule {
  at: Date;
  text: string;
  kind: 'change' | 'definition';
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
  const { id, name, period, range, zone, lines, bands = [], marks = [], rules = [], box, layout } = props;
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
      {rules.map((rule, index) => (
        <Rule
          key={`${rule.kind} ${String(rule.at.getTime())} ${rule.text}`}
          rule={rule}
          hasRoom={rules.slice(0, index).every(({ at }) => Math.abs(x(at) - x(rule.at)) > ruleLabelWidth)}
          scales={scales}
          box={box}
        />
      ))}
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
      <g class="cursor" aria-hidden="true" />
    </svg>
  );
}

/** In units of the drawing: labels nearer than this would lie over one another, and the first one is kept. */
const ruleLabelWidth = 64;

function Rule({
  rule,
  hasRoom,
  scales,
  box,
}: {
  rule: ChartRule;
  hasRoom: boolean;
  scales: Scales;
  box: Box;
}): VNode {
  const at = rounded(scales.x(rule.at));
  return (
    <g role="img" aria-label={rule.text} class={`rule rule-${rule.kind}`}>
      <line x1={at} x2={at} y1={box.top} y2={box.height - box.bottom} />
      {hasRoom ? (
        <text x={at} y={box.top - 6} text-anchor={at > box.width - 60 ? 'end' : 'middle'} aria-hidden="true">
          {rule.kind === 'change' ? 'change' : 'definition'}
        </text>
      ) : null}
    </g>
  );
}

const diamond = 'M0,-7L6,0L0,7L-6,0Z';
const flag = 'M0,0V-16H10L7,-12L10,-8H0';
const cross = 'M-5,-5L5,5M-5,5L5,-5';
const shapes = { diamond, flag, correction: cross } as const;

function Mark({ mark, scales, box }: { mark: ChartMark; scales: Scales; box: Box }): VNode {
  const at = rounded(scales.x(mark.at));
  const height =
    mark.shape === 'flag' ? box.height - box.bottom : rounded(scales.y(mark.value ?? scales.y.domain()[1]!));
  return (
    <g
      role="img"
      aria-label={mark.text}
      class={`mark mark-${mark.shape}`}
      transform={`translate(${String(at)},${String(height)})`}
    >
      <title>{mark.text}</title>
      <path d={shapes[mark.shape]} />
      {mark.shape === 'correction' ? (
        <text y="-10" text-anchor={at > box.width / 2 ? 'end' : 'start'} aria-hidden="true">
          platform correction
        </text>
      ) : null}
    </g>
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
