/** Where a series is heading: direction with strength, slope, growth, volatility and the weekly pattern. */
import type { TrendDirection, TrendStrength } from '../contracts/vocabulary.js';
import { weekdayOf } from './calendar.js';
import { findCycle, type Cycle } from './cycle.js';
import { normalQuantile } from './distributions.js';
import { mannKendall, theilSen } from './regression.js';
import { deseasonalise, seasonalPattern, type SeasonalPattern } from './seasonality.js';
import { autocorrelation, countFinite, mean, median, variance } from './summary.js';

export const trendMethod = { method: 'theil-sen', version: 1 } as const;

export interface TrendOptions {
  /** Below this many finite points nothing is said. */
  minPoints: number;
  /** ISO day of the first value: the weekly pattern begins with Monday. */
  startDay: string;
  /** Period of the pattern that is looked for; 7 unless told, 1 for none. */
  season?: number;
  /** Level of the tests; 0.05 unless told. */
  significance?: number;
}

export interface TrendResult {
  method: string;
  version: number;
  direction: TrendDirection;
  strength: TrendStrength;
  /** Change a day of the values without their weekly pattern, by Theil–Sen, with its 95 % interval. */
  slope: number;
  slope_interval: [low: number, high: number];
  /** Level of that line at the first and at the last day. */
  fitted: [first: number, last: number];
  /** Mann and Kendall's tau and its p, the variance widened for autocorrelation. */
  tau: number;
  p_value: number;
  /** Share of the variance that the line explains; null for constant values. */
  r_squared: number | null;
  /** Robust spread of the residuals about line and pattern, over the level; null at a level of zero. */
  volatility: number | null;
  /** Mean of the last week over that of the first, less 1, with its 95 % interval; null at zero. */
  growth: number | null;
  growth_interval: [low: number, high: number] | null;
  /** The pattern of the season, where it passed its test. */
  seasonality: SeasonalPattern | null;
  /** A cycle of another length, where it foretells its own second half. */
  cycle: Cycle | null;
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
/** A cycle names the direction when it explains this much and swings by this share of the level. */
const cycleShare = 0.5;
const cycleSwing = 0.1;
/** A week does so when it explains this much and its best day stands this share of the level above its worst. */
const weekShare = 0.6;
const weekSwing = 0.6;

/**
 * Trend of daily values; NaN is a gap. The weekly pattern is taken out first where Kruskal and Wallis's test
 * finds it. Rising or falling needs a significant Mann–Kendall test (its variance widened by (1+φ)/(1−φ) for
 * residuals with autocorrelation φ) and a change of a tenth of the level; cyclical a wave that explains more
 * than the line and half of what the line leaves, or else a week whose days differ by most of the level; all
 * else is stable.
 */
export function analyzeTrend(values: Float64Array, options: TrendOptions): TrendResult | Withheld {
  const minimum = Math.max(3, options.minPoints);
  const n = countFinite(values);
  if (n < minimum) return { withheld: needsMoreDays(n, minimum) };
  const significance = options.significance ?? 0.05;
  const season = options.season ?? 7;
  const phase = season === 7 ? weekdayOf(options.startDay) - 1 : 0;
  const pattern = seasonalPattern(values, season, phase);
  const seasonality = pattern !== null && isClear(pattern, significance) ? pattern : null;
  const levels = seasonality === null ? values : deseasonalise(values, seasonality, phase);
  const line = theilSen(levels)!;
  const residuals = levels.map((value, i) => value - line.intercept - line.slope * i);
  const correlation = Math.min(0.9, Math.max(0, autocorrelation(residuals, 1)));
  const inflation = (1 + correlation) / (1 - correlation);
  const test = mannKendall(levels, inflation)!;
  const level = Math.abs(mean(levels));
  const last = line.intercept + line.slope * (values.length - 1);
  const cycle = findCycle(levels);
  const change = Math.abs(last - line.intercept);
  const isTrend = test.p < significance && change > relevantChange * level;
  const reach = (Math.sqrt(inflation) * (line.interval[1] - line.interval[0])) / 2;
  const waves = namesDirection(cycle, level, significance) ? cycle : null;
  const volatility = level > 0 ? spread(residuals) / level : null;
  return {
    ...trendMethod,
    ...judge({ isTrend, tau: test.tau, fit: line.r_squared, waves, seasonality, level, volatility }),
    slope: line.slope,
    slope_interval: [line.slope - reach, line.slope + reach],
    fitted: [line.intercept, last],
    tau: test.tau,
    p_value: test.p,
    r_squared: Number.isFinite(line.r_squared) ? line.r_squared : null,
    volatility,
    ...growthOf(levels, inflation),
    seasonality,
    cycle: waves,
    n,
  };
}

/**
 * Every series is asked, and what the centred mean leaves is not quite independent: a tenth of the level, and a
 * fifth of the variance, keep chance patterns to one in a hundred.
 */
function isClear(pattern: SeasonalPattern, significance: number): boolean {
  return pattern.p < significance / 10 && pattern.strength >= 0.2;
}

function spread(residuals: Float64Array): number {
  const centre = median(residuals);
  return 1.482602218505602 * median(residuals.map((residual) => Math.abs(residual - centre)));
}

function namesDirection(cycle: Cycle | null, level: number, significance: number): cycle is Cycle {
  return (
    cycle !== null &&
    cycle.p < significance / 10 &&
    cycle.strength >= cycleShare &&
    cycle.amplitude >= cycleSwing * level
  );
}

interface Evidence {
  isTrend: boolean;
  tau: number;
  fit: number;
  waves: Cycle | null;
  seasonality: SeasonalPattern | null;
  level: number;
  volatility: number | null;
}

function judge(evidence: Evidence): { direction: TrendDirection; strength: TrendStrength } {
  const { isTrend, tau, fit, waves, volatility } = evidence;
  if (waves !== null && !(isTrend && fit > waves.strength)) {
    return { direction: 'cyclical', strength: grade(waves.strength, 0.6, 0.8) };
  }
  if (isTrend) return { direction: tau > 0 ? 'rising' : 'falling', strength: grade(Math.abs(tau), 0.3, 0.6) };
  const { seasonality, level } = evidence;
  if (seasonality !== null && isWeekly(seasonality, level)) {
    return { direction: 'cyclical', strength: grade(seasonality.strength, 0.7, 0.85) };
  }
  // A stable series is strongly so when it keeps close to its level.
  return { direction: 'stable', strength: grade(-(volatility ?? 0), -0.3, -0.1) };
}

function isWeekly(pattern: SeasonalPattern, level: number): boolean {
  const swing = Math.max(...pattern.effects) - Math.min(...pattern.effects);
  return pattern.strength >= weekShare && swing >= weekSwing * (pattern.multiplicative ? 1 : level);
}

function grade(value: number, moderate: number, strong: number): TrendStrength {
  return value >= strong ? 'strong' : value >= moderate ? 'moderate' : 'weak';
}

function growthOf(levels: Float64Array, inflation: number): Pick<TrendResult, 'growth' | 'growth_interval'> {
  const window = Math.min(7, levels.length >> 1);
  const first = levels.subarray(0, window);
  const last = levels.subarray(levels.length - window);
  const before = mean(first);
  const after = mean(last);
  if (!(before > 0) || !(after >= 0)) return { growth: null, growth_interval: null };
  const growth = after / before - 1;
  // The delta method on the logarithm of the ratio: relative variances of the two means add up.
  const relative =
    variance(first) / (before * before * countFinite(first)) +
    variance(last) / (after * after * countFinite(last));
  if (!Number.isFinite(relative)) return { growth, growth_interval: null };
  const factor = Math.exp(normalQuantile(0.975) * Math.sqrt(relative * inflation));
  return { growth, growth_interval: [(1 + growth) / factor - 1, (1 + growth) * factor - 1] };
}
