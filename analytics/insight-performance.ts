/** Insights from release scores and from the ranking of stock sources. */
import { platformName } from '../contracts/vocabulary.js';
import { spoken } from './correlation.js';
import { priorityOf, rankOf } from './insight-rank.js';
import type { Insight, ScoreFinding } from './insight-findings.js';
import { predictedImpact, type PredictedImpact } from './insight-impact.js';
import { performanceBand, thresholdsOfScore, type PerformanceThresholds } from './performance-band.js';
import type { RankedSource } from './stock-ranking.js';

const middleScore = 5;
/**
 * A score tells of one release that is out already, an association of every one to come; and what follows an
 * extreme lies nearer the middle (Galton's regression). Half the distance is what can be hoped for.
 */
const expectedShare = 0.5;

/** A release whose score is at or beyond a threshold; null for the ones between. */
export function scoreInsight(found: ScoreFinding, thresholds: PerformanceThresholds): Insight | null {
  const { score, title, ageDays, peers } = found;
  const band = performanceBand(score, thresholdsOfScore(thresholds, found.contributions));
  if (band === 'typical') return null;
  const isHigh = band === 'high';
  const type = isHigh ? 'high_performance' : 'low_performance';
  const effect = (expectedShare * (score - middleScore)) / middleScore;
  const rank = rankOf(effect, 1 - 1 / (1 + peers), isHigh ? 'easy' : 'moderate');
  const ordered = found.contributions.toSorted((a, b) => a.percentile - b.percentile);
  const telling = isHigh ? ordered.at(-1) : ordered[0];
  const because =
    telling === undefined
      ? ''
      : ` Most telling: ${spoken(telling.metric)} on ${platformName(telling.platform)}, ${isHigh ? 'above' : 'below'} ` +
        `${Math.round(100 * (isHigh ? telling.percentile : 1 - telling.percentile))} % of the others.`;
  return {
    key: `${type}/${found.releaseId}`,
    rank,
    insight_type: type,
    priority: priorityOf(rank),
    title: `“${title}” does ${isHigh ? 'better' : 'worse'} than its peers at day ${ageDays}`,
    description: `Score ${score.toFixed(1)} of 10 among ${peers + 1} releases at equal age.${because}`,
    impact_prediction: isHigh
      ? 'Releases that share its features are candidates for the same success; the correlations tell which.'
      : `Reaching the middle of its peers would raise its score by ${(middleScore - score).toFixed(1)} points.`,
    implementation_difficulty: isHigh ? 'easy: repeat what worked' : 'moderate: new packaging or promotion',
    affected_content: [...found.contentKeys],
    data_supporting: {
      release_id: found.releaseId,
      score,
      age_days: ageDays,
      peers,
      contributions: found.contributions,
      predicted_impact: scoreImpact(score),
    },
  };
}

/** Days until a release's next score, or until a few further releases have theirs. */
const nextScoreDays = 60;

/** From the score itself to the middle; the next one is expected half way (Galton). */
function scoreImpact(score: number): PredictedImpact | null {
  const expected = middleScore + expectedShare * (score - middleScore);
  return predictedImpact({
    ...{ metric: 'performance_score', low: Math.min(score, middleScore), expected },
    ...{ high: Math.max(score, middleScore), unit: 'score points', horizon_days: nextScoreDays },
    baseline: score < middleScore ? score : middleScore,
  });
}

function sourceImpact({ score, lower, upper, prior }: RankedSource): PredictedImpact | null {
  return predictedImpact({
    ...{ metric: 'performance_score', low: lower, expected: score, high: upper },
    ...{ unit: 'score points', horizon_days: nextScoreDays, baseline: prior },
  });
}

/**
 * A stock source whose interval lies wholly above or below what all sources reach together; null for the
 * others, and for those with little evidence.
 */
export function sourceInsight(found: RankedSource, all: readonly RankedSource[]): Insight | null {
  if (found.low_evidence || (found.lower <= found.prior && found.upper >= found.prior)) return null;
  const better = found.lower > found.prior;
  const rank = rankOf((found.score - found.prior) / middleScore, 0.95, 'easy');
  const { source_name, score, lower, upper, releases } = found;
  return {
    key: `stock_source/${source_name}`,
    rank,
    insight_type: 'stock_source',
    priority: priorityOf(rank),
    title: `${better ? 'Draw more' : 'Draw less'} from ${source_name}`,
    description:
      `Releases with clips of ${source_name} score ${score.toFixed(1)} of 10 (95 % interval ${lower.toFixed(1)} to ` +
      `${upper.toFixed(1)}, ${releases} releases), all ${all.length} sources together ${found.prior.toFixed(1)}. ` +
      'The scores are associated with the source, after what the other sources of those releases account for; other ' +
      'features of theirs may matter as well.',
    impact_prediction: `About ${Math.abs(score - found.prior).toFixed(1)} points of the score ${better ? 'above' : 'below'} the average source, if the association holds.`,
    implementation_difficulty: 'easy: a choice at the next selection of clips',
    affected_content: [],
    data_supporting: {
      source_name,
      rank: found.rank,
      score,
      lower,
      upper,
      releases,
      prior: found.prior,
      predicted_impact: sourceImpact(found),
    },
  };
}
