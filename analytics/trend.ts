/** Where a series is heading: direction with strength, slope, growth, volatility and what repeats in it. */
import type { TrendDirection, TrendStrength } from '../contracts/vocabulary.js';
import { growthOf } from './growth.js';
import type { LaunchDecay } from './launch-decay.js';
import { findSeasons, type Season } from './season-search.js';
import { robustSlope, type RobustSlope } from './slope.js';
import { countFinite, mean, scaledMad } from './summary.js';

export const trendMethod = { method: 'theil-sen', version: 2 } as const;

export interface TrendOptions {
  /** Below this many finite points nothing is said. */
  minPoints: number;
  /** ISO day of the first value: the weekly pattern begins with Monday. */
  startDay: string;
  /** Points a day: 1 unless told, 24 for hours; null where unknown. */
  samplesPerDay?: number | null;
  /** Period of the only pattern that is looked for, 1 for none; all of them unless told. */
  season?: number;
  /** Level of the test of the trend; 0.05 unless told. */
  significance?: number;
  /** The launch that the values are part of; `launchOffset` is the values' first index in its curve. */
  launch?: LaunchDecay;
  launchOffset?: number;
}

export interface TrendResult {
  method: string;
  version: number;
  parameters: { min_points: number; significance: number; season: number | null };
  direction: TrendDirection;
  strength: TrendStrength;
  /** Change a point of what seasons and launch decay leave, by Theil–Sen, with its 95 % interval. */
  slope: number;
  slope_interval: [low: number, high: number];
  /** Level of that line at the first and at the last point that it was fitted to. */
  fitted: [first: number, last: number];
  /** Mann and Kendall's tau and its p, for noise that remembers. */
  tau: number;
  p_value: number;
  /** Memory of the noise from one point to the next, and how many independent points tell as much. */
  autocorrelation: number;
  effective_n: number;
  /** Share of the variance that the line explains; null for constant values. */
  r_squared: number | null;
  /** Robust spread of the residuals about line and pattern, over the level; null at a level of zero. */
  volatility: number | null;
  /** Mean of the last week over that of the first, less 1, with its 95 % interval; null at zero. */
  growth: number | null;
  growth_interval: [low: number, high: number] | null;
  /** What repeats, the plainest first, each with its pattern. */
  seasons: Season[];
  /** The season that makes the series cyclical; null where another direction holds. */
  cycle: Season | null;
  /** Null where the values are no part of a launch; `still` where its decay has not ended before them. */
  launch: { still: boolean; half_life_days: number | null } | null;
  n: number;
}

export interface Withheld {
  withheld: string;
}

/** «needs N more days» and the like: why there is no answer. */
export function needsMoreDays(known: number, minimum: number): string {
  const missing = minimum - known;
  return `needs ${missing} more ${missing === 1 ? 'day' : 'days'}`;
}

/** A change over the whole series of less than this share of its level is no trend, however certain. */
const relevantChange = 0.1;
/** A season names the direction when it explains this much and its crest stands this share above its trough. */
const cycleShare = 0.5;
const cycleSwing = 0.2;
/** A week does so when it explains this much and its best day stands this share of the level above its worst. */
const weekShare = 0.6;
const weekSwing = 0.6;

/**
 * Trend of equidistant values; NaN is a gap. What repeats is found and taken out first. Rising or falling needs
 * a significant Mann–Kendall test over noise that remembers and a change of a tenth of the level; cyclical a
 * season that explains more than the line and half of what the line leaves, or else a week whose days differ by
 * most of the level; all else is stable. Of a launch, slope and test are those of what the fitted decay leaves, and
 * of the days after its end where they are enough; where they are not, direction is weakly falling, as launches are.
 */
