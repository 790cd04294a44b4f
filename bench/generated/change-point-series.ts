/**
 * Series whose change points are known, from a seed: the shapes that change points are looked for in, and the
 * ones that pass for changes without being any.
 */
import { integer, keyOf, normal, uniform } from '../../sandbox/random.js';

export interface ChangePointSeries {
  /** Kind, number and length: `level-17-n120`. */
  id: string;
  values: Float64Array;
  /** First index of each segment but the first. */
  truth: number[];
}

type Noise = (index: number) => number;

interface Shape {
  key: number;
  n: number;
  /** Fewest points between two changes, and at either end. */
  spacing: number;
}

type Kind = (shape: Shape) => Pick<ChangePointSeries, 'values' | 'truth'>;

const white =
  (key: number): Noise =>
  (index) =>
    normal(keyOf(key, 'white'), index);

/** Student's t with three degrees of freedom, scaled to a variance of 1. */
const heavyTailed =
  (key: number): Noise =>
  (index) => {
    const own = keyOf(key, 'tail', index);
    const chiSquared = normal(own, 1) ** 2 + normal(own, 2) ** 2 + normal(own, 3) ** 2;
    return normal(own, 0) / Math.sqrt(chiSquared);
  };

/** AR(1) of unit variance; called with ascending indices only. */
function autoregressive(key: number, coefficient: number): Noise {
  let state = normal(keyOf(key, 'start'));
  const scale = Math.sqrt(1 - coefficient * coefficient);
  return (index) => (state = coefficient * state + scale * normal(keyOf(key, 'innovation'), index));
}

const coefficientOf = (key: number): number => 0.3 + 0.5 * uniform(keyOf(key, 'coefficient'));

/** Up to `most` places at least `spacing` apart and from the ends; at least one where one fits. */
function places({ key, n, spacing }: Shape, most: number): number[] {
  const wanted = integer(1, Math.max(1, Math.min(most, Math.floor(n / spacing) - 1)), keyOf(key, 'count'));
  const slack = n - (wanted + 1) * spacing;
  const offsets = Array.from({ length: wanted }, (_, i) => uniform(keyOf(key, 'place'), i));
  return offsets.sort((a, b) => a - b).map((offset, i) => (i + 1) * spacing + Math.floor(offset * slack));
}

/** A step of either sign of `low` to `high` noise deviations. */
const stepOf = (key: number, index: number, low: number, high: number): number => {
  const own = keyOf(key, 'step', index);
  return (uniform(own, 0) < 0.5 ? -1 : 1) * (low + (high - low) * uniform(own, 1));
};

function steps(shape: Shape, low = 2.5, high = 6): { level: Float64Array; truth: number[] } {
  const truth = places(shape, 4);
  const level = new Float64Array(shape.n);
  let current = 0;
  let next = 0;
  for (let i = 0; i < shape.n; i++) {
    if (i === truth[next]) current += stepOf(shape.key, next++, low, high);
    level[i] = current;
  }
  return { level, truth };
}

function wave({ key }: Shape, index: number): number {
  const period = [7, 12, 4][key % 3]!;
  const size = 1.5 + 2 * uniform(keyOf(key, 'season'));
  const phase = index % period;
  return size * (Math.sin((2 * Math.PI * phase) / period) + 0.5 * normal(keyOf(key, 'phase'), phase));
}

const stepped =
  (noiseOf: (key: number) => Noise, low?: number, high?: number): Kind =>
  (shape) => {
    const { level, truth } = steps(shape, low, high);
    const noise = noiseOf(shape.key);
    return { values: level.map((value, i) => value + noise(i)), truth };
  };

const unchanged =
  (valueOf: (shape: Shape) => Noise): Kind =>
  (shape) => {
    const next = valueOf(shape);
    return { values: Float64Array.from({ length: shape.n }, (_, i) => next(i)), truth: [] };
  };

/** A broken line: every bend carries it at least eight deviations off its course by the next one. */
const bent =
  (noiseOf: (key: number) => Noise): Kind =>
  (shape) => {
    const truth = places(shape, 2);
    const edges = [...truth, shape.n];
    const noise = noiseOf(shape.key);
    let slope = ((uniform(keyOf(shape.key, 'slope')) - 0.5) * 20) / shape.n;
    let level = 0;
    let next = 0;
    const values = new Float64Array(shape.n);
    for (let i = 0; i < shape.n; i++) {
      if (i === truth[next]) {
        const reach = Math.min(edges[next + 1]! - i, i - (truth[next - 1] ?? 0));
        slope += stepOf(shape.key, next++, 8, 16) / reach;
      }
      level += slope;
      values[i] = level + noise(i);
    }
    return { values, truth };
  };

