/** What a trend says, in sentences. */
import { mean as plainMean } from 'simple-statistics';
import { daysBetween } from '../analytics/calendar.js';
import { spoken } from '../analytics/correlation.js';
import { mean } from '../analytics/summary.js';
import type { TrendResult } from '../analytics/trend.js';
import type { TrendChangePoint, TrendPrediction } from '../contracts/models.js';

const weekdays = ['Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays', 'Sundays'];
/** Weekday effects smaller than this share of a usual day are not worth a sentence. */
const notableEffect = 0.1;

export interface TrendFacts {
  metric: string;
  trend: TrendResult;
  changes: readonly TrendChangePoint[];
  predictions: readonly TrendPrediction[];
  /** The days that the trend was told of. */
  values: Float64Array;
}

/** Direction, weekly and other patterns, the latest change of level and the forecast: one sentence each, where there is one. */
export function trendSentences(facts: TrendFacts): string[] {
  return [
    direction(facts),
    pattern(facts.trend),
    otherPattern(facts),
    latestChange(facts),
    outlook(facts),
  ].filter((sentence) => sentence !== null);
}

function direction({ metric, trend, values }: TrendFacts): string {
  const name = capitalised(spoken(metric));
  if (trend.launch?.still === true) return stillInLaunch(name, trend);
  if (trend.direction === 'stable') return `${name} are stable over ${values.length} days.`;
  if (trend.direction === 'cyclical') {
    const length = trend.cycle === null ? '' : ` of about ${Math.round(trend.cycle.length)} days`;
    return `${name} follow a cycle${length} over ${values.length} days.`;
  }
  const growth =
    trend.growth === null ? '' : ` (${signedPercent(trend.growth)} from the first week to the last)`;
  return `${name} are ${trend.direction} over ${values.length} days${growth}, a ${trend.strength} trend.`;
}

/** A fall that every release goes through says nothing about this one; what it leaves may. */
function stillInLaunch(name: string, { launch, p_value, slope, parameters }: TrendResult): string {
  const half = launch?.half_life_days ?? null;
  const speed = half === null ? '' : `, to half of the first day within ${days(half)}`;
  const apart =
    p_value < parameters.significance
      ? `apart from the decay they are ${slope > 0 ? 'rising' : 'falling'}`
      : 'apart from the decay they keep their course';
  return `${name} are still in the launch decay and fall as releases do${speed}; ${apart}.`;
}

function days(count: number): string {
  const whole = Math.max(1, Math.round(count));
  return whole === 1 ? 'a day' : `${whole} days`;
}

function pattern({ seasons }: TrendResult): string | null {
  const week = seasons.find(({ kind }) => kind === 'weekly');
  if (week === undefined || !week.multiplicative) return null;
  const effects = Array.from(week.effects);
  const best = effects.indexOf(Math.max(...effects));
  const worst = effects.indexOf(Math.min(...effects));
  if (effects[best]! - effects[worst]! < notableEffect) return null;
  return `${weekdays[best]} bring ${signedPercent(effects[best]! - 1)} and ${weekdays[worst]} ${signedPercent(effects[worst]! - 1)} against a usual day.`;
}

/** A pattern that is neither the week's nor what made the direction cyclical, which is told of already. */
function otherPattern({ metric, trend }: TrendFacts): string | null {
  const season = trend.seasons.find(({ kind }) => kind !== 'weekly');
  if (season === undefined || season === trend.cycle) return null;
  const length = season.kind === 'monthly' ? 'month' : `${season.length} days`;
  return `${capitalised(spoken(metric))} follow a pattern that repeats every ${length}.`;
}

/** What is told as a fact has to be one, nineteen times in twenty. */
const sure = 0.95;

function latestChange({ metric, changes }: TrendFacts): string | null {
  const change = changes.findLast(({ kind, confidence }) => kind === 'level' && confidence >= sure);
  if (change === undefined) return null;
  return `The level of ${spoken(metric)} moved from ${rounded(change.before)} to ${rounded(change.after)} a day on ${change.timestamp}.`;
}

function outlook({ metric, predictions, values }: TrendFacts): string | null {
  const last = predictions.at(-1);
  const first = predictions[0];
  if (last === undefined || first === undefined) return null;
  const ahead = plainMean(predictions.map(({ value }) => value));
  const behind = mean(values.subarray(Math.max(0, values.length - predictions.length)));
  const against = behind > 0 ? `, ${signedPercent(ahead / behind - 1)} against the days before` : '';
  return `${rounded(ahead)} ${spoken(metric)} a day are expected over the next ${daysBetween(first.timestamp, last.timestamp) + 1} days${against}.`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function signedPercent(share: number): string {
  const percent = Math.round(share * 100);
  return `${percent < 0 ? '−' : '+'}${Math.abs(percent)} %`;
}

function rounded(value: number): string {
  return Math.abs(value) < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en-US');
}
