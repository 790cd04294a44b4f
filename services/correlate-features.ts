import type { Pool } from 'pg';
import { assembleFeatureTable, type FeatureTable, type Outcome } from '../analytics/feature-table.js';
import type { AnalysisStepResult } from '../contracts/runs.js';
import { saveCorrelations } from '../store/correlations.js';
import {
  readContentFeatures,
  readLifetimeTotals,
  saveFeatures,
  type ContentFeatures,
} from '../store/features.js';
import { inTransaction } from '../store/queryable.js';
import { artistsOfContents } from '../store/scores.js';
import type { AnalysisSettings } from './analysis-settings.js';
import {
  scopeContentIds,
  walkSubjects,
  type AnalysisDeps,
  type AnalysisStepInput,
  type BatchOutcome,
} from './analysis-step.js';
import type { AssociationTask } from './analysis-tasks.js';
import { correlationRows, featureRows } from './correlation-rows.js';
import { lifetimeName, outcomeName, readEqualAgeValues } from './equal-age-values.js';

/**
 * How the features of an artist's contents go with their outcomes, at equal age and over their lifetime so far:
 * an artist's tests are one family, over all contents of the artist's approved releases, whichever of them the
 * scope names.
 * @returns subjects: artists' tests; found: significant ones; withheld: tests without an answer.
 */
export async function correlateFeatures(
  deps: AnalysisDeps,
  input: AnalysisStepInput,
): Promise<AnalysisStepResult> {
  const artists = await artistsOfContents(deps.pool, await scopeContentIds(deps, input.scope));
  return walkSubjects('correlateFeatures', deps, input, artists, (artistId) =>
    correlateArtist(deps, input, artistId),
  );
}

async function correlateArtist(
  deps: AnalysisDeps,
  input: AnalysisStepInput,
  artistId: number,
): Promise<BatchOutcome> {
  const computedAt = deps.clock.now();
  const contents = await readContentFeatures(deps.pool, { artistId, contentIds: null });
  const asked = { settings: deps.settings, asOf: computedAt, signal: input.signal };
  const table = await tabulate(deps.pool, contents, asked);
  const { significanceLevel, minContents } = deps.settings;
  const task: AssociationTask = { kind: 'association', table, significanceLevel, minContents };
  const [found] = await deps.threads.run([task], input.signal);
  const { family, importance } = found!;
  const origin = { runId: input.runId, computedAt };
  await inTransaction(deps.pool, async (client) => {
    await saveFeatures(client, featureRows(table), origin);
    await saveCorrelations(client, artistId, correlationRows(family, importance), origin);
  });
  return {
    subjects: family.results.length + family.withheld.length,
    found: family.results.filter(({ significant }) => significant).length,
    withheld: family.withheld.length,
  };
}

/** A total that was told longer ago than this is not the content's total of today. */
const freshDays = 7;
const msPerDay = 86_400_000;

/** The contents' features beside their outcomes at equal age and their lifetime totals as of a moment. */
export async function tabulate(
  pool: Pool,
  contents: readonly ContentFeatures[],
  { settings, asOf, signal }: { settings: AnalysisSettings; asOf: Date; signal: AbortSignal },
): Promise<FeatureTable> {
  const contentIds = contents.map(({ contentId }) => contentId);
  const isAsked = ({ metric }: { metric: string }): boolean => settings.seriesMetrics.includes(metric);
  const values = await readEqualAgeValues(pool, contentIds, settings.scoreAges, signal);
  const atAge = values.filter(isAsked).map(({ contentId, metric, ageDays, value }): Outcome => ({
    contentId,
    metric: outcomeName(metric, ageDays),
    value,
  }));
  const since = new Date(asOf.getTime() - freshDays * msPerDay);
  const totals = await readLifetimeTotals(pool, contentIds, { since, until: asOf });
  const lifetime = totals.filter(isAsked).map(({ contentId, metric, value }): Outcome => ({
    contentId,
    metric: lifetimeName(metric),
    value,
  }));
  return assembleFeatureTable(contents, [...atAge, ...lifetime], { zone: settings.zone, asOf });
}
