import { describe, expect, it } from 'vitest';
import { correlateFeatures } from '../../../analytics/feature-correlation.js';
import type { FeatureSubject } from '../../../analytics/feature-columns.js';
import { assembleFeatureTable, type Outcome } from '../../../analytics/feature-table.js';
import { gaussian, seeded } from './random.js';

const moment = { zone: 'UTC', asOf: new Date('2026-06-01T00:00:00Z') };

function content(contentId: number, rest: Partial<FeatureSubject> = {}): FeatureSubject {
  return {
    contentId,
    platform: 'youtube',
    format: 'long',
    title: 'Tide',
    description: null,
    publishedAt: new Date('2026-01-05T23:30:00Z'),
    durationSeconds: 180,
    tags: ['sea'],
    language: 'en',
    attributes: {},
    stockSources: [],
    ...rest,
  };
}

describe('feature table', () => {
  const contents = [
    content(7, {
      title: 'Tide 🌊',
      description: 'A day at sea',
      stockSources: ['pexels', 'pixabay', 'pexels'],
    }),
    content(3, { format: 'short', publishedAt: null, durationSeconds: null, tags: null, language: null }),
    content(5, {
      attributes: { tempo: 120, explicit: true, mood: 'calm', format: 'vertical', nested: { a: 1 } },
    }),
  ];
  const outcomes: Outcome[] = [
    { contentId: 3, metric: 'views', value: 30 },
    { contentId: 7, metric: 'views', value: 70 },
    { contentId: 7, metric: 'likes', value: null },
    { contentId: 5, metric: 'likes', value: 5 },
    { contentId: 99, metric: 'views', value: 1 },
  ];
  const table = assembleFeatureTable(contents, outcomes, { ...moment, zone: 'Europe/Berlin' });
  const numbers = (name: string): number[] => Array.from(table.numeric.get(name)!);

  it('keeps one row a content in the order given', () => {
    expect(table.contentIds).toEqual([7, 3, 5]);
    expect(Array.from(table.outcomes.get('views')!)).toEqual([70, 30, NaN]);
    expect(Array.from(table.outcomes.get('likes')!)).toEqual([NaN, NaN, 5]);
    expect(Array.from(table.outcomes.keys())).toEqual(['likes', 'views']);
  });

  it('derives features, in the zone asked for', () => {
    expect(numbers('title_length')).toEqual([6, 4, 4]);
    expect(numbers('description_length')).toEqual([12, NaN, NaN]);
    expect(numbers('duration_seconds')).toEqual([180, NaN, 180]);
    expect(numbers('tag_count')).toEqual([1, NaN, 1]);
    expect(numbers('publish_hour')).toEqual([0, NaN, 0]);
    expect(table.categorical.get('publish_weekday')).toEqual(['tuesday', null, 'tuesday']);
    expect(table.categorical.get('format')).toEqual(['long', 'short', 'long']);
    expect(table.categorical.get('language')).toEqual(['en', null, 'en']);
  });

  it('spreads stock sources and attributes over columns of their own', () => {
    expect(numbers('stock_source=pexels')).toEqual([1, 0, 0]);
    expect(numbers('stock_source_count')).toEqual([2, 0, 0]);
    expect(numbers('tempo')).toEqual([NaN, NaN, 120]);
    expect(numbers('explicit')).toEqual([NaN, NaN, 1]);
    expect(table.categorical.get('mood')).toEqual([null, null, 'calm']);
    expect(table.categorical.get('attribute_format')).toEqual([null, null, 'vertical']);
    expect(table.categorical.has('nested')).toBe(false);
  });

  it('is empty without contents and has no outcomes without any', () => {
    expect(assembleFeatureTable([], outcomes, moment).contentIds).toEqual([]);
    expect(assembleFeatureTable(contents, [], moment).outcomes.size).toBe(0);
  });
});

