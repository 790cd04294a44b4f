/**
 * The table of contents × features × outcomes that correlations are computed from, put together with arquero:
 * features derived a content, outcomes pivoted from rows to columns, multi-valued features to one column each.
 */
import * as arquero from 'arquero';
import {
  attributeRows,
  lengthOf,
  listRows,
  marks,
  publishHour,
  sourceRows,
  tagRows,
  weekdayName,
  type FeatureSubject,
  type LongRow,
} from './feature-columns.js';

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
  /** Numeric features that run in a circle → the turn's length. */
  circular: ReadonlyMap<string, number>;
  /** Metric → one value a content, NaN where it is withheld. */
  outcomes: Map<string, Float64Array>;
  /** Days since publication, NaN where it is not known: no feature, but what stands behind many. */
  ageDays: Float64Array;
}

const categoricalColumns = ['platform', 'format', 'language', 'publish_weekday'] as const;
const numericColumns = [
  'duration_seconds',
  'title_length',
  'description_length',
  'tag_count',
  'publish_hour',
] as const;
const circularColumns: ReadonlyMap<string, number> = new Map([['publish_hour', 24]]);
const msPerDay = 86_400_000;

/** What weekday, hour and age of a content are told by. */
export interface TableMoment {
  /** Zone of the weekday and hour of publication. */
  zone: string;
  /** The moment that ages are counted to. */
  asOf: Date;
}

/**
 * One row a content, in the order given; contents without any outcome are kept, with gaps. Of several outcomes
 * of a content and metric the largest counts.
 */
export function assembleFeatureTable(
  contents: readonly FeatureSubject[],
  outcomes: readonly Outcome[],
  moment: TableMoment,
): FeatureTable {
  if (contents.length === 0) {
    return {
      ...{ contentIds: [], numeric: new Map(), categorical: new Map(), circular: circularColumns },
      ...{ outcomes: new Map(), ageDays: new Float64Array(0) },
    };
  }
  const attributes = contents.flatMap(attributeRows);
  const sources = sourceRows(contents);
  const results = outcomes.map(({ contentId, metric, value }) => ({
    content_id: contentId,
    column: `${marks.outcome}${metric}`,
    value: value ?? Number.NaN,
  }));
  const sides = [
    widen(results),
    widen(sources),
    widen(tagRows(contents)),
    widen(listRows(contents)),
    widen(attributes.filter((row) => typeof row.value === 'number')),
    widen(attributes.filter((row) => typeof row.value === 'string')),
    countSources(contents),
  ];
  const table = sides
    .filter((side) => side !== null)
    .reduce((joined, side) => joined.join_left(side, 'content_id'), baseOf(contents, moment))
    .orderby('position');
  return readTable(table);
}

/** The features that every content has, derived from what is known of it. */
function baseOf(contents: readonly FeatureSubject[], { zone, asOf }: TableMoment): arquero.ColumnTable {
  interface Base {
    title: string | null;
    description: string | null;
    tags: readonly string[] | null;
    published_at: Date | null;
  }
  const { escape } = arquero;
  return arquero
    .from(
      contents.map((content, position) => ({
        position,
        content_id: content.contentId,
        platform: content.platform,
        format: content.format,
        language: content.language,
        duration_seconds: content.durationSeconds,
        title: content.title,
        description: content.description,
        tags: content.tags,
        published_at: content.publishedAt,
      })),
    )
    .derive({
      title_length: escape((d: Base) => lengthOf(d.title)),
      description_length: escape((d: Base) => lengthOf(d.description)),
      tag_count: escape((d: Base) => d.tags?.length ?? null),
      publish_weekday: escape((d: Base) => weekdayName(d.published_at, zone)),
      publish_hour: escape((d: Base) => publishHour(d.published_at, zone)),
      age_days: escape((d: Base) =>
        d.published_at === null ? null : (asOf.getTime() - d.published_at.getTime()) / msPerDay,
      ),
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

/** Distinct sources a content, the rare ones too. */
function countSources(contents: readonly FeatureSubject[]): arquero.ColumnTable | null {
  const rows = contents.flatMap(({ contentId, stockSources }) =>
    stockSources.map((source) => ({ content_id: contentId, source })),
  );
  if (rows.length === 0) return null;
  return arquero
    .from(rows)
    .groupby('content_id')
    .rollup({ stock_source_count: 'd => op.distinct(d.source)' });
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
    circular: circularColumns,
    outcomes: new Map(),
    ageDays: numbers('age_days', Number.NaN),
  };
  const free = (name: string): string => {
    const taken = names.includes(name) || result.numeric.has(name) || result.categorical.has(name);
    return taken ? `attribute_${name}` : name;
  };
  const marked = (mark: string): string[] => names.filter((name) => name.startsWith(mark)).sort();
  const bare = (name: string, mark: string): string => name.slice(mark.length);
  for (const name of numericColumns) result.numeric.set(name, numbers(name, Number.NaN));
  for (const name of categoricalColumns) result.categorical.set(name, levels(name));
  // A content without any stock clip used none of them: 0, not unknown.
  if (names.includes('stock_source_count'))
    result.numeric.set('stock_source_count', numbers('stock_source_count', 0));
  for (const name of marked(marks.source)) {
    result.numeric.set(`stock_source=${bare(name, marks.source)}`, numbers(name, 0));
  }
  for (const name of marked(marks.tag)) {
    result.numeric.set(`tag=${bare(name, marks.tag)}`, numbers(name, Number.NaN));
  }
  for (const mark of [marks.number, marks.list]) {
    for (const name of marked(mark)) result.numeric.set(free(bare(name, mark)), numbers(name, Number.NaN));
  }
  for (const name of marked(marks.text)) result.categorical.set(free(bare(name, marks.text)), levels(name));
  for (const name of marked(marks.outcome)) {
    result.outcomes.set(bare(name, marks.outcome), numbers(name, Number.NaN));
  }
  return result;
}