const jumpOnTrend: Kind = (shape) => {
  const { level, truth } = steps(shape, 4, 8);
  const slope = stepOf(shape.key, 99, 5, 15) / shape.n;
  const noise = white(shape.key);
  return { values: level.map((value, i) => value + slope * i + noise(i)), truth };
};

const seasonalSteps: Kind = (shape) => {
  const { level, truth } = steps(shape);
  const noise = white(shape.key);
  return { values: level.map((value, i) => value + wave(shape, i) + noise(i)), truth };
};

/** The deviation changes by a factor of three to six. */
const varianceSteps: Kind = (shape) => {
  const truth = places({ ...shape, spacing: Math.max(shape.spacing, 25) }, 2);
  const noise = white(shape.key);
  const factor = 3 + 3 * uniform(keyOf(shape.key, 'factor'));
  const values = Float64Array.from({ length: shape.n }, (_, i) => {
    const changes = truth.filter((at) => at <= i).length;
    return (changes % 2 === 1 ? factor : 1) * noise(i);
  });
  return { values, truth };
};

/** Whole counts about 20 whose level is multiplied or divided by 1.6 to 3, Poisson-like. */
const countSteps: Kind = (shape) => {
  const truth = places(shape, 3);
  let level = 20 + 60 * uniform(keyOf(shape.key, 'level'));
  let next = 0;
  const values = Float64Array.from({ length: shape.n }, (_, i) => {
    if (i === truth[next]) {
      const factor = 1.6 + 1.4 * uniform(keyOf(shape.key, 'factor', next));
      level *= level > 40 ? 1 / factor : factor;
      next++;
    }
    return Math.max(0, Math.round(level + Math.sqrt(level) * normal(keyOf(shape.key, 'count'), i)));
  });
  return { values, truth };
};

/** One point in thirty or so stands ten to twenty deviations off. */
const withOutliers =
  (inner: Kind): Kind =>
  (shape) => {
    const { values, truth } = inner(shape);
    for (let k = 0; k < Math.max(1, Math.round(shape.n / 30)); k++) {
      const at = integer(0, shape.n - 1, keyOf(shape.key, 'outlier', k));
      values[at] = values[at]! + stepOf(shape.key, 1_000 + k, 10, 20);
    }
    return { values, truth };
  };

function randomWalk({ key }: Shape): Noise {
  let level = 0;
  return (index) => (level += normal(keyOf(key, 'walk'), index));
}

function trendOnly(shape: Shape): Noise {
  const slope = stepOf(shape.key, 0, 2, 30) / shape.n;
  const noise = white(shape.key);
  return (index) => slope * index + noise(index);
}

const kinds: readonly (readonly [name: string, kind: Kind])[] = [
  ['level', stepped(white)],
  ['level-small', stepped(white, 1.5, 2.5)],
  ['level-ar', stepped((key) => autoregressive(key, coefficientOf(key)), 4, 8)],
  ['bend', bent(white)],
  ['bend-ar', bent((key) => autoregressive(key, coefficientOf(key)))],
  ['jump-on-trend', jumpOnTrend],
  ['seasonal', seasonalSteps],
  ['variance', varianceSteps],
  ['count', countSteps],
  ['heavy', stepped(heavyTailed)],
  ['outliers', withOutliers(stepped(white))],
  ['null-white', unchanged(({ key }) => white(key))],
  ['null-ar', unchanged(({ key }) => autoregressive(key, coefficientOf(key)))],
  ['null-walk', unchanged(randomWalk)],
  ['null-heavy', unchanged(({ key }) => heavyTailed(key))],
  ['null-outliers', withOutliers(unchanged(({ key }) => white(key)))],
  ['null-trend', unchanged(trendOnly)],
  ['null-seasonal', unchanged((shape) => (i) => wave(shape, i) + white(shape.key)(i))],
];

/** Short ones as often as long ones: annual, weekly, monthly, daily. */
const lengths = [20, 40, 60, 120, 200, 300, 500, 1_000, 2_000] as const;

/** `count` series in turns of kind and length; the same seed gives the same series, whatever the count. */
export function generateChangePointSeries(seed: number, count: number): ChangePointSeries[] {
  return Array.from({ length: count }, (_, index) => {
    const [name, kind] = kinds[index % kinds.length]!;
    const key = keyOf(seed, name, index);
    const n = lengths[integer(0, lengths.length - 1, keyOf(key, 'length'))]!;
    const spacing = Math.max(7, Math.min(30, Math.floor(n / 6)));
    const offset = 1_000 * uniform(keyOf(key, 'offset'));
    const scale = 10 ** (4 * uniform(keyOf(key, 'scale')) - 1);
    const { values, truth } = kind({ key, n, spacing });
    const isCount = name === 'count';
    return {
      id: `${name}-${index}-n${n}`,
      values: isCount ? values : values.map((value) => scale * (offset + value)),
      truth,
    };
  });
}