describe('feature correlation', () => {
  const normal = gaussian(seeded(12));
  const contents = Array.from({ length: 40 }, (_, i) =>
    content(i + 1, {
      title: 'x'.repeat(5 + (i % 20)),
      format: i % 2 === 0 ? 'short' : 'long',
      durationSeconds: 100 + Math.round(50 * normal()),
      stockSources: i % 4 === 0 ? ['pexels'] : [],
      language: i === 0 ? 'de' : 'en',
      attributes: { mood: ['calm', 'wild', 'dark'][i % 3] },
    }),
  );
  const outcomes = contents.map(({ contentId, title, format }, i): Outcome => ({
    contentId,
    metric: 'views',
    value: i === 39 ? null : 1_000 + 40 * title!.length + (format === 'short' ? 500 : 0) + 30 * normal(),
  }));
  const table = assembleFeatureTable(contents, outcomes, moment);
  const { results, withheld } = correlateFeatures(table);
  const of = (feature: string, method: string) =>
    results.find((one) => one.feature === feature && one.method === method)!;

  it('finds what was planted, and little else', () => {
    expect(of('title_length', 'pearson')).toMatchObject({
      ...{
        metric: 'views',
        direction: 'positive',
        significant: true,
        sample_size: 39,
        significance_level: 0.05,
      },
    });
    expect(of('format=short', 'welch-t').significant).toBe(true);
    expect(of('duration_seconds', 'pearson').significant).toBe(false);
    expect(of('title_length', 'spearman').effect).toBeNull();
    const found = results.filter(({ significant, method }) => significant && method !== 'spearman');
    expect(found.map(({ feature }) => feature).sort()).toEqual(['format=short', 'title_length']);
    for (const { interpretation } of results) expect(interpretation).not.toMatch(/cause/i);
  });

  it('puts the effect in shares of the mean', () => {
    // Shorts have 500 views more, over a mean of about 1,830.
    const effect = of('format=short', 'welch-t').effect!;
    expect(effect.per).toBe('level');
    expect(effect.relative).toBeGreaterThan(0.2);
    expect(effect.relative).toBeLessThan(0.32);
    expect(effect.low).toBeLessThan(effect.relative);
    expect(effect.high).toBeGreaterThan(effect.relative);
  });

  it('asks about one level of two, all of three, and orders by certainty', () => {
    const features = new Set(results.map(({ feature }) => feature));
    expect(features.has('format=long')).toBe(false);
    expect(['calm', 'dark', 'wild'].every((mood) => features.has(`mood=${mood}`))).toBe(true);
    for (let i = 1; i < results.length; i++) {
      expect(results[i]!.adjusted_p_value).toBeGreaterThanOrEqual(results[i - 1]!.adjusted_p_value);
    }
    for (const { p_value, adjusted_p_value } of results)
      expect(adjusted_p_value).toBeGreaterThanOrEqual(p_value);
  });

  it('withholds with the reason', () => {
    const reason = (feature: string): string | undefined =>
      withheld.find((one) => one.feature === feature)?.withheld;
    expect(reason('tag_count')).toBe('the feature is the same in all 39 contents');
    expect(reason('description_length')).toBe('needs 10 more contents');
    expect(reason('language=en')).toBe('only 1 of 39 contents on one side');
    const flat = assembleFeatureTable(
      contents,
      contents.map(({ contentId }) => ({ contentId, metric: 'views', value: 3 })),
      moment,
    );
    const none = correlateFeatures(flat);
    expect(none.results).toEqual([]);
    expect(none.withheld.find(({ feature }) => feature === 'title_length')!.withheld).toBe(
      'the outcome is the same in all 40 contents',
    );
    const few = assembleFeatureTable(contents.slice(0, 9), outcomes, moment);
    expect(correlateFeatures(few).results).toEqual([]);
    expect(correlateFeatures(few, { minContents: 5 }).results.length).toBeGreaterThan(0);
  });
});
