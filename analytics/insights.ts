/**
 * What to do next, from what the analyses found: one insight a finding, ranked by expected effect × confidence ×
 * ease, with a natural key so that the same finding is the same insight on another day.
 */
import { anomalyInsight, trendInsight } from './insight-events.js';
import { benchmarkInsight, experimentInsight, platformInsight } from './insight-comparisons.js';
import type {
  AnomalyFinding,
  BenchmarkFinding,
  ExperimentFinding,
  Insight,
  PlatformFinding,
  ScoreFinding,
  TrendFinding,
} from './insight-findings.js';
import { featureInsights } from './insight-features.js';
import { scoreInsight, sourceInsight } from './insight-performance.js';
import type { FeatureCorrelation } from './feature-correlation.js';
import type { PerformanceThresholds } from './performance-band.js';
import type { RankedSource } from './stock-ranking.js';

export const insightVersion = 3;

export interface InsightInput {
  correlations: readonly FeatureCorrelation[];
  /** Contents that the correlations were computed over. */
  correlatedContents: readonly string[];
  trends: readonly TrendFinding[];
  /** The recent ones only: what is long over asks for nothing. */
  anomalies: readonly AnomalyFinding[];
  scores: readonly ScoreFinding[];
  sources: readonly RankedSource[];
  benchmarks: readonly BenchmarkFinding[];
  /** The significant ones only. */
  platforms: readonly PlatformFinding[];
  /** Those with a winner. */
  experiments: readonly ExperimentFinding[];
  /** On scores of 0..10. */
  performance: PerformanceThresholds;
}

/**
 * All insights, the highest rank first, ties by key; one a key, that of the higher rank. Empty where nothing
 * was found.
 */
export function deriveInsights(input: InsightInput): Insight[] {
  const scores = input.scores.map((one) => scoreInsight(one, input.performance));
  const found = [
    ...featureInsights(input.correlations, input.correlatedContents),
    ...input.trends.map(trendInsight),
    ...input.anomalies.map(anomalyInsight),
    ...scores,
    ...input.sources.map((one) => sourceInsight(one, input.sources)),
    ...withoutRepetition(input.benchmarks.map(benchmarkInsight), scores),
    ...input.platforms.map((one) => platformInsight(one, input.correlatedContents)),
    ...input.experiments.map(experimentInsight),
  ].filter((insight) => insight !== null);
  found.sort((a, b) => b.rank - a.rank || (a.key < b.key ? -1 : 1));
  const seen = new Set<string>();
  return found.filter(({ key }) => !seen.has(key) && seen.add(key));
}

/** The score sums up a release's metrics against the same peers: what agrees with it is no news. */
function withoutRepetition(
  benchmarks: readonly (Insight | null)[],
  scores: readonly (Insight | null)[],
): (Insight | null)[] {
  const told = new Map<string, Set<string>>([
    ['benchmark_above', contentsOf(scores, 'high_performance')],
    ['benchmark_below', contentsOf(scores, 'low_performance')],
  ]);
  return benchmarks.filter(
    (one) =>
      one?.data_supporting['origin'] !== 'own' ||
      !one.affected_content.every((content) => told.get(one.insight_type)!.has(content)),
  );
}

function contentsOf(insights: readonly (Insight | null)[], type: string): Set<string> {
  return new Set(insights.flatMap((one) => (one?.insight_type === type ? one.affected_content : [])));
}
