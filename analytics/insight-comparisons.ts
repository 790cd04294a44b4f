/** Insights from comparisons: with benchmarks, between platforms, and between the variants of a test. */
import { platformName } from '../contracts/vocabulary.js';
import { spoken } from './correlation.js';
import { predictedImpact, type PredictedImpact } from './insight-impact.js';
import { figure, percent, percentRange, priorityOf, rankOf } from './insight-rank.js';
import type { BenchmarkFinding, ExperimentFinding, Insight, PlatformFinding } from './insight-findings.js';

/** Days in which enough further contents come out to tell whether a difference holds among them. */
const followedDays = 90;
/** What stands far from its peers is followed by what stands nearer (Galton's regression): half of the way. */
const expectedShare = 0.5;
/** Ratio from which two figures are not of one kind, and a share of one another says nothing. */
const mostApart = 1e9;

function relativeImpact(
  metric: string,
  [low, expected, high]: readonly [number, number, number],
): PredictedImpact | null {
  return predictedImpact({
    ...{ metric, low, expected, high },
    ...{ unit: 'relative change', horizon_days: followedDays, baseline: 0 },
  });
}

/** A content below its peers' p30 or above their p70 at the same age; null between, and where nothing is known of it. */
export function benchmarkInsight(found: BenchmarkFinding): Insight | null {
  const { metric, platform, title, ageDays, value, p30, median, p70, peers, origin } = found;
  if ((value >= p30 && value <= p70) || !(value > 0) || !(median > 0)) return null;
  if (Math.max(value / median, median / value) > mostApart) return null;
  const isHigh = value > p70;
  const toMedian = median / value - 1;
  const rank = rankOf(
    expectedShare * (isHigh ? value / median - 1 : toMedian),
    1 - 1 / (1 + peers),
    isHigh ? 'easy' : 'moderate',
  );
  const whose = origin === 'own' ? 'the team’s own contents' : 'contents elsewhere';
  const about = `${spoken(metric)} of “${title}” on ${platformName(platform)}`;
  return {
    key: `benchmark_${isHigh ? 'above' : 'below'}/${found.contentKey}/${metric}`,
    rank,
    insight_type: isHigh ? 'benchmark_above' : 'benchmark_below',
    priority: priorityOf(rank),
    title: `${about.charAt(0).toUpperCase()}${about.slice(1)} ${isHigh ? 'lead' : 'trail'} the benchmark at day ${ageDays}`,
    description:
      `${figure(value)} where the middle of ${peers} of ${whose} had ${figure(median)} at that age ` +
      `(p30 ${figure(p30)}, p70 ${figure(p70)}).`,
    impact_prediction: isHigh
      ? `${percent(value / median - 1)} above the median; the next one like it is expected nearer to the median.`
      : `Reaching the median would be ${percent(toMedian)} more ${spoken(metric)} at that age.`,
    implementation_difficulty: isHigh ? 'easy: repeat what worked' : 'moderate: new packaging or promotion',
    affected_content: [found.contentKey],
    data_supporting: {
      ...{ metric, platform, age_days: ageDays, value, p30, median, p70, peers, origin },
      predicted_impact: relativeImpact(
        metric,
        [p30 / value - 1, expectedShare * toMedian, p70 / value - 1].sort((a, b) => a - b) as [
          number,
          number,
          number,
        ],
      ),
    },
  };
}

/** One platform ahead of another at equal age. */
export function platformInsight(found: PlatformFinding, contentKeys: readonly string[]): Insight {
  const { metric, platform, other, relative, low, high, adjustedP, contents } = found;
  const rank = rankOf(relative, 1 - adjustedP, 'hard');
  return {
    key: `platform_difference/${platform}/${other}/${metric}`,
    rank,
    insight_type: 'platform_difference',
    priority: priorityOf(rank),
    title: `${platformName(platform)} goes with more ${spoken(metric)} than ${platformName(other)}`,
    description:
      `At equal age contents on ${platformName(platform)} have ${percent(relative)} more ${spoken(metric)} than those on ${platformName(other)} ` +
      `(95 % interval ${percentRange(low, high)}, ${contents} contents). The platform is associated with the difference; ` +
      'what is published there may differ as well.',
    impact_prediction: `About ${percent(relative)} more ${spoken(metric)} a content, if the association holds.`,
    implementation_difficulty: 'hard: reaches beyond a single release',
    affected_content: [...contentKeys],
    data_supporting: {
      ...{ metric, platform, other, relative, low, high, adjusted_p_value: adjustedP, contents },
      predicted_impact: relativeImpact(metric, [low, relative, high]),
    },
  };
}

/** A test with a winner. */
export function experimentInsight(found: ExperimentFinding): Insight {
  const { name, metric, winner, control, lift, low, high, confidence, observations, contentKeys } = found;
  const rank = rankOf(lift, confidence, 'easy');
  const interval = `${Math.round(100 * confidence)} % interval ${percentRange(low, high)}`;
  return {
    key: `experiment/${name}`,
    rank,
    insight_type: 'experiment',
    priority: priorityOf(rank),
    title: `Use “${winner}”: it won the test “${name}”`,
    description:
      `“${winner}” had ${percent(lift)} ${lift < 0 ? 'less' : 'more'} ${spoken(metric)} than “${control}” ` +
      `(${interval}, ${figure(observations)} observations).`,
    impact_prediction: `About ${percent(lift)} ${lift < 0 ? 'less' : 'more'} ${spoken(metric)} with “${winner}” than with “${control}” (${interval}).`,
    implementation_difficulty: 'easy: the variant exists',
    affected_content: [...contentKeys],
    data_supporting: {
      ...{ test_name: name, metric, winner, control, lift, low, high, confidence, observations },
      predicted_impact: relativeImpact(metric, [low, lift, high]),
    },
  };
}
