/** Insights from correlations between features and outcomes. */
import { spoken } from './correlation.js';
import type { FeatureCorrelation } from './feature-correlation.js';
import { predictedImpact, type PredictedImpact } from './insight-impact.js';
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
 * One insight a feature and direction, from its significant correlations; the outcome with the largest effect
 * leads and the others support it. Tests of ranks are left out: they ask the same question as those of means.
 */
export function featureInsights(
  correlations: readonly FeatureCorrelation[],
  contentKeys: readonly string[],
): Insight[] {
  const families = new Map<string, RankedCorrelation[]>();
  for (const found of correlations) {
    if (!found.significant || found.method === 'spearman' || found.method === 'kruskal-wallis') continue;
    // What age, platform or format account for is no lead, whatever its p.
    if ((found.confounded_by ?? []).length > 0) continue;
    const key = `feature_association/${found.feature}/${found.direction}`;
    families.set(key, [...(families.get(key) ?? []), { found, rank: rankOfCorrelation(found) }]);
  }
  return [...families].map(([key, family]) => {
    family.sort((a, b) => b.rank - a.rank || (a.found.metric < b.found.metric ? -1 : 1));
    return featureInsight(key, family, contentKeys);
  });
}

interface RankedCorrelation {
  found: FeatureCorrelation;
  rank: number;
}

function difficultyOf(feature: string): Difficulty {
  return difficulties[feature.split('=')[0]!] ?? 'moderate';
}

function rankOfCorrelation({
  feature,
  effect,
  correlation_coefficient,
  adjusted_p_value,
}: FeatureCorrelation): number {
  return rankOf(effect?.relative ?? correlation_coefficient, 1 - adjusted_p_value, difficultyOf(feature));
}

/** @param family the correlations of one feature and direction, the leading one first; not empty */
function featureInsight(
  key: string,
  family: readonly RankedCorrelation[],
  contentKeys: readonly string[],
): Insight {
  const { found, rank } = family[0]!;
  const { feature, metric, effect, sample_size, correlation_coefficient } = found;
  const more = found.direction === 'positive' ? 'higher' : 'lower';
  const subject = feature.includes('=') ? spoken(feature) : `higher ${spoken(feature)}`;
  const step = effect?.per === 'level' ? 'with it than without it' : 'per standard deviation of it';
  return {
    key,
    rank,
    insight_type: 'feature_association',
    priority: priorityOf(rank),
    title: `${capital(subject)} goes with ${more} ${listed(family.map((one) => spoken(one.found.metric)))}`,
    description: `${found.interpretation} An association over ${sample_size} contents is a lead to try out, not a proof.`,
    impact_prediction:
      effect === null
        ? `${capital(spoken(metric))} associated with ${more} values; the size cannot be told in per cent.`
        : `About ${percent(effect.relative)} ${more} ${spoken(metric)} ${step} (95 % interval ${percentRange(effect.low, effect.high)}), if the association holds.`,
    implementation_difficulty: difficultyWords[difficultyOf(feature)],
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
      predicted_impact: featureImpact(found),
      other_outcomes: family.slice(1).map((one) => ({
        metric: one.found.metric,
        correlation_coefficient: one.found.correlation_coefficient,
        adjusted_p_value: one.found.adjusted_p_value,
        effect: one.found.effect,
      })),
    },
  };
}

/** Days in which enough further contents come out to tell whether an association holds among them. */
const followedDays = 90;

function featureImpact({ metric, effect }: FeatureCorrelation): PredictedImpact | null {
  if (effect === null) return null;
  const { relative, low, high } = effect;
  return predictedImpact({
    ...{ metric, low, expected: relative, high },
    ...{ unit: 'relative change', horizon_days: followedDays, baseline: 0 },
  });
}

/** `a`, `a and b`, `a, b and c`. */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)!}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
