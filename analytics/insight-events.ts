/** Insights from trends and anomalies of single contents. */
import { formatP, spoken } from './correlation.js';
import { figure, percent, percentRange, priorityOf, rankOf } from './insight-rank.js';
import type { AnomalyFinding, Insight, TrendFinding } from './insight-findings.js';

const strengthConfidence = { weak: 0.4, moderate: 0.7, strong: 0.95 } as const;

/**
 * A rising or falling trend that is more than weak and that its own forecast does not contradict; null for the
 * others.
 */
export function trendInsight(found: TrendFinding): Insight | null {
  const { direction, strength, growth, metric, platform, title } = found;
  if ((direction !== 'rising' && direction !== 'falling') || strength === 'weak' || growth === null)
    return null;
  const rising = direction === 'rising';
  if (found.outlook !== null && found.outlook > 0 !== rising) return null;
  const difficulty = rising ? 'easy' : 'moderate';
  const rank = rankOf(growth, strengthConfidence[strength], difficulty);
  const interval =
    found.growthInterval === null ? '' : ` (95 % interval ${percentRange(...found.growthInterval)})`;
  return {
    key: `${direction}_trend/${found.contentKey}/${metric}`,
    rank,
    insight_type: `${direction}_trend`,
    priority: priorityOf(rank),
    title:
      `${spoken(metric)} of “${title}” on ${platform} ${rising ? 'keep rising' : 'keep falling'}`.replace(
        /^./,
        (first) => first.toUpperCase(),
      ),
    description:
      `The last week brought ${percent(growth)} ${growth < 0 ? 'less' : 'more'} than the first one of the period${interval}; ` +
      `the trend is ${strength} (p ${formatP(found.pValue)}). ` +
      (rising
        ? 'Worth featuring again while it lasts: links, playlists, a follow-up.'
        : 'Worth a look at title, thumbnail and where it is still linked from.'),
    impact_prediction:
      found.outlook === null
        ? 'No forecast yet.'
        : `If nothing changes, the coming days are forecast ${percent(found.outlook)} ${found.outlook < 0 ? 'below' : 'above'} the last ones.`,
    implementation_difficulty: rising
      ? 'easy: promotion of what exists'
      : 'moderate: new packaging of what exists',
    affected_content: [found.contentKey],
    data_supporting: {
      metric,
      platform,
      direction,
      strength,
      growth,
      growth_interval: found.growthInterval,
      p_value: found.pValue,
      outlook: found.outlook,
    },
  };
}

const anomalyTitles: Record<AnomalyFinding['kind'], string> = {
  spike: 'jumped',
  drop: 'dropped',
  level: 'moved to another level',
  silence: 'went silent',
};

/** Every recent anomaly asks to be looked at; a silence first of all, since it may be a fault. */
export function anomalyInsight(found: AnomalyFinding): Insight {
  const { kind, metric, platform, title, day, value, expected } = found;
  const effect = expected > 0 ? value / expected - 1 : Math.sign(value - expected);
  const rank = rankOf(
    effect,
    1 - 1 / Math.max(1, Math.abs(found.score)),
    kind === 'silence' ? 'easy' : 'moderate',
  );
  const advice: Record<AnomalyFinding['kind'], string> = {
    spike: 'Find out where the audience came from, and build on it.',
    drop: 'Check whether the content is still reachable and linked.',
    level: 'Compare what changed that day: packaging, promotion, a recommendation.',
    silence: 'Check that the content is still public and that its figures still arrive.',
  };
  return {
    key: `anomaly/${found.contentKey}/${metric}/${day}`,
    rank,
    insight_type: 'anomaly',
    priority: priorityOf(rank),
    title: `${spoken(metric)} of “${title}” on ${platform} ${anomalyTitles[kind]} on ${day}`.replace(
      /^./,
      (first) => first.toUpperCase(),
    ),
    description: `${figure(value)} where ${figure(found.lower)} to ${figure(found.upper)} were expected. ${advice[kind]}`,
    impact_prediction: `${figure(Math.abs(value - expected))} ${spoken(metric)} ${value < expected ? 'fewer' : 'more'} than expected that day.`,
    implementation_difficulty: 'easy: a look at one content',
    affected_content: [found.contentKey],
    data_supporting: {
      ...{ metric, platform, day, kind, value, expected },
      lower: found.lower,
      upper: found.upper,
      score: found.score,
      direction: found.direction,
    },
  };
}
