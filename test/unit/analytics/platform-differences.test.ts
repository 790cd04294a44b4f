import { describe, expect, it } from 'vitest';
import { holm, platformDifferences, type PlatformValue } from '../../../analytics/platform-differences.js';
import { gaussian, seeded } from './random.js';

function generated(sizes: Record<string, number>, factor: number, seed = 3): PlatformValue[] {
  const normal = gaussian(seeded(seed));
  const ofRelease = Array.from({ length: 200 }, () => normal());
  return Object.entries(sizes).flatMap(([platform, n], i) =>
    Array.from({ length: n }, (_, releaseId) => ({
      ...{ platform, releaseId, metric: 'likes_day_28' },
      value: Math.exp(6 + i * Math.log(factor) + ofRelease[releaseId]! + 0.2 * normal()),
    })),
  );
}

describe('differences between platforms', () => {
  it('are found, told by their medians, and paired by release', () => {
    const { results, withheld } = platformDifferences(
      generated({ instagram: 30, tiktok: 30, youtube: 30 }, 2),
    );
    expect(withheld).toEqual([]);
    const [found] = results;
    expect(found).toMatchObject({ metric: 'likes_day_28', method: 'welch-anova', significant: true });
    expect(found!.groups.map(({ level, n }) => [level, n])).toEqual([
      ['instagram', 30],
      ['tiktok', 30],
      ['youtube', 30],
    ]);
    expect(found!.interpretation).toMatch(/highest on YouTube and lowest on Instagram/);
    expect(found!.pairs.map(({ platforms }) => platforms.join())).toEqual([
      'instagram,tiktok',
      'instagram,youtube',
      'tiktok,youtube',
    ]);
    for (const { p_value, adjusted_p_value, paired } of found!.pairs) {
      expect(adjusted_p_value).toBeGreaterThanOrEqual(p_value);
      expect(paired!.releases).toBe(30);
    }
    // The same releases do half as well on the first: an interval far narrower than the releases' own spread.
    const { ratio, confidence_interval } = found!.pairs[0]!.paired!;
    expect(ratio).toBeGreaterThan(0.45);
    expect(ratio).toBeLessThan(0.55);
    expect(confidence_interval[1] / confidence_interval[0]).toBeLessThan(1.35);
    expect(found!.interpretation).not.toMatch(/caus|because|due to|drives/i);
  });

  it('are compared by ranks where a platform has few contents', () => {
    const [found] = platformDifferences(generated({ tiktok: 5, youtube: 40 }, 30)).results;
    expect(found).toMatchObject({ method: 'kruskal-wallis', significant: true, sample_size: 45 });
    expect(found!.pairs[0]!.paired).toBeNull();
  });

  it('are rarely seen where there are none', () => {
    let seen = 0;
    for (let seed = 0; seed < 60; seed++) {
      const values = generated({ a: 30, b: 25, c: 12 }, 1, seed).map((one) => ({ ...one, releaseId: null }));
      if (platformDifferences(values).results[0]!.significant) seen++;
    }
    expect(seen).toBeLessThanOrEqual(7);
  });

  it('do not depend on the order of the contents', () => {
    const values = generated({ tiktok: 20, youtube: 18 }, 1.5);
    expect(platformDifferences(values.toReversed()).results[0]!.p_value).toBeCloseTo(
      platformDifferences(values).results[0]!.p_value,
      12,
    );
  });

  it('are withheld with too few contents or platforms, and where all is the same', () => {
    const reason = (values: PlatformValue[]): string => platformDifferences(values).withheld[0]!.withheld;
    expect(reason(generated({ tiktok: 2, youtube: 40 }, 2))).toBe('fewer than two platforms have 3 contents');
    expect(reason(generated({ tiktok: 4, youtube: 5 }, 2))).toBe('needs 1 more content');
    expect(reason(generated({ tiktok: 8, youtube: 9 }, 2).map((one) => ({ ...one, value: 4 })))).toBe(
      'the outcome is the same in all 17 contents',
    );
    expect(platformDifferences([])).toEqual({ results: [], withheld: [] });
  });

  it('adjust by Holm without ever lowering a p', () => {
    expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06]);
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
  });
});
