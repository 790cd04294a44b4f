/** Insights from correlations between features and outcomes. */
import { spoken } from './correlation.js';
import type { FeatureCorrelation } from './feature-correlation.js';
import { percent, percentRange, priorityOf, rankOf, type Difficulty } from './insight-rank.js';
import type { Insight } from './insight-findings.js';

/** How hard it is to change a feature of the next release; what is not named is moderate. */
const difficulties: Readonly<Record<string, Difficulty>> = {
  title_length: 'easy',
  description_length: 'easy',
  tag_count: 'easy',
  publish_hour: 'easy',
  publish_weekday: 'easy',
  stock_source: 'easy',
  stock_source_count: 'easy',
  language: 'hard',
  platform: 'hard',
};

const difficultyWords: Record<Difficulty, string> = {
  easy: 'easy: can be decided for the next release',
  moderate: 'moderate: asks for a change of production',
  hard: 'hard: reaches beyond a single release',
};

/**
 * An insight from a significant correlation; null for others, and for Spearman's, which ask the same question
 * as Pearson's.
 */
export function correlationInsight(
  found: FeatureCorrelation,
  contentKeys: readonly string[],
): Insight | null {
  if (!found.significant || found.method === 'spearman') return null;
  const { feature, metric, effect, sample_size, correlation_coefficient } = found;
  const difficulty = difficulties[feature.split('=')[0]!] ?? 'moderate';
  const relative = effect?.relative ?? correlation_coefficient;
  const rank = rankOf(relative, 1 - found.adjusted_p_value, difficulty);
  const more = found.direction === 'positive' ? 'higher' : 'lower';
  const isLevel = feature.includes('=');
  const subject = isLevel ? spoken(feature) : `higher ${spoken(feature)}`;
  const step = effect?.per === 'level' ? 'with it than without it' : 'per standard deviation of it';
  return {
    key: `feature_association/${metric}/${feature}`,
    rank,
    insight_type: 'feature_association',
    priority: priorityOf(rank),
    title: `${capital(subject)} goes with ${more} ${spoken(metric)}`,
    description: `${found.interpretation} An association over ${sample_size} contents is a lead to try out, not a proof.`,
    impact_prediction:
      effect === null
        ? `${capital(spoken(metric))} associated with ${more} values; the size cannot be told in per cent.`
        : `About ${percent(effect.relative)} ${more} ${spoken(metric)} ${step} (95 % interval ${percentRange(effect.low, effect.high)}), if the association holds.`,
    implementation_difficulty: difficultyWords[difficulty],
    affected_content: [...contentKeys],
    data_supporting: {
      feature,
      metric,
      method: found.method,
      correlation_coefficient,
      confidence_interval: found.confidence_interval,
      p_value: found.p_value,
      adjusted_p_value: found.adjusted_p_value,
      sample_size,
      effect,
    },
  };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
