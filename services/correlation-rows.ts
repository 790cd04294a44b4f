/** The analysis of features as the store keeps it. */
import type {
  CorrelationFamily,
  FeatureAssociation,
  WithheldCorrelation,
} from '../analytics/feature-correlation.js';
import type { FeatureImportance, ImportanceAnalysis } from '../analytics/feature-importance.js';
import type { FeatureTable } from '../analytics/feature-table.js';
import type { CorrelationRow } from '../store/correlations.js';
import type { FeatureRow } from '../store/features.js';

/** A row a test, answers first, then those of importance; what is withheld carries the reason. */
export function correlationRows(family: CorrelationFamily, importance: ImportanceAnalysis): CorrelationRow[] {
  return [
    ...family.results.map(answered),
    ...family.withheld.map(withheld),
    ...importance.results.map(important),
    // An outcome's importance is withheld for all features at once.
    ...importance.withheld.map((one) => withheld({ ...one, feature: '*' })),
  ];
}

const nothing = {
  ...{ coefficient: null, pValue: null, adjustedP: null, confidence: null, strength: null, direction: null },
  ...{ significant: false, interpretation: null, effect: null, confoundedBy: [], detail: null },
  withheldReason: null,
};

function answered(result: FeatureAssociation): CorrelationRow {
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
    direction: result.direction === 'none' ? null : result.direction,
    significant: result.significant,
    interpretation: result.interpretation,
    effect: result.effect,
    confoundedBy: result.confounded_by,
    detail: result.detail,
    withheldReason: null,
  };
}

function important(result: FeatureImportance): CorrelationRow {
  return {
    ...nothing,
    feature: result.feature,
    metric: result.metric,
    method: result.method,
    methodVersion: String(result.version),
    coefficient: result.importance,
    confidence: result.confidence_interval,
    sampleSize: result.sample_size,
    significant: result.important,
    detail: { parameters: result.parameters },
  };
}

function withheld(result: Omit<WithheldCorrelation, 'method'> & { method: string }): CorrelationRow {
  return {
    ...nothing,
    feature: result.feature,
    metric: result.metric,
    method: result.method,
    methodVersion: String(result.version),
    sampleSize: result.sample_size,
    withheldReason: result.withheld,
  };
}

/** The table that a run's correlations were computed from, a row a content. */
export function featureRows(table: FeatureTable): FeatureRow[] {
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
