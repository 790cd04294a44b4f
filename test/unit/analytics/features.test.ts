import { describe, expect, it } from 'vitest';
import { correlateFeatures } from '../../../analytics/feature-correlation.js';
import type { FeatureSubject } from '../../../analytics/feature-columns.js';
import { assembleFeatureTable, type Outcome } from '../../../analytics/feature-table.js';
import { testCircle, testLevel, testLevels } from '../../../analytics/feature-tests.js';
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

  it('has a column for each common tag, stock source and text of a list', () => {
    const many = Array.from({ length: 5 }, (_, i) =>
      content(i + 1, {
        tags: i === 4 ? null : i < 3 ? ['Sea ', 'calm', 'sea'] : ['calm'],
        attributes: i === 3 ? {} : { moods: i === 0 ? ['low', 'slow'] : ['low'] },
        stockSources: i < 2 ? ['pexels'] : [],
      }),
    );
    const wide = assembleFeatureTable(many, outcomes, moment);
    expect(Array.from(wide.numeric.get('tag=sea')!)).toEqual([1, 1, 1, 0, NaN]);
    expect(Array.from(wide.numeric.get('tag=calm')!)).toEqual([1, 1, 1, 1, NaN]);
    expect(Array.from(wide.numeric.get('moods=low')!)).toEqual([1, 1, 1, NaN, 1]);
    expect(wide.numeric.has('moods=slow')).toBe(false);
    expect(Array.from(wide.numeric.get('stock_source=pexels')!)).toEqual([1, 1, 0, 0, 0]);
    expect(Array.from(wide.numeric.get('tag_count')!)).toEqual([3, 3, 3, 1, NaN]);
  });

  it('keeps the thirty most common tags, ties by name', () => {
    const tags = Array.from({ length: 40 }, (_, i) => `t${String(i).padStart(2, '0')}`);
    const many = Array.from({ length: 4 }, (_, i) => content(i + 1, { tags: i < 3 ? tags : tags.slice(35) }));
    const kept = Array.from(assembleFeatureTable(many, [], moment).numeric.keys()).filter((name) =>
      name.startsWith('tag='),
    );
    expect(kept).toHaveLength(30);
    expect(kept).toContain('tag=t39');
    expect(kept).toContain('tag=t24');
    expect(kept).not.toContain('tag=t25');
  });

  it('knows the age of each content at the moment asked for', () => {
    expect(table.ageDays[1]).toBeNaN();
    expect(table.ageDays[0]).toBeCloseTo(146 + 0.5 / 24, 10);
    expect(Array.from(table.circular)).toEqual([['publish_hour', 24]]);
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

  it('compares groups of like size by their means, others by their ranks', () => {
    expect(of('format=short', 'welch-t').detail.groups).toMatchObject([
      { level: 'short', n: 20 },
      { level: 'not short', n: 19 },
    ]);
    const sizes = of('format=short', 'welch-t').detail.effect_sizes.map(({ kind }) => kind);
    expect(sizes).toEqual(['hedges_g', 'rank_biserial']);
    // Ten contents with the source against twenty-nine without.
    const ranked = of('stock_source=pexels', 'kruskal-wallis');
    expect(ranked.detail.statistic.name).toBe('H');
    const mood = results.find(({ feature }) => feature === 'mood')!;
    expect(mood).toMatchObject({ method: 'kruskal-wallis', direction: 'none', sample_size: 39 });
    expect(mood.detail.effect_sizes[0]!.kind).toBe('epsilon_squared');
    expect(mood.detail.groups.map(({ n }) => n).reduce((a, b) => a + b)).toBe(39);
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

describe('the test of a feature', () => {
  const normal = gaussian(seeded(77));
  const group = (n: number, level: number, spread = 1): Float64Array =>
    Float64Array.from({ length: n }, () => level + spread * normal());

  it('is chosen by the sizes of the groups and by whether each varies', () => {
    const names = ['a', 'b', 'c'];
    const methodOf = (groups: Float64Array[]): string => testLevels(names, groups)!.method;
    expect(methodOf([group(15, 0), group(20, 1), group(45, 2)])).toBe('welch-anova');
    expect(methodOf([group(15, 0), group(20, 1), group(15, 7, 0)])).toBe('anova');
    expect(methodOf([group(14, 0), group(20, 1), group(20, 2)])).toBe('kruskal-wallis');
    expect(methodOf([group(15, 0), group(20, 1), group(46, 2)])).toBe('kruskal-wallis');
    expect(methodOf([group(15, 0, 0), group(20, 1, 0), group(20, 2, 0)])).toBe('kruskal-wallis');
    expect(testLevels(names, [group(15, 1, 0), group(20, 1, 0), group(20, 1, 0)])).toBeNull();
  });

  it('has an interval that leaves 0 out exactly where Welch’s p is below 0.05', () => {
    for (let i = 0; i < 40; i++) {
      const y = Float64Array.from([...group(18, 0.06 * i), ...group(25, 1, 2)]);
      const x = Float64Array.from(y, (_, at) => (at < 18 ? 1 : 0));
      const { method, interval, ln_p, coefficient } = testLevel(x, y, ['a', 'b'])!;
      expect(method).toBe('welch-t');
      expect(interval[0] > 0 || interval[1] < 0).toBe(Math.exp(ln_p) < 0.05);
      expect(interval[0]).toBeLessThanOrEqual(coefficient);
      expect(interval[1]).toBeGreaterThanOrEqual(coefficient);
    }
  });

  it('sees across midnight', () => {
    const hours = Float64Array.from({ length: 120 }, (_, i) => i % 24);
    const nightly = hours.map((hour) => 100 + 10 * Math.cos((2 * Math.PI * (hour - 23)) / 24) + normal());
    const found = testCircle(hours, nightly, 24)!;
    expect(found.coefficient).toBeGreaterThan(0.95);
    expect(found.ln_p).toBeLessThan(-50);
    const turned = testCircle(
      hours.map((hour) => (hour + 7) % 24),
      nightly,
      24,
    )!;
    expect(turned.coefficient).toBeCloseTo(found.coefficient, 10);
  });
});
