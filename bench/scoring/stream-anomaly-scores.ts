/**
 * Anomaly scores of streams against windows in which something happened: the Numenta benchmark's profiles
 * (Lavin & Ahmad 2015), with the threshold that suits all series best or a fixed one, and an F1 by windows.
 */

export interface WindowedSeries {
  n: number;
  /** First and last index of each window, ascending. */
  windows: readonly (readonly [from: number, to: number])[];
  /** Points at the start that are not scored. */
  probation: number;
}

export interface StreamAnomalyScores {
  /** Points of 100, where 0 is the detector that never alerts. */
  standard: number;
  lowFalsePositives: number;
  /** Threshold that `standard` was taken at. */
  threshold: number;
  windowF1: number;
  precision: number;
  recall: number;
  falseAlarms: number;
}

interface Point {
  score: number;
  /** −1 outside of every window, otherwise the window's number over all series. */
  window: number;
  /** Worth of an alert here: up to 1 early in a window, down to −1 far behind one. */
  worth: number;
}

const falsePositiveWeight = { standard: 0.11, lowFalsePositives: 0.22 } as const;

/** @param scores one array of 0..1 a series, NaN counting as 0. @param threshold the best one unless told. */
export function scoreStreamAnomalies(
  truths: readonly WindowedSeries[],
  scores: readonly Float64Array[],
  threshold?: number,
): StreamAnomalyScores {
  const points: Point[] = [];
  let windows = 0;
  truths.forEach((truth, i) => {
    for (const point of pointsOf(truth, scores[i]!, windows)) points.push(point);
    windows += truth.windows.length;
  });
  const ordered = points.toSorted((a, b) => b.score - a.score);
  const standard = sweep(ordered, windows, falsePositiveWeight.standard, threshold);
  const low = sweep(ordered, windows, falsePositiveWeight.lowFalsePositives, threshold);
  const candidates =
    threshold === undefined ? [...candidateThresholds(ordered), standard.threshold] : [threshold];
  const counted = candidates
    .filter((candidate) => candidate > 0)
    .map((candidate) => windowCounts(truths, scores, candidate));
  const best = counted.reduce<WindowCounts | null>((a, b) => (a !== null && a.f1 >= b.f1 ? a : b), null);
  return {
    standard: standard.score,
    lowFalsePositives: low.score,
    threshold: standard.threshold,
    windowF1: best?.f1 ?? 0,
    precision: best?.precision ?? 0,
    recall: best?.recall ?? 0,
    falseAlarms: best?.falseAlarms ?? 0,
  };
}

/** Falls from 1 through 0 at the window's end to −1 three widths behind it. */
function sigmoid(distance: number): number {
  return distance > 3 ? -1 : 2 / (1 + Math.exp(5 * distance)) - 1;
}

const mostWorth = sigmoid(-1);

function pointsOf(
  { n, windows, probation }: WindowedSeries,
  scores: Float64Array,
  firstWindow: number,
): Point[] {
  const worth = new Float64Array(n).fill(-1);
  const window = new Int32Array(n).fill(-1);
  windows.forEach(([from, to], k) => {
    const width = to - from + 1;
    for (let i = from; i <= to; i++) {
      window[i] = firstWindow + k;
      worth[i] = sigmoid(-(to - i + 1) / width) / mostWorth;
    }
    const next = windows[k + 1]?.[0] ?? n;
    for (let i = to + 1; i < next; i++) worth[i] = sigmoid((i - to) / Math.max(width - 1, 1));
  });
  const points: Point[] = [];
  for (let i = probation; i < n; i++) {
    const score = scores[i]!;
    points.push({ score: Number.isNaN(score) ? 0 : score, window: window[i]!, worth: worth[i]! });
  }
  return points;
}

/** Lowers the threshold over all points; a window is worth its best alert, a miss −1, a false one its weight. */
function sweep(
  ordered: readonly Point[],
  windows: number,
  weight: number,
  fixed: number | undefined,
): { score: number; threshold: number } {
  const best = new Float64Array(windows).fill(-1);
  let total = -windows;
  // Above every score nothing is an alert.
  let chosen = { total, threshold: 1.1 };
  for (let i = 0; i < ordered.length; i++) {
    const { score, window, worth } = ordered[i]!;
    if (window < 0) total += worth * weight;
    else if (worth > best[window]!) {
      total += worth - best[window]!;
      best[window] = worth;
    }
    if (ordered[i + 1]?.score === score) continue;
    if (fixed === undefined ? total > chosen.total : score >= fixed) chosen = { total, threshold: score };
  }
  return { score: (100 * (chosen.total + windows)) / (2 * windows), threshold: chosen.threshold };
}

const quantiles = [0.9, 0.95, 0.97, 0.98, 0.99, 0.993, 0.995, 0.997, 0.998, 0.999, 0.9995, 0.9998, 0.9999];

function candidateThresholds(descending: readonly Point[]): number[] {
  const last = descending.length - 1;
  return quantiles.map((q) => {
    const position = q * last;
    const below = Math.floor(position);
    const low = descending[last - below]!.score;
    const high = descending[Math.max(0, last - below - 1)]!.score;
    return low + (position - below) * (high - low);
  });
}

interface WindowCounts {
  f1: number;
  precision: number;
  recall: number;
  falseAlarms: number;
}

/**
 * A window with an alert is found; alerts outside are counted once a block of 1 % of the series (ten points at
 * least), so that neither long runs nor flagging everything is cheap.
 */
function windowCounts(
  truths: readonly WindowedSeries[],
  scores: readonly Float64Array[],
  threshold: number,
): WindowCounts {
  let hits = 0;
  let asked = 0;
  let falseAlarms = 0;
  truths.forEach(({ n, windows, probation }, k) => {
    const block = Math.max(10, roundHalfEven(n / 100));
    const falseBlocks = new Set<number>();
    const found = windows.map(() => false);
    for (let i = probation; i < n; i++) {
      if (!(scores[k]![i]! >= threshold)) continue;
      const window = windows.findIndex(([from, to]) => i >= from && i <= to);
      if (window >= 0) found[window] = true;
      else falseBlocks.add(Math.floor(i / block));
    }
    asked += windows.filter(([, to]) => to >= probation).length;
    hits += found.filter(Boolean).length;
    falseAlarms += falseBlocks.size;
  });
  const precision = hits + falseAlarms > 0 ? hits / (hits + falseAlarms) : 0;
  const recall = asked > 0 ? hits / asked : 0;
  const f1 = precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
  return { f1, precision, recall, falseAlarms };
}

/** Python’s rounding, which the published figures were counted with. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  return value - floor === 0.5 ? floor + (floor % 2) : Math.round(value);
}
