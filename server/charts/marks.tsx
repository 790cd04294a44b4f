/** What stands in a chart over time beside its lines: events at their points, changes across its height. */
import type { VNode } from 'preact';
import { rounded, type Box, type Scales } from './geometry.js';

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

interface Place {
  scales: Scales;
  box: Box;
}

/** In units of the drawing: labels nearer than this would lie over one another, and the first one is kept. */
const ruleLabelWidth = 64;

export function Rules({ rules, ...place }: Place & { rules: readonly ChartRule[] }): VNode {
  const { x } = place.scales;
  return (
    <>
      {rules.map((rule, index) => (
        <Rule
          key={`${rule.kind} ${String(rule.at.getTime())} ${rule.text}`}
          rule={rule}
          hasRoom={rules.slice(0, index).every(({ at }) => Math.abs(x(at) - x(rule.at)) > ruleLabelWidth)}
          {...place}
        />
      ))}
    </>
  );
}

function Rule({ rule, hasRoom, scales, box }: Place & { rule: ChartRule; hasRoom: boolean }): VNode {
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

export function Mark({ mark, scales, box }: Place & { mark: ChartMark }): VNode {
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
