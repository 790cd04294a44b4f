/** One series' trend, change points and forecast, put together as callers read them. */
import { addDays, daysBetween } from '../analytics/calendar.js';
import { detectChangePoints } from '../analytics/change-points.js';
import { recogniseLaunch, type LaunchDecay } from '../analytics/launch-decay.js';
import type { Season } from '../analytics/season-search.js';
import { prepareSeries, type DailySeries } from '../analytics/series.js';
import { countFinite, mean } from '../analytics/summary.js';
import { analyzeTrend, needsMoreDays, trendMethod, type TrendResult } from '../analytics/trend.js';
import { forecastSeries, type ForecastSubject } from './forecast-series.js';
import { trendSentences } from './trend-sentences.js';
import type {
  SeasonalityPattern,
  TrendAnalysis,
  TrendChangePoint,
  TrendLaunch,
  TrendPrediction,
} from '../contracts/models.js';

export interface TrendSubject extends DailySeries, ForecastSubject {
  metric: string;
  breaks: readonly string[];
  /** Those of the breaks whose two sides differ by a factor alone; none unless told. */
  bridges?: readonly string[];
  minPoints: number;
  /** Days that the trend is told of; the forecast learns from the whole series since the last break. */
  trendDays: number;
}

export interface AssembledTrend {
  method: string;
  methodVersion: string;
  /** Fewest points, level of the tests, days looked at: also where the trend is withheld. */
  parameters: Record<string, number | null>;
  periodStart: string | null;
  periodEnd: string | null;
  /** Days with a value in the period. */
  points: number;
  slope: number | null;
  analysis: TrendAnalysis | null;
  /** The days ahead, also where the trend is withheld; empty where there is no forecast. */
  predictions: TrendPrediction[];
  backtest: Record<string, unknown> | null;
  withheld: string | null;
}

/**
 * Trend, change points, forecast and the sentences about them. Withheld, with the reason, below the minimum of
 * points; the forecast has a minimum of its own, which is lower where earlier releases lend their shape.
 */
export function assembleTrend(subject: TrendSubject): AssembledTrend {
  const { bridges = [] } = subject;
  const preparation = {
    definitionBreaks: subject.breaks.filter((day) => !bridges.includes(day)),
    comparableBreaks: bridges,
  };
  const whole = prepareSeries(subject, preparation);
  const recent = prepareSeries(subject, { ...preparation, lastDays: subject.trendDays });
  const method = {
    ...{ method: trendMethod.method, methodVersion: String(trendMethod.version) },
    parameters: { min_points: subject.minPoints, trend_days: subject.trendDays },
  };
  if (whole === null || recent === null) {
    return {
      ...method,
      ...{ periodStart: null, periodEnd: null, points: 0 },
      ...{ slope: null, analysis: null, predictions: [], backtest: null },
      withheld: needsMoreDays(0, subject.minPoints),
    };
  }
  const period = {
    periodStart: recent.startDay,
    periodEnd: addDays(recent.startDay, recent.values.length - 1),
    points: countFinite(recent.values),
  };
  const launch = launchOf(whole, subject.publishedOn ?? null);
  const launchOffset = daysBetween(whole.startDay, recent.startDay);
  const trend = analyzeTrend(recent.values, {
    minPoints: subject.minPoints,
    startDay: recent.startDay,
    launch,
    launchOffset,
  });
  const { predictions, backtest } = lookAhead(whole, subject);
  if ('withheld' in trend) {
    const { withheld } = trend;
    return { ...method, ...period, slope: null, analysis: null, predictions, backtest, withheld };
  }
  const changes = changesOf(recent, trend, launch.curve?.subarray(launchOffset) ?? null);
  const analysis: TrendAnalysis = {
    metric_name: subject.metric,
    time_period: [period.periodStart, period.periodEnd],
    overall_direction: trend.direction,
    strength: trend.strength,
    trend_points: Array.from(recent.values, (value, index) => ({
      timestamp: addDays(recent.startDay, index),
      value: Number.isFinite(value) ? value : null,
    })),
    seasonality_patterns: trend.seasons.map(patternOf),
    change_points: changes,
    predictions,
    key_insights: trendSentences({
      ...{ metric: subject.metric, trend, changes, predictions },
      values: recent.values,
    }),
    statistical_metrics: statisticsOf(trend, recent.values),
    launch_decay: toldLaunch(launch, trend, whole),
    method: method.method,
    method_version: method.methodVersion,
    parameters: { ...trend.parameters, trend_days: subject.trendDays },
  };
  return {
    ...{ ...method, ...period, parameters: analysis.parameters },
    ...{ slope: trend.slope, analysis, predictions, backtest, withheld: null },
  };
}

