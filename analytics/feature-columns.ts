/** What is known of a content, as the columns of the feature table: one a content, or several of one name. */
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
  /**
   * Numbers and booleans become numeric features, texts categorical ones and each text of a list a feature of
   * its own; all else is left out.
   */
  attributes: Readonly<Record<string, unknown>>;
  stockSources: readonly string[];
}

/** A value of a column that not every content has. */
export interface LongRow {
  content_id: number;
  column: string;
  value: number | string;
}

/** Pivoted columns carry a mark, so that an attribute named like a feature cannot take its place in the join. */
export const marks = {
  outcome: 'outcome:',
  source: 'source:',
  tag: 'tag:',
  list: 'list:',
  number: 'number:',
  text: 'text:',
} as const;

/** Contents that a tag or a source needs to be a column; fewer make no comparison. */
const leastContents = 3;
/** The most common tags, and sources: every further column is a test that the others pay for. */
const mostColumns = 30;

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** Characters as a reader counts them, not UTF-16 units. */
export function lengthOf(text: string | null): number | null {
  return text === null ? null : Array.from(text).length;
}

/** `monday`, in the zone; null where the moment is not known. */
export function weekdayName(publishedAt: Date | null, zone: string): string | null {
  return publishedAt === null ? null : weekdays[weekdayOf(dayOf(publishedAt, zone)) - 1]!;
}

/** 0..23, in the zone. */
export function publishHour(publishedAt: Date | null, zone: string): number | null {
  return publishedAt === null ? null : hourOf(publishedAt, zone);
}

/** Tags and sources are compared without case and outer blanks. */
function distinctNames(names: readonly string[]): string[] {
  return Array.from(new Set(names.map((name) => name.trim().toLowerCase()))).filter((name) => name !== '');
}

/** Common tags, each a row for every content with known tags: 1 or 0. */
export function tagRows(contents: readonly FeatureSubject[]): LongRow[] {
  const tagsOf = new Map(
    contents.flatMap(({ contentId, tags }) =>
      tags === null ? [] : [[contentId, distinctNames(tags)] as const],
    ),
  );
  return common(Array.from(tagsOf.values()), leastContents).flatMap((tag) =>
    Array.from(tagsOf, ([content_id, tags]) => ({
      content_id,
      column: `${marks.tag}${tag}`,
      value: tags.includes(tag) ? 1 : 0,
    })),
  );
}

/** Distinct sources of each content, for the count of them. */
export function sourceRows(contents: readonly FeatureSubject[]): LongRow[] {
  const kept = new Set(
    common(
      contents.map(({ stockSources }) => Array.from(new Set(stockSources))),
      1,
    ),
  );
  return contents.flatMap(({ contentId, stockSources }) =>
    Array.from(new Set(stockSources))
      .filter((name) => kept.has(name))
      .map((name) => ({ content_id: contentId, column: `${marks.source}${name}`, value: 1 })),
  );
}

/** The names that at least so many contents have, most common first, ties by name. */
function common(namesOfContents: readonly (readonly string[])[], least: number): string[] {
  const counts = new Map<string, number>();
  for (const names of namesOfContents) {
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Array.from(counts)
    .filter(([, count]) => count >= least)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, mostColumns)
    .map(([name]) => name);
}

/** A release's attributes as rows; a list of texts is a row a distinct text. */
export function attributeRows({ contentId, attributes }: FeatureSubject): LongRow[] {
  return Object.entries(attributes).flatMap(([name, value]): LongRow[] => {
    if (typeof value === 'string') return [{ content_id: contentId, column: `${marks.text}${name}`, value }];
    if ((typeof value === 'number' && Number.isFinite(value)) || typeof value === 'boolean') {
      return [{ content_id: contentId, column: `${marks.number}${name}`, value: Number(value) }];
    }
    return [];
  });
}

/** Texts of lists among the attributes: 1 or 0 for every content that has the list. */
export function listRows(contents: readonly FeatureSubject[]): LongRow[] {
  const lists = new Map<string, Map<number, string[]>>();
  for (const { contentId, attributes } of contents) {
    for (const [name, value] of Object.entries(attributes)) {
      if (!Array.isArray(value)) continue;
      const texts = value.filter((one): one is string => typeof one === 'string');
      const known = lists.get(name) ?? new Map<number, string[]>();
      lists.set(name, known.set(contentId, distinctNames(texts)));
    }
  }
  return Array.from(lists).flatMap(([name, known]) =>
    common(Array.from(known.values()), leastContents).flatMap((text) =>
      Array.from(known, ([content_id, texts]) => ({
        content_id,
        column: `${marks.list}${name}=${text}`,
        value: texts.includes(text) ? 1 : 0,
      })),
    ),
  );
}
