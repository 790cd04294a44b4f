/** Comparisons as the derivation of insights takes them: with benchmarks, between platforms, between variants. */
import type { AbTestEvaluation } from '../analytics/ab-test.js';
import { benchmarkAges, peerQuantiles } from '../analytics/benchmark.js';
import type { BenchmarkFinding, ExperimentFinding, PlatformFinding } from '../analytics/insight-findings.js';
import { platformDifferences, type PlatformPair } from '../analytics/platform-differences.js';
import { listExperiments, type Experiment } from '../store/experiments.js';
import { readContentFeatures, type ContentFeatures } from '../store/features.js';
import { releasesToScore, type ScoredRelease } from '../store/scores.js';
import { ageFigures, type AgeFigure } from './age-figures.js';
import type { AnalysisDeps } from './analysis-step.js';
import { outcomeName, readEqualAgeValues } from './equal-age-values.js';

export interface Comparisons {
  benchmarks: BenchmarkFinding[];
  platforms: PlatformFinding[];
  experiments: ExperimentFinding[];
}

const msPerDay = 86_400_000;
/** A checkpoint that was passed longer ago asks for nothing any more. */
const recentDays = 14;
/** A test that ended longer ago has been acted on, or will not be. */
const recentTestDays = 90;

/**
 * What an artist's contents at equal age and its A/B tests have to say.
 * @param metrics those worth advice.
 */
export async function readComparisons(
  { pool, settings, clock }: AnalysisDeps,
  artistId: number,
  metrics: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Comparisons> {
  const now = clock.now();
  const releases = await releasesToScore(pool, artistId);
  const contents = await readContentFeatures(pool, { artistId, contentIds: null });
  const ids = releases.flatMap((release) => release.contents.map(({ id }) => id));
  const values = await readEqualAgeValues(pool, ids, benchmarkAges, signal);
  const figures = ageFigures(releases, values).filter(({ metric }) => metrics.has(metric));
  const tests = await listExperiments(pool, { artistId, status: null });
  return {
    benchmarks: benchmarkFindings(figures, releases, contents, now),
    platforms: platformFindings(figures, contents, settings.significanceLevel),
    experiments: tests.flatMap((test) => experimentFinding(test, now)),
  };
}

/** Each content at the oldest age that it passed lately, against the others of its platform and format. */
function benchmarkFindings(
  figures: readonly AgeFigure[],
  releases: readonly ScoredRelease[],
  contents: readonly ContentFeatures[],
  now: Date,
): BenchmarkFinding[] {
  const names = new Map(contents.map((content) => [content.contentId, content]));
  const releasedAt = new Map(
    releases.flatMap((release) => release.contents.map(({ id }) => [id, release.releasedAt] as const)),
  );
  const latest = new Map<string, AgeFigure>();
  for (const figure of figures) {
    const out = releasedAt.get(figure.contentId);
    if (out == null) continue;
    const passedDaysAgo = (now.getTime() - out.getTime()) / msPerDay - figure.ageDays;
    if (passedDaysAgo > recentDays) continue;
    const key = `${figure.contentId}/${figure.metric}`;
    const other = latest.get(key);
    if (other === undefined || other.ageDays < figure.ageDays) latest.set(key, figure);
  }
  return Array.from(latest.values()).flatMap((figure): BenchmarkFinding[] => {
    const { contentId, platform, format, metric, ageDays, value } = figure;
    const isPeer = (other: AgeFigure): boolean =>
      other.contentId !== contentId &&
      other.platform === platform &&
      other.format === format &&
      other.metric === metric &&
      other.ageDays === ageDays;
    const peers = figures.filter(isPeer).map((peer) => peer.value);
    const quantiles = peerQuantiles(peers);
    const content = names.get(contentId);
    if (quantiles === null || content === undefined) return [];
    const { contentKey, title } = content;
    return [
      {
        ...{ contentKey, platform, title: title ?? contentKey, metric, ageDays, value },
        ...{ ...quantiles, peers: peers.length, origin: 'own' },
      },
    ];
  });
}

/** Pairs of platforms on which the same releases differ, at the oldest age that tells. */
function platformFindings(
  figures: readonly AgeFigure[],
  contents: readonly ContentFeatures[],
  significanceLevel: number,
): PlatformFinding[] {
  const releaseOf = new Map(contents.map(({ contentId, releaseId }) => [contentId, releaseId]));
  const oldest = new Map<string, PlatformFinding>();
  for (const ageDays of benchmarkAges) {
    const aged = figures.filter((figure) => figure.ageDays === ageDays);
    const { results } = platformDifferences(
      aged.map(({ contentId, platform, metric, value }) => ({
        ...{ platform, value, metric: outcomeName(metric, ageDays) },
        releaseId: releaseOf.get(contentId) ?? null,
      })),
      { significanceLevel },
    );
    for (const { metric, significant, pairs, sample_size } of results) {
      if (!significant) continue;
      for (const pair of pairs) {
        const finding = pairFinding(metric, pair, sample_size, significanceLevel);
        const subject = JSON.stringify([metric.replace(/_day_\d+$/, ''), pair.platforms]);
        if (finding !== null) oldest.set(subject, finding);
      }
    }
  }
  return Array.from(oldest.values());
}

/** Null where the pair does not differ, or no releases are on both: what is published there may differ then. */
function pairFinding(
  metric: string,
  { platforms: [first, second], significant, adjusted_p_value, paired }: PlatformPair,
  contents: number,
  significanceLevel: number,
): PlatformFinding | null {
  if (!significant || paired === null || paired.p_value >= significanceLevel) return null;
  const isFirst = paired.ratio > 1;
  const [low, high] = paired.confidence_interval;
  const told = isFirst ? [paired.ratio, low, high] : [1 / paired.ratio, 1 / high, 1 / low];
  const [relative, from, to] = told.map((ratio) => ratio - 1) as [number, number, number];
  return {
    ...{ metric, platform: isFirst ? first : second, other: isFirst ? second : first },
    ...{ relative, low: from, high: to, adjustedP: Math.max(adjusted_p_value, paired.p_value), contents },
  };
}

/** A test that ended lately with a winner, as it was evaluated then. */
function experimentFinding(test: Experiment, now: Date): ExperimentFinding[] {
  const evaluation = test.evaluation as AbTestEvaluation | null;
  const control = test.variants.find(({ isControl }) => isControl);
  if (evaluation === null || test.endedAt === null || control === undefined) return [];
  if (now.getTime() - test.endedAt.getTime() > recentTestDays * msPerDay) return [];
  const won = evaluation.comparisons.find(({ variant }) => variant === evaluation.winner);
  if (won?.lift == null || won.lift_interval === null) return [];
  return [
    {
      ...{ name: test.name, metric: test.metric, winner: won.variant, control: control.name },
      ...{ lift: won.lift, low: won.lift_interval[0], high: won.lift_interval[1] },
      ...{ confidence: 1 - test.alpha, observations: evaluation.points, contentKeys: [] },
    },
  ];
}