function lookAhead(
  series: DailySeries,
  subject: ForecastSubject,
): { predictions: TrendPrediction[]; backtest: AssembledTrend['backtest'] } {
  const { result, shapeWithheld } = forecastSeries(series, subject);
  if ('withheld' in result) return { predictions: [], backtest: { withheld: result.withheld } };
  const next = addDays(series.startDay, series.values.length);
  return {
    predictions: Array.from(result.mean, (value, index) => ({
      timestamp: addDays(next, index),
      value,
      lower_80: result.lo80[index]!,
      upper_80: result.hi80[index]!,
      lower_95: result.lo95[index]!,
      upper_95: result.hi95[index]!,
    })),
    backtest: {
      method: result.method,
      version: result.version,
      parameters: result.parameters,
      n: result.n,
      weights: result.weights,
      ...result.backtest,
      ...(shapeWithheld === null ? {} : { launch_shape_withheld: shapeWithheld }),
    },
  };
}

/** A launch is looked for from its publication on: later days alone do not show its shape. */
function launchOf(whole: DailySeries, publishedOn: string | null): LaunchDecay {
  return recogniseLaunch(whole.values, {
    ageAtStart: publishedOn === null ? null : daysBetween(publishedOn, whole.startDay),
  });
}

function toldLaunch(launch: LaunchDecay, trend: TrendResult, whole: DailySeries): TrendLaunch | null {
  if (trend.launch === null) return null;
  return {
    still_in_decay: trend.launch.still,
    half_life_days: launch.halfLifeDays,
    until: launch.until < whole.values.length ? addDays(whole.startDay, launch.until) : null,
  };
}

/** Segmentation is of what is likely; of a walk at random it keeps turns that a coin would have made as well. */
const leastConfidence = 0.5;

/** The season that the trend found is the change points' too, and a launch's decay no change. */
function changesOf(recent: DailySeries, trend: TrendResult, course: Float64Array | null): TrendChangePoint[] {
  const season = trend.seasons.find(({ length }) => Number.isInteger(length));
  const result = detectChangePoints(recent.values, {
    period: season?.length ?? 1,
    ...(course === null ? {} : { course }),
  });
  return result.change_points
    .filter(({ confidence }) => confidence >= leastConfidence)
    .map(({ index, kind, before, after, size, relative_size, confidence }) => ({
      timestamp: addDays(recent.startDay, index),
      ...{ kind, before, after, size, relative_size, confidence },
    }));
}

function patternOf(season: Season): SeasonalityPattern {
  const { kind, length, strength, p, multiplicative, effects } = season;
  return {
    period: kind === 'other' ? `${length} points` : kind,
    period_length: length,
    strength,
    p_value: p,
    multiplicative,
    effects: Array.from(effects),
  };
}

function statisticsOf(trend: TrendResult, values: Float64Array): Record<string, number | null> {
  return {
    r_squared: trend.r_squared,
    slope: trend.slope,
    slope_low: trend.slope_interval[0],
    slope_high: trend.slope_interval[1],
    p_value: trend.p_value,
    tau: trend.tau,
    mean: mean(values),
    volatility: trend.volatility,
    growth: trend.growth,
    growth_low: trend.growth_interval?.[0] ?? null,
    growth_high: trend.growth_interval?.[1] ?? null,
    cycle_days: trend.cycle?.length ?? null,
    autocorrelation: trend.autocorrelation,
    effective_points: trend.effective_n,
    points: trend.n,
  };
}
