import { describe, expect, it } from 'vitest';
import { exploreSources } from '../../../analytics/stock-exploration.js';
import { rankSources, type RankedSource } from '../../../analytics/stock-ranking.js';

const asOfDay = '2026-06-30';
/** Three sources: `known` with thirty good releases, `poor` with thirty bad ones, `new` with none. */
const releases = Array.from({ length: 60 }, (_, releaseId) => releaseId);
const ranking: RankedSource[] = rankSources(
  [
    ...releases.map((releaseId) => ({ sourceName: releaseId % 2 === 0 ? 'known' : 'poor', releaseId })),
    { sourceName: 'new', releaseId: 99 },
  ].map((usage) => ({ ...usage, clipId: '1', usedAt: new Date(0) })),
  releases.map((releaseId) => ({
    releaseId,
    score: (releaseId % 2 === 0 ? 7 : 3) + (releaseId % 5) / 4,
    eventDay: asOfDay,
  })),
  { asOfDay, halfLifeDays: 30 },
);
const seeds = Array.from({ length: 4_000 }, (_, seed) => seed);
const names = (sources: readonly RankedSource[]): string[] => sources.map(({ source_name }) => source_name);

describe('exploring stock sources', () => {
  it('is decided by the seed, whatever the order and company', () => {
    expect(exploreSources(ranking, 3)).toEqual(exploreSources(ranking, 3));
    expect(exploreSources(ranking.toReversed(), 3)).toEqual(exploreSources(ranking, 3));
    const draws = new Map(exploreSources(ranking, 3).map(({ source_name, draw }) => [source_name, draw]));
    const [alone] = exploreSources([ranking[1]!], 3);
    expect(alone!.draw).toBe(draws.get(ranking[1]!.source_name));
    expect(exploreSources([], 3)).toEqual([]);
  });

  it('leaves every other field as it is', () => {
    for (const { draw, ...source } of exploreSources(ranking, 1)) {
      expect(draw).toBeTypeOf('number');
      expect(ranking).toContainEqual(source);
    }
  });

  it('draws from each source’s posterior', () => {
    for (const source of ranking) {
      const draws = seeds.map((seed) => exploreSources([source], seed)[0]!.draw);
      const centre = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
      const spread = Math.sqrt(draws.reduce((sum, draw) => sum + (draw - centre) ** 2, 0) / draws.length);
      // Four standard errors of a mean and of a standard deviation.
      expect(Math.abs(centre - source.score)).toBeLessThan((4 * source.deviation) / Math.sqrt(draws.length));
      expect(Math.abs(spread / source.deviation - 1)).toBeLessThan(4 / Math.sqrt(2 * draws.length));
    }
  });

  it('tries the unknown often, the known to be poor hardly ever', () => {
    expect(names(ranking)).toEqual(['known', 'new', 'poor']);
    const first = seeds.map((seed) => exploreSources(ranking, seed)[0]!.source_name);
    const share = (name: string): number => first.filter((one) => one === name).length / first.length;
    expect(share('known')).toBeGreaterThan(0.5);
    expect(share('new')).toBeGreaterThan(0.05);
    expect(share('poor')).toBeLessThan(0.01);
  });

  it('draws names that differ little independently', () => {
    const like = (name: string): RankedSource => ({ ...ranking[0]!, source_name: name });
    const pairs = seeds.map((seed) => exploreSources([like('clip-1'), like('clip-2')], seed)[0]!.source_name);
    const share = pairs.filter((name) => name === 'clip-1').length / pairs.length;
    expect(Math.abs(share - 0.5)).toBeLessThan(0.04);
  });
});
