/** What an insight stands on, in the figures that its kind has. */
import type { VNode } from 'preact';
import { readImpact } from '../../../analytics/insight-impact.js';
import { figure, fixed, percent, probability } from '../parts/figures.js';

interface Figure {
  name: string;
  value: string;
}

type Supporting = Readonly<Record<string, unknown>>;
type Write = (value: number) => string;

const score: Write = (value) => fixed(value, 2);
const share: Write = (value) => percent(value);
const count: Write = (value) => figure(value);
const plain: Write = (value) => figure(value, 2);

/** In the order shown; a kind of insight has some of them. */
const figures: readonly { key: string; name: string; write: Write }[] = [
  { key: 'correlation_coefficient', name: 'r', write: score },
  { key: 'score', name: 'Score', write: plain },
  { key: 'growth', name: 'Growth', write: share },
  { key: 'relative', name: 'Difference', write: share },
  { key: 'lift', name: 'Lift', write: share },
  { key: 'value', name: 'Value', write: plain },
  { key: 'expected', name: 'Expected', write: plain },
  { key: 'median', name: 'Median', write: plain },
  { key: 'prior', name: 'All sources', write: plain },
  { key: 'p_value', name: 'p', write: probability },
  { key: 'adjusted_p_value', name: 'Adjusted p', write: probability },
  { key: 'confidence', name: 'Confidence', write: share },
  { key: 'sample_size', name: 'n, contents', write: count },
  { key: 'contents', name: 'n, contents', write: count },
  { key: 'observations', name: 'n, observations', write: count },
  { key: 'peers', name: 'Peers', write: count },
];

const intervals: readonly { keys: readonly string[]; name: string; write: Write }[] = [
  { keys: ['confidence_interval'], name: '95 % interval of r', write: score },
  { keys: ['growth_interval'], name: '95 % interval', write: share },
  { keys: ['low', 'high'], name: 'Interval', write: share },
  { keys: ['lower', 'upper'], name: 'Expected range', write: plain },
  { keys: ['p30', 'p70'], name: 'p30 to p70', write: plain },
];

/** @param releases that the insight touches; null leaves it out */
export function evidenceOf(supporting: Supporting, releases: number | null): Figure[] {
  const told: Figure[] = [];
  for (const { key, name, write } of figures) {
    const value = supporting[key];
    if (typeof value === 'number') told.push({ name, value: write(value) });
  }
  const ranges = intervals.flatMap(({ keys, name, write }) => {
    const [low, high] = keys.length === 1 ? pairOf(supporting[keys[0]!]) : keys.map((key) => supporting[key]);
    return typeof low === 'number' && typeof high === 'number'
      ? [{ name, value: `${write(low)} to ${write(high)}` }]
      : [];
  });
  // Beside the figure that they are of.
  told.splice(1, 0, ...ranges);
  if (releases !== null) told.push({ name: 'Releases', value: count(releases) });
  return told;
}

function pairOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return typeof value === 'object' && value !== null
    ? [Reflect.get(value, 'low'), Reflect.get(value, 'high')]
    : [];
}

export function Evidence({
  supporting,
  releases,
}: {
  supporting: Supporting;
  releases: number | null;
}): VNode {
  return (
    <dl class="figures">
      {evidenceOf(supporting, releases).map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The prediction in numbers that are checked later; null where the insight makes none. */
export function predictionOf(supporting: Supporting): string | null {
  const impact = readImpact(supporting);
  if (impact === null) return null;
  const write = impactWriter(impact.unit);
  return (
    `${impact.metric.replaceAll('_', ' ')}: ${write(impact.expected)} (${write(impact.low)} to ${write(impact.high)}) ` +
    `within ${figure(impact.horizon_days)} days of the decision; ${write(impact.baseline)} if there is nothing to it`
  );
}

/** Figures of a prediction in their unit. */
export function impactWriter(unit: string): Write {
  if (unit === 'relative change') return (value) => (value > 0 ? `+${percent(value)}` : percent(value));
  return unit === 'score points'
    ? (value) => `${fixed(value, 1)} points`
    : (value) => `${figure(value, 1)} ${unit}`;
}
