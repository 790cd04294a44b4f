import type { Pool } from 'pg';
import { assembleFeatureTable, type FeatureTable, type Outcome } from '../analytics/feature-table.js';
import {
  correlateFeatures as correlateTable,
  type CorrelationFamily,
  type FeatureCorrelation,
  type WithheldCorrelation,
} from '../analytics/feature-correlation.js';
import type { AnalysisStepResult } from '../contracts/runs.js';
import { saveCorrelations, type CorrelationRow } from '../store/correlations.js';
import {
  readContentFeatures,
  saveFeatures,
  type ContentFeatures,
  type FeatureRow,
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
import { outcomeName, readEqualAgeValues } from './equal-age-values.js';

/**
 * How the features of an artist's contents go with their outcomes at equal age: an artist's tests are one
 * family, over all contents of the artist's approved releases, whichever of them the scope names.
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
  const contents = await readContentFeatures(deps.pool, { artistId, contentIds: null });
  const table = await tabulate(deps.pool, contents, deps.settings, input.signal);
  const family = correlateTable(table, { significanceLevel: deps.settings.significanceLevel });
  const origin = { runId: input.runId, computedAt: deps.clock.now() };
  await inTransaction(deps.pool, async (client) => {
    await saveFeatures(client, featureRows(table), origin);
    await saveCorrelations(client, artistId, correlationRows(family), origin);
  });
  return {
    subjects: family.results.length + family.withheld.length,
    found: family.results.filter(({ significant }) => significant).length,
    withheld: family.withheld.length,
  };
}

/** The contents' features beside their outcomes at equal age. */
export async function tabulate(
  pool: Pool,
  contents: readonly ContentFeatures[],
  settings: AnalysisSettings,
  signal: AbortSignal,
): Promise<FeatureTable> {
  const contentIds = contents.map(({ contentId }) => contentId);
  const values = await readEqualAgeValues(pool, contentIds, settings.scoreAges, signal);
  const outcomes = values
    .filter(({ metric }) => settings.seriesMetrics.includes(metric))
    .map(({ contentId, metric, ageDays, value }): Outcome => ({
      contentId,
      metric: outcomeName(metric, ageDays),
      value,
    }));
  return assembleFeatureTable(contents, outcomes, settings.zone);
}

/** The family as the store keeps it, answers first. */
function correlationRows(family: CorrelationFamily): CorrelationRow[] {
  return [...family.results.map(answered), ...family.withheld.map(withheld)];
}

function answered(result: FeatureCorrelation): CorrelationRow {
  return {
    feature: result.feature,
    metric: result.metric,
    method: result.method,
    methodVersion: String(result.version),
    coefficient: result.correlation_coefficient,
    pValue: result.p_value,
    adjustedP: result.adjusted_p_value,
    confidence: result.confidence_interval,
    sampleSize: result.sample_size,
    strength: result.strength,
    direction: result.direction,
    significant: result.significant,
    interpretation: result.interpretation,
    effect: result.effect,
    withheldReason: null,
  };
}

function withheld(result: WithheldCorrelation): CorrelationRow {
  return {
    feature: result.feature,
    metric: result.metric,
    method: result.method,
    methodVersion: String(result.version),
    coefficient: null,
    pValue: null,
    adjustedP: null,
    confidence: null,
    sampleSize: result.sample_size,
    strength: null,
    direction: null,
    significant: false,
    interpretation: null,
    effect: null,
    withheldReason: result.withheld,
  };
}

function featureRows(table: FeatureTable): FeatureRow[] {
  return table.contentIds.map((contentId, index) => {
    const features: Record<string, unknown> = {};
    for (const [name, levels] of table.categorical) features[name] = levels[index] ?? null;
    for (const [name, values] of table.numeric) features[name] = known(values[index]);
    const outcomes: Record<string, number | null> = {};
    for (const [name, values] of table.outcomes) outcomes[name] = known(values[index]);
    return { contentId, features, outcomes };
  });
}

function known(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
