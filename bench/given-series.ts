/** The public series that lie beside the project and are no part of it: read where they are, kept nowhere. */
import { existsSync, readFileSync } from 'node:fs';
import type { AnnotatedSeries } from './scoring/change-point-scores.js';
import type { ForecastCase } from './scoring/forecast-scores.js';
import type { WindowedSeries } from './scoring/stream-anomaly-scores.js';

const folder = new URL('../../shared/data/analytics/', import.meta.url);

export const forecastSets = [
  'm3_monthly',
  'nn5_daily',
  'tourism_monthly',
  'm4_weekly',
  'm4_hourly',
  'wp_daily',
] as const;
export type ForecastSet = (typeof forecastSets)[number];

/** Whether they are there; says so on standard error where they are not. */
export function hasGivenSeries(): boolean {
  const found = existsSync(folder);
  if (!found) console.error(`LEFT OUT: the given series, since there is no folder ${folder.pathname}`);
  return found;
}

function rows<Row>(name: string): Row[] {
  return readFileSync(new URL(name, folder), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Row);
}

/** The rows of two files of the same series, in the order of the first. */
function withTruth<Series extends { id: string }, Truth extends { id: string }>(
  series: readonly Series[],
  truths: readonly Truth[],
): (readonly [Series, Truth])[] {
  const byId = new Map(truths.map((truth) => [truth.id, truth]));
  return series.map((one) => [one, byId.get(one.id)!] as const);
}

export function givenForecastCases(set: ForecastSet): ForecastCase[] {
  return withTruth(
    rows<{ id: string; period: number; train: number[] }>(`forecast/${set}.jsonl`),
    rows<{ id: string; test: number[] }>(`forecast/${set}.truth.jsonl`),
  ).map(([{ period, train }, { test }]) => ({
    period,
    train: Float64Array.from(train),
    test: Float64Array.from(test),
  }));
}

export interface GivenAnnotated extends AnnotatedSeries {
  /** One array a dimension; NaN for a gap. */
  dimensions: Float64Array[];
}

export function givenChangePoints(): GivenAnnotated[] {
  return withTruth(
    rows<{ id: string; n: number; dims: number; values: Nullable[] | Nullable[][] }>('cpd/series.jsonl'),
    rows<{ id: string; annotations: Record<string, number[]> }>('cpd/truth.jsonl'),
  ).map(([{ n, values }, { annotations }]) => ({
    n,
    annotations: Object.values(annotations),
    dimensions: isNested(values) ? dimensionsOf(values, n) : [numbers(values)],
  }));
}

export interface GivenStream extends WindowedSeries {
  /** Instants in ms since 1970; a time without a zone is UTC. */
  times: Float64Array;
  values: Float64Array;
}

export function givenStreams(): GivenStream[] {
  return withTruth(
    rows<{ id: string; t: string[]; values: Nullable[] }>('anom/series.jsonl'),
    rows<WindowedSeries & { id: string }>('anom/truth.jsonl'),
  ).map(([{ t, values }, { n, windows, probation }]) => ({
    n,
    windows,
    probation,
    times: Float64Array.from(t, (time) => Date.parse(`${time.replace(' ', 'T')}Z`)),
    values: numbers(values),
  }));
}

type Nullable = number | null;

function numbers(values: readonly Nullable[]): Float64Array {
  return Float64Array.from(values, (value) => value ?? Number.NaN);
}

function isNested(values: Nullable[] | Nullable[][]): values is Nullable[][] {
  return Array.isArray(values[0]);
}

/** One array a dimension, whether the rows are dimensions or points. */
function dimensionsOf(values: readonly Nullable[][], n: number): Float64Array[] {
  if (values.length !== n) return values.map(numbers);
  return values[0]!.map((_, dimension) => numbers(values.map((point) => point[dimension]!)));
}
