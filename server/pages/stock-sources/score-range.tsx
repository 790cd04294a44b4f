import type { VNode } from 'preact';

const width = 120;
const height = 14;
const margin = 5;

/** A score with its interval on the scale from 0 to 10; the figures beside it say the same. */
export function ScoreRange({ score, lower, upper }: { score: number; lower: number; upper: number }): VNode {
  const x = (value: number): string => (margin + (value / 10) * (width - 2 * margin)).toFixed(1);
  const middle = height / 2;
  return (
    <svg
      class="score-range"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden="true"
    >
      <line class="scale" x1={x(0)} x2={x(10)} y1={middle} y2={middle} />
      <line class="range" x1={x(lower)} x2={x(upper)} y1={middle} y2={middle} />
      <circle class="point" cx={x(score)} cy={middle} r="4" />
    </svg>
  );
}
