import { benchmarkAges, benchmarkMethod, benchmarkVersion } from '../analytics/benchmark.js';
import type { AnalysisStepResult } from '../contracts/runs.js';
import { replaceOwnBenchmarks, seedExternalBenchmarks } from '../store/benchmarks.js';
import { StoreError } from '../store/errors.js';
import { artistsOfContents, releasesToScore, saveScores } from '../store/scores.js';
import { weightsAt } from '../store/score-weights.js';
import { ageFigures } from './age-figures.js';
import {
  scopeContentIds,
  walkSubjects,
  type AnalysisDeps,
  type AnalysisStepInput,
  type BatchOutcome,
} from './analysis-step.js';
import { scoreArtistReleases } from './artist-scores.js';
import { configuredBenchmarks, engagementRateMetric, startingSource } from './external-benchmarks.js';
import { readEqualAgeValues } from './equal-age-values.js';
import { ownBenchmarks } from './own-benchmarks.js';

/**
 * Scores of the artists' releases at equal age, and the benchmarks that their contents make together. An
 * artist's releases are scored together, since each is the others' measure, by the weights that hold now; the
 * set of weights is stored with each score.
 * @returns subjects: releases × ages; found: scores; withheld: those without one.
 */
export async function scoreReleases(
  deps: AnalysisDeps,
  input: AnalysisStepInput,
): Promise<AnalysisStepResult> {
  const { pool, settings, clock } = deps;
  const artists = await artistsOfContents(pool, await scopeContentIds(deps, input.scope));
  const starting = configuredBenchmarks(settings.benchmarkEngagementRates);
  await seedExternalBenchmarks(pool, engagementRateMetric, starting, startingSource, clock.now());
  return walkSubjects('scoreReleases', deps, input, artists, (artistId) =>
    scoreArtist(deps, input, artistId),
  );
}

async function scoreArtist(
  deps: AnalysisDeps,
  input: AnalysisStepInput,
  artistId: number,
): Promise<BatchOutcome> {
  const { pool, settings } = deps;
  const now = deps.clock.now();
  const releases = await releasesToScore(pool, artistId);
  const weights = await weightsAt(pool, artistId, now);
  if (weights === null) throw new StoreError('notFound', 'There are no weights to score by.');
  const contentIds = releases.flatMap(({ contents }) => contents.map(({ id }) => id));
  const ages = Array.from(new Set([...settings.scoreAges, ...benchmarkAges]));
  const values = await readEqualAgeValues(pool, contentIds, ages, input.signal);
  const rows = scoreArtistReleases(releases, values, settings.scoreAges, weights, now);
  await saveScores(pool, rows, { runId: input.runId, computedAt: now });
  const figures = ageFigures(
    releases,
    values.filter(({ ageDays }) => benchmarkAges.includes(ageDays)),
  );
  await replaceOwnBenchmarks(pool, artistId, ownBenchmarks(figures), {
    runId: input.runId,
    method: benchmarkMethod,
    methodVersion: String(benchmarkVersion),
    computedAt: now,
  });
  const found = rows.filter(({ score }) => score !== null).length;
  return { subjects: rows.length, found, withheld: rows.length - found };
}
