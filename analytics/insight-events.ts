/** Insights from trends and anomalies of single contents. */
import { platformName } from '../contracts/vocabulary.js';
import { formatP, spoken } from './correlation.js';
import { figure, percent, percentRange, priorityOf, rankOf } from './insight-rank.js';
import type { AnomalyFinding, Insight, TrendFinding, TrendOutlook } from './insight-findings.js';
import { predictedImpact, type PredictedImpact } from './insight-impact.js';

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
  if (found.outlook !== null && found.outlook.change > 0 !== rising) return null;
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
      `${spoken(metric)} of “${title}” on ${platformName(platform)} ${rising ? 'keep rising' : 'keep falling'}`.replace(
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
        : `If nothing changes, the coming ${found.outlook.days} days are forecast ${percent(found.outlook.change)} ${found.outlook.change < 0 ? 'below' : 'above'} the last ones (95 % interval ${percentRange(found.outlook.low, found.outlook.high)}).`,
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
      outlook: found.outlook?.change ?? null,
      predicted_impact: found.outlook === null ? null : trendImpact(metric, found.outlook),
    },
  };
}

/** The forecast itself, for want of a known effect of any action; the baseline is that nothing changes. */
function trendImpact(
  metric: string,
  { change, low, high, days, recent }: TrendOutlook,
): PredictedImpact | null {
  return predictedImpact({
    ...{ metric, low, expected: change, high },
    ...{ unit: 'relative change', horizon_days: days, baseline: 0, base: recent },
  });
}

const anomalyTitles: Record<AnomalyFinding['kind'], string> = {
  spike: 'jumped',
  drop: 'dropped',
  level: 'moved to another level',
  silence: 'went silent',
};

/** Every recent anomaly asks to be looked at; a silence first of all, since it may be a fault. */
export function anomalyInsight(found: AnomalyFinding): Insight {
  const { kind, metric, platform, title, day, value, expected, span } = found;
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
    title:
      `${spoken(metric)} of “${title}” on ${platformName(platform)} ${anomalyTitles[kind]} on ${day}`.replace(
        /^./,
        (first) => first.toUpperCase(),
      ),
    description: `${figure(value)}${span > 1 ? ` a day over ${span} days` : ''} where ${figure(found.lower)} to ${figure(found.upper)} were expected. ${advice[kind]}`,
    impact_prediction:
      `${figure(Math.abs(value - expected))} ${spoken(metric)} ${value < expected ? 'fewer' : 'more'} than expected ${span > 1 ? `on each of ${span} days` : 'that day'}; ` +
      `${kind === 'level' ? 'the new level is expected to stay' : 'within a week it is expected back between these limits'}.`,
    implementation_difficulty: 'easy: a look at one content',
    affected_content: [found.contentKey],
    data_supporting: {
      ...{ metric, platform, day, span_days: span, kind, value, expected },
      lower: found.lower,
      upper: found.upper,
      score: found.score,
      direction: found.direction,
      predicted_impact: anomalyImpact(found),
    },
  };
}

/** Days over which it shows whether an event was one of a day or a new level. */
const settlingDays = 7;

/** A level stays, and everything else passes; the baseline is the contrary of it. */
function anomalyImpact(found: AnomalyFinding): PredictedImpact | null {
  const { kind, metric, value, expected, lower, upper } = found;
  const told = { metric, unit: 'a day', horizon_days: settlingDays } as const;
  return kind === 'level'
    ? predictedImpact({
        ...told,
        ...{ low: Math.min(value, value + lower - expected), expected: value },
        ...{ high: Math.max(value, value + upper - expected), baseline: expected },
      })
    : predictedImpact({ ...told, low: lower, expected, high: upper, baseline: value });
}
