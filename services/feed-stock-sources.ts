import type { AnalysisStepResult } from '../contracts/runs.js';
import { inTransaction } from '../store/queryable.js';
import { artistsOfContents, latestScores, type LatestScore } from '../store/scores.js';
import { insertPerformanceEvents } from '../store/stock.js';
import {
  scopeContentIds,
  walkSubjects,
  type AnalysisDeps,
  type AnalysisStepInput,
  type BatchOutcome,
} from './analysis-step.js';

/**
 * Hands the latest scores to the stock tracker: one event a release, of the oldest age that has a score, dated
 * by the day on which the release reached that age. An unchanged score makes no event, or time decay would
 * never act; a score that a person logged stands.
 * @returns subjects: releases; found: events written; withheld: releases without any score.
 */
export async function feedStockSources(
  deps: AnalysisDeps,
  input: AnalysisStepInput,
): Promise<AnalysisStepResult> {
  const artists = await artistsOfContents(deps.pool, await scopeContentIds(deps, input.scope));
  return walkSubjects('feedStockSources', deps, input, artists, (artistId) => feedArtist(deps, artistId));
}

async function feedArtist(deps: AnalysisDeps, artistId: number): Promise<BatchOutcome> {
  const scores = await latestScores(deps.pool, { artistIds: [artistId], releaseIds: null });
  const releases = new Set(scores.map(({ releaseId }) => releaseId));
  const oldest = new Map<number, LatestScore & { score: number }>();
  for (const score of scores) {
    const other = oldest.get(score.releaseId);
    if (score.score === null || (other !== undefined && other.ageDays > score.ageDays)) continue;
    oldest.set(score.releaseId, { ...score, score: score.score });
  }
  const events = Array.from(oldest.values(), ({ releaseId, score, checkpointDay }) => ({
    releaseId,
    score,
    eventDay: checkpointDay,
  }));
  const written = await inTransaction(deps.pool, (client) =>
    insertPerformanceEvents(client, events, 'scored', deps.clock.now()),
  );
  return { subjects: releases.size, found: written, withheld: releases.size - events.length };
}
