import { peerQuantiles, peersMissing } from '../analytics/benchmark.js';
import type { OwnBenchmark } from '../store/benchmarks.js';
import type { AgeFigure } from './age-figures.js';

/**
 * An artist's own benchmarks: a row a platform, format, metric and age that any of its contents has a value of;
 * withheld, with the reason, below five contents.
 */
export function ownBenchmarks(figures: readonly AgeFigure[]): OwnBenchmark[] {
  const groups = new Map<string, { first: AgeFigure; values: number[] }>();
  for (const figure of figures) {
    const { platform, format, metric, ageDays } = figure;
    const key = JSON.stringify([platform, format, metric, ageDays]);
    const group = groups.get(key) ?? { first: figure, values: [] };
    group.values.push(figure.value);
    groups.set(key, group);
  }
  return Array.from(groups.values(), ({ first, values }) => {
    const { platform, format, metric, ageDays } = first;
    const quantiles = peerQuantiles(values);
    return {
      ...{ platform, format, metric, ageDays, sampleSize: values.length },
      ...(quantiles ?? { p30: null, median: null, p70: null }),
      withheldReason: peersMissing(values.length),
    };
  });
}
