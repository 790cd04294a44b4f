import { scaleLinear } from 'd3-scale';
import type { VNode } from 'preact';
import { rounded } from './geometry.js';

export interface Bar {
  name: string;
  value: number;
  /** As it is written beside the bar. */
  text: string;
}

const row = 30;
const left = 96;
const barWidth = 190;
/** Widest digit of the figures beside the bars. */
const letter = 7;

/** Bars beside their names and figures, the longest first. */
export function Bars({
  id,
  name,
  period,
  bars,
}: {
  id: string;
  name: string;
  period: string;
  bars: readonly Bar[];
}): VNode {
  const scale = scaleLinear([0, Math.max(1e-9, ...bars.map(({ value }) => value))], [0, barWidth]);
  const height = bars.length * row + 6;
  const right = Math.max(...bars.map(({ text }) => text.length), 0) * letter + 12;
  return (
    <figure class="chart bars">
      <figcaption>
        <span class="chart-name">{name}</span> <span class="quiet">{period}</span>
      </figcaption>
      <svg
        class="plot"
        viewBox={`0 0 ${String(left + barWidth + right)} ${String(height)}`}
        role="group"
        aria-labelledby={`${id}-title`}
      >
        <title id={`${id}-title`}>{`${name}, ${period}`}</title>
        {[...bars]
          .sort((a, b) => b.value - a.value)
          .map((bar, index) => (
            <g
              key={`${bar.name} ${bar.text}`}
              role="img"
              aria-label={`${bar.name}: ${bar.text}`}
              transform={`translate(0,${String(index * row + 4)})`}
            >
              <text x={left - 8} y="16" text-anchor="end" aria-hidden="true">
                {bar.name}
              </text>
              <rect
                class="bar"
                x={left}
                y="2"
                width={rounded(Math.max(1, scale(Math.max(0, bar.value))))}
                height="20"
                rx="2"
              />
              <text
                x={rounded(left + Math.max(1, scale(Math.max(0, bar.value))) + 6)}
                y="16"
                aria-hidden="true"
              >
                {bar.text}
              </text>
            </g>
          ))}
      </svg>
    </figure>
  );
}
