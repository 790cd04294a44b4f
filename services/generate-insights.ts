import { addDays, dayOf } from '../analytics/calendar.js';
import type { Insight } from '../analytics/insight-findings.js';
import { readImpact } from '../analytics/insight-impact.js';
import {
  stepWhenFound,
  stepWhenMissing,
  type InsightStatus,
  type KnownInsight,
} from '../analytics/insight-lifecycle.js';
import { deriveInsights, insightVersion, type InsightInput } from '../analytics/insights.js';
import { rankSources } from '../analytics/stock-ranking.js';
import type { AnalysisStepResult } from '../contracts/runs.js';
import { readAnomalies } from '../store/anomalies.js';
import { latestCorrelations } from '../store/correlations.js';
import { lockInsights, replaceInsights, type FoundInsight, type InsightState } from '../store/insights.js';
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
import { checkOutcomes } from './check-insight-outcomes.js';
import { readComparisons } from './insight-comparisons.js';
import {
  anomalyFinding,
  correlationFindings,
  mainMetrics,
  scoreFindings,
  trendFinding,
} from './insight-findings.js';

/** What is longer over asks for nothing. */
const recentDays = 14;
/** More anomalies than anybody looks into. */
const mostAnomalies = 200;

/**
 * What an artist's team could do next, from the latest successful results of each kind, so that a failed step
 * leaves the others' findings standing. People's decisions on an insight outlive it being found again: a dismissed
 * one stays away for 90 days unless its evidence changes, a snoozed one until its day; what is found no more becomes
 * outdated. Decisions whose prediction has come due are checked against what happened.
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
  const insights = deriveInsights(await readFindings(deps, artistId, input.signal));
  const now = deps.clock.now();
  const origin = { runId: input.runId, methodVersion: String(insightVersion), foundAt: now };
  await inTransaction(deps.pool, async (client) => {
    const known = new Map((await lockInsights(client, artistId)).map((state) => [state.key, state]));
    const { found, outdated } = takeSteps(insights, known, dayOf(now, 'UTC'));
    await replaceInsights(client, artistId, found, outdated, known, origin);
    await checkOutcomes(client, artistId, { runId: input.runId, now });
  });
  return { subjects: 1, found: insights.length, withheld: 0 };
}

/** What becomes of every insight that was found, and of those that were found before. */
function takeSteps(
  insights: readonly Insight[],
  known: ReadonlyMap<string, InsightState>,
  today: string,
): { found: FoundInsight[]; outdated: string[] } {
  const found = insights.map((insight): FoundInsight => {
    const state = known.get(insight.key);
    const evidence = { rank: insight.rank, impact: readImpact(insight.data_supporting) };
    return {
      ...insight,
      ...stepWhenFound(state === undefined ? null : knownInsight(state), evidence, today),
    };
  });
  const keys = new Set(insights.map(({ key }) => key));
  const outdated = Array.from(known.values()).filter(
    (state) => !keys.has(state.key) && stepWhenMissing(knownInsight(state), today).action !== null,
  );
  return { found, outdated: outdated.map(({ key }) => key) };
}

function knownInsight({ status, snoozedUntil, decidedOn, evidence }: InsightState): KnownInsight {
  return {
    status: status as InsightStatus,
    snoozedUntil,
    decision:
      decidedOn === null || evidence === null
        ? null
        : { day: decidedOn, evidence: { rank: evidence.rank, impact: readImpact(evidence.data_supporting) } },
  };
}

async function readFindings(
  deps: AnalysisDeps,
  artistId: number,
  signal: AbortSignal,
): Promise<InsightInput> {
  const { pool, settings } = deps;
  const today = dayOf(deps.clock.now(), 'UTC');
  const contentIds = await scopeContentIds(deps, { kind: 'artist', artistId });
  const correlations = await latestCorrelations(pool, artistId);
  const trends = await latestTrends(pool, contentIds);
  const anomalies = await readAnomalies(pool, {
    contentIds,
    since: addDays(today, -recentDays),
    limit: mostAnomalies,
    ownOnly: true,
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
    ...(await readComparisons(deps, artistId, mainMetrics, signal)),
    performance: settings.performance,
  };
}