export function analyzeTrend(values: Float64Array, options: TrendOptions): TrendResult | Withheld {
  const minimum = Math.max(3, options.minPoints);
  const n = countFinite(values);
  if (n < minimum) return { withheld: needsMoreDays(n, minimum) };
  const significance = options.significance ?? 0.05;
  const samplesPerDay = options.samplesPerDay === undefined ? 1 : options.samplesPerDay;
  const { seasons, levels } = findSeasons(values, {
    startDay: options.startDay,
    ...(samplesPerDay === null ? {} : { samplesPerDay }),
    ...(options.season === undefined ? {} : { period: options.season }),
  });
  const { told, still } = afterLaunch(levels, options, minimum);
  const line = robustSlope(told)!;
  const level = Math.abs(mean(told));
  const last = line.intercept + line.slope * (told.length - 1);
  const residuals = told.map((value, i) => value - line.intercept - line.slope * i);
  const isTrend = line.p < significance && Math.abs(last - line.intercept) > relevantChange * level;
  const volatility = level > 0 ? scaledMad(residuals) / level : null;
  const growth = growthOf(levels, line.autocorrelation);
  const cycle = seasons.find((season) => namesDirection(season, level)) ?? null;
  const judged: Judgement = still
    ? { direction: 'falling', strength: 'weak', cycle: null }
    : judge({ isTrend, line, cycle, volatility });
  return {
    ...trendMethod,
    parameters: { min_points: minimum, significance, season: options.season ?? null },
    ...judged,
    slope: line.slope,
    slope_interval: line.interval,
    fitted: [line.intercept, last],
    tau: line.tau,
    p_value: line.p,
    autocorrelation: line.autocorrelation,
    effective_n: line.effective_n,
    r_squared: Number.isFinite(line.r_squared) ? Math.max(0, line.r_squared) : null,
    volatility,
    growth: growth?.growth ?? null,
    growth_interval: growth?.interval ?? null,
    seasons,
    launch: options.launch?.isLaunch === true ? { still, half_life_days: options.launch.halfLifeDays } : null,
    n,
  };
}

/** What the decay leaves of the values: of those after its end where they are enough, of all of them otherwise. */
function afterLaunch(
  levels: Float64Array,
  options: TrendOptions,
  minimum: number,
): { told: Float64Array; still: boolean } {
  const { launch, launchOffset = 0 } = options;
  const curve = launch?.curve ?? null;
  if (launch === undefined || curve === null) return { told: levels, still: false };
  const end = curve.at(-1)!;
  const left = levels.map((value, i) => (value * end) / curve[launchOffset + i]!);
  const rest = left.subarray(Math.max(0, launch.until - launchOffset));
  const isEnough = countFinite(rest) >= Math.max(minimum, fewestAfterLaunch);
  return isEnough ? { told: rest, still: false } : { told: left, still: true };
}

/** Two weeks: fewer days after a decay say nothing of their own. */
const fewestAfterLaunch = 14;

function namesDirection(season: Season, level: number): boolean {
  const { effects, multiplicative, strength, kind } = season;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const effect of effects) {
    low = Math.min(low, effect);
    high = Math.max(high, effect);
  }
  const swing = (high - low) / (multiplicative ? 1 : level);
  return kind === 'weekly' || kind === 'daily'
    ? strength >= weekShare && swing >= weekSwing
    : strength >= cycleShare && swing >= cycleSwing;
}

interface Judgement {
  direction: TrendDirection;
  strength: TrendStrength;
  cycle: Season | null;
}

function judge(evidence: {
  isTrend: boolean;
  line: RobustSlope;
  cycle: Season | null;
  volatility: number | null;
}): Judgement {
  const { isTrend, line, cycle, volatility } = evidence;
  // A week is a lesser answer than a trend; a longer cycle is one where it explains more than the line.
  const everyday = cycle?.kind === 'weekly' || cycle?.kind === 'daily';
  if (cycle !== null && !(isTrend && (everyday || line.r_squared > cycle.strength))) {
    const strength = everyday ? grade(cycle.strength, 0.7, 0.85) : grade(cycle.strength, 0.6, 0.8);
    return { direction: 'cyclical', strength, cycle };
  }
  if (isTrend) {
    const strength = grade(Math.abs(line.tau), 0.3, 0.6);
    return { direction: line.tau > 0 ? 'rising' : 'falling', strength, cycle: null };
  }
  // A stable series is strongly so when it keeps close to its level.
  return { direction: 'stable', strength: grade(-(volatility ?? 0), -0.3, -0.1), cycle: null };
}

function grade(value: number, moderate: number, strong: number): TrendStrength {
  return value >= strong ? 'strong' : value >= moderate ? 'moderate' : 'weak';
}
