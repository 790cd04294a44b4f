import { addDays, dayOf } from '../analytics/calendar.js';
import { deriveInsights, insightVersion, type InsightInput } from '../analytics/insights.js';
import { rankSources } from '../analytics/stock-ranking.js';
import type { AnalysisStepResult } from '../contracts/runs.js';
import { readAnomalies } from '../store/anomalies.js';
import { latestCorrelations } from '../store/correlations.js';
import { replaceInsights } from '../store/insights.js';
import { inTransaction } from '../store/queryable.js';
import { artistsOfContents, latestScores, releasesToScore } from '../store/scores.js';
import { readStockEvidence } from '../store/stock.js';
import { latestTrends } from '../store/trends.js';
import {
  scopeContentIds,
  walkSubjects,
  type AnalysisDeps,
  type AnalysisStepInput,
  type BatchOutcome,
} from './analysis-step.js';
import { anomalyFinding, correlationFindings, scoreFindings, trendFinding } from './insight-findings.js';

/** What is longer over asks for nothing. */
const recentDays = 14;
/** More anomalies than anybody looks into. */
const mostAnomalies = 200;

/**
 * What an artist's team could do next, from the latest successful results of each kind, so that a failed step
 * leaves the others' findings standing. People's decisions on an insight outlive it being found again; what is
 * found no more becomes outdated.
 * @returns subjects: artists; found: insights; withheld: 0.
 */
export async function generateInsights(
  deps: AnalysisDeps,
  input: AnalysisStepInput,
): Promise<AnalysisStepResult> {
  const artists = await artistsOfContents(deps.pool, await scopeContentIds(deps, input.scope));
  return walkSubjects('generateInsights', deps, input, artists, (artistId) =>
    adviseArtist(deps, input, artistId),
  );
}

async function adviseArtist(
  deps: AnalysisDeps,
  input: AnalysisStepInput,
  artistId: number,
): Promise<BatchOutcome> {
  const insights = deriveInsights(await readFindings(deps, artistId));
  const origin = { runId: input.runId, methodVersion: String(insightVersion), foundAt: deps.clock.now() };
  await inTransaction(deps.pool, (client) => replaceInsights(client, artistId, insights, origin));
  return { subjects: 1, found: insights.length, withheld: 0 };
}

async function readFindings(deps: AnalysisDeps, artistId: number): Promise<InsightInput> {
  const { pool, settings } = deps;
  const today = dayOf(deps.clock.now(), 'UTC');
  const contentIds = await scopeContentIds(deps, { kind: 'artist', artistId });
  const correlations = await latestCorrelations(pool, artistId);
  const trends = await latestTrends(pool, contentIds);
  const anomalies = await readAnomalies(pool, {
    contentIds,
    since: addDays(today, -recentDays),
    limit: mostAnomalies,
  });
  const scores = await latestScores(pool, { artistIds: [artistId], releaseIds: null });
  const releases = await releasesToScore(pool, artistId);
  const { usages, events } = await readStockEvidence(pool, today, artistId);
  return {
    correlations: correlationFindings(
      correlations?.rows ?? [],
      settings.scoreAges,
      settings.significanceLevel,
    ),
    correlatedContents: correlations?.contentKeys ?? [],
    trends: trends.flatMap(trendFinding),
    anomalies: anomalies.flatMap(anomalyFinding),
    scores: scoreFindings(scores, releases),
    sources: rankSources(usages, events, { asOfDay: today, halfLifeDays: settings.halfLifeDays }),
    lowPerformance: settings.lowPerformance,
    highPerformance: settings.highPerformance,
  };
}
