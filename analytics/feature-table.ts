/**
 * The table of contents × features × outcomes that correlations are computed from, put together with arquero:
 * features derived a content, outcomes pivoted from rows to columns, multi-valued features to one column each.
 */
import * as arquero from 'arquero';
import { dayOf, hourOf, weekdayOf } from './calendar.js';

export interface FeatureSubject {
  contentId: number;
  platform: string;
  format: string | null;
  title: string | null;
  description: string | null;
  publishedAt: Date | null;
  durationSeconds: number | null;
  tags: readonly string[] | null;
  language: string | null;
  /** Numbers and booleans become numeric features, texts categorical ones; all else is left out. */
  attributes: Readonly<Record<string, unknown>>;
  stockSources: readonly string[];
}

export interface Outcome {
  contentId: number;
  metric: string;
  value: number | null;
}

export interface FeatureTable {
  contentIds: number[];
  /** Feature → one value a content, NaN where it is not known. */
  numeric: Map<string, Float64Array>;
  /** Feature → one level a content, null where it is not known. */
  categorical: Map<string, (string | null)[]>;
  /** Metric → one value a content, NaN where it is withheld. */
  outcomes: Map<string, Float64Array>;
}

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
const categoricalColumns = ['platform', 'format', 'language', 'publish_weekday'] as const;
const numericColumns = [
  'duration_seconds',
  'title_length',
  'description_length',
  'tag_count',
  'publish_hour',
] as const;

/** Pivoted columns carry a mark, so that an attribute named like a feature cannot take its place in the join. */
const marks = { outcome: 'outcome:', source: 'source:', number: 'number:', text: 'text:' } as const;

/**
 * One row a content, in the order given; contents without any outcome are kept, with gaps. Of several outcomes
 * of a content and metric the largest counts.
 * @param zone the zone that weekday and hour of publication are told in.
 */
export function assembleFeatureTable(
  contents: readonly FeatureSubject[],
  outcomes: readonly Outcome[],
  zone: string,
): FeatureTable {
  if (contents.length === 0) {
    return { contentIds: [], numeric: new Map(), categorical: new Map(), outcomes: new Map() };
  }
  const attributes = contents.flatMap(attributesOf);
  const sources = contents.flatMap(({ contentId, stockSources }) =>
    Array.from(new Set(stockSources), (name) => ({
      content_id: contentId,
      column: `${marks.source}${name}`,
      value: 1,
    })),
  );
  const results = outcomes.map(({ contentId, metric, value }) => ({
    content_id: contentId,
    column: `${marks.outcome}${metric}`,
    value: value ?? Number.NaN,
  }));
  const sides = [
    widen(results),
    widen(sources),
    widen(attributes.filter((row) => typeof row.value === 'number')),
    widen(attributes.filter((row) => typeof row.value === 'string')),
    countSources(sources),
  ];
  const table = sides
    .filter((side) => side !== null)
    .reduce((joined, side) => joined.join_left(side, 'content_id'), baseOf(contents, zone))
    .orderby('position');
  return readTable(table);
}

/** The features that every content has, derived from what is known of it. */
function baseOf(contents: readonly FeatureSubject[], zone: string): arquero.ColumnTable {
  return arquero.from(
    contents.map((content, position) => ({
      position,
      content_id: content.contentId,
      platform: content.platform,
      format: content.format,
      language: content.language,
      duration_seconds: content.durationSeconds,
      title_length: lengthOf(content.title),
      description_length: lengthOf(content.description),
      tag_count: content.tags?.length ?? null,
      publish_weekday: weekdayName(content.publishedAt, zone),
      publish_hour: content.publishedAt === null ? null : hourOf(content.publishedAt, zone),
    })),
  );
}

interface LongRow {
  content_id: number;
  column: string;
  value: number | string;
}

function attributesOf({ contentId, attributes }: FeatureSubject): LongRow[] {
  return Object.entries(attributes).flatMap(([name, value]): LongRow[] => {
    if (typeof value === 'string') return [{ content_id: contentId, column: `${marks.text}${name}`, value }];
    if (typeof value === 'number' || typeof value === 'boolean') {
      return [{ content_id: contentId, column: `${marks.number}${name}`, value: Number(value) }];
    }
    return [];
  });
}

/** Rows to columns, one row a content; null where there is no row. The expressions are arquero's own language. */
function widen(rows: readonly LongRow[]): arquero.ColumnTable | null {
  if (rows.length === 0) return null;
  return arquero
    .from([...rows])
    .groupby('content_id')
    .pivot('column', { value: 'd => op.max(d.value)' });
}

function countSources(rows: readonly LongRow[]): arquero.ColumnTable | null {
  if (rows.length === 0) return null;
  return arquero
    .from([...rows])
    .groupby('content_id')
    .rollup({ stock_source_count: 'd => op.count()' });
}

/** Characters as a reader counts them, not UTF-16 units. */
function lengthOf(text: string | null): number | null {
  return text === null ? null : Array.from(text).length;
}

function weekdayName(publishedAt: Date | null, zone: string): string | null {
  return publishedAt === null ? null : weekdays[weekdayOf(dayOf(publishedAt, zone)) - 1]!;
}

function readTable(table: arquero.ColumnTable): FeatureTable {
  const names = table.columnNames();
  const numbers = (name: string, missing: number): Float64Array =>
    Float64Array.from(table.array(name) as unknown[], (value) =>
      typeof value === 'number' ? value : missing,
    );
  const levels = (name: string): (string | null)[] =>
    Array.from(table.array(name) as unknown[], (value) => (typeof value === 'string' ? value : null));
  const result: FeatureTable = {
    contentIds: Array.from(numbers('content_id', 0)),
    numeric: new Map(),
    categorical: new Map(),
    outcomes: new Map(),
  };
  const free = (name: string): string => {
    const taken = names.includes(name) || result.numeric.has(name) || result.categorical.has(name);
    return taken ? `attribute_${name}` : name;
  };
  const marked = (mark: string): string[] => names.filter((name) => name.startsWith(mark)).sort();
  for (const name of numericColumns)
    if (names.includes(name)) result.numeric.set(name, numbers(name, Number.NaN));
  for (const name of categoricalColumns) result.categorical.set(name, levels(name));
  // A content without any stock clip used none of them: 0, not unknown.
  if (names.includes('stock_source_count'))
    result.numeric.set('stock_source_count', numbers('stock_source_count', 0));
  for (const name of marked(marks.source)) {
    result.numeric.set(`stock_source=${name.slice(marks.source.length)}`, numbers(name, 0));
  }
  for (const name of marked(marks.number)) {
    result.numeric.set(free(name.slice(marks.number.length)), numbers(name, Number.NaN));
  }
  for (const name of marked(marks.text))
    result.categorical.set(free(name.slice(marks.text.length)), levels(name));
  for (const name of marked(marks.outcome)) {
    result.outcomes.set(name.slice(marks.outcome.length), numbers(name, Number.NaN));
  }
  return result;
}
