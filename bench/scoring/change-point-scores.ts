/**
 * Change points against one or more people's annotations: F1 with a margin and covering, as van den Burg &
 * Williams (2020) define them. Index 0 counts as a change in every list.
 */

export interface AnnotatedSeries {
  n: number;
  /** Each annotator's change points: the first index of each new segment. */
  annotations: readonly (readonly number[])[];
}

export interface ChangePointScores {
  series: number;
  f1: number;
  covering: number;
}

const margin = 5;

/** Averages over the series; `found` is one list a series. */
export function scoreChangePoints(
  truths: readonly AnnotatedSeries[],
  found: readonly (readonly number[])[],
): ChangePointScores {
  let f1 = 0;
  let covering = 0;
  truths.forEach((truth, i) => {
    f1 += f1Of(truth, found[i]!);
    covering += coveringOf(truth, found[i]!);
  });
  return { series: truths.length, f1: f1 / truths.length, covering: covering / truths.length };
}

/** Precision against what anyone marked, recall averaged over the annotators. */
export function f1Of({ annotations }: AnnotatedSeries, found: readonly number[]): number {
  const marked = annotations.map((points) => new Set([0, ...points]));
  const anyone = new Set(marked.flatMap((points) => [...points]));
  const ours = new Set([0, ...found]);
  const precision = matched(anyone, ours) / ours.size;
  const recall = marked.reduce((sum, points) => sum + matched(points, ours) / points.size, 0) / marked.length;
  return precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
}

/** How many of the truth have one of ours within the margin; each of ours serves once, the nearest first. */
function matched(truth: ReadonlySet<number>, ours: ReadonlySet<number>): number {
  const free = new Set(ours);
  let count = 0;
  for (const at of [...truth].sort((a, b) => a - b)) {
    let nearest: number | null = null;
    for (const candidate of [...free].sort((a, b) => a - b)) {
      const distance = Math.abs(candidate - at);
      if (distance > margin) continue;
      if (nearest === null || distance < Math.abs(nearest - at)) nearest = candidate;
    }
    if (nearest === null) continue;
    free.delete(nearest);
    count++;
  }
  return count;
}

/** Mean over the annotators of their segments' best Jaccard index with one of ours, weighed by length. */
export function coveringOf({ n, annotations }: AnnotatedSeries, found: readonly number[]): number {
  const ours = segmentsOf(found, n);
  let sum = 0;
  for (const points of annotations) {
    for (const [from, to] of segmentsOf(points, n)) {
      let best = 0;
      for (const [start, end] of ours) {
        const shared = Math.min(to, end) - Math.max(from, start);
        if (shared > 0) best = Math.max(best, shared / (Math.max(to, end) - Math.min(from, start)));
      }
      sum += ((to - from) * best) / n;
    }
  }
  return sum / annotations.length;
}

function segmentsOf(points: readonly number[], n: number): [from: number, to: number][] {
  const inside = [...new Set(points)].filter((at) => at > 0 && at < n).sort((a, b) => a - b);
  const edges = [0, ...inside, n];
  return edges.slice(1).map((to, i) => [edges[i]!, to]);
}
