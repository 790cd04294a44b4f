import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../../analytics/calendar.js';
import type { StockEvent, StockUsage } from '../../../analytics/stock-evidence.js';
import { rankSources } from '../../../analytics/stock-ranking.js';
import { expectClose, readGolden } from './golden.js';

const asOfDay = '2026-06-30';
const options = { asOfDay, halfLifeDays: 30 };
const used = (sourceName: string, releaseId: number, clipId = `clip ${releaseId}`): StockUsage => ({
  ...{ sourceName, clipId, releaseId },
  usedAt: new Date('2026-01-01T00:00:00Z'),
});
const scored = (releaseId: number, score: number, daysAgo = 0): StockEvent => ({
  ...{ releaseId, score },
  eventDay: addDays(asOfDay, -daysAgo),
});
const names = (usages: StockUsage[], events: StockEvent[], rest = options): string[] =>
  rankSources(usages, events, rest).map(({ source_name }) => source_name);

interface GoldenHistory {
  name: string;
  half_life_days: number;
  as_of: string;
  usages: [source: string, clip: string, release: number][];
  events: [release: number, score: number, day: string][];
  expected: { prior: number; variance_share: number; sources: Record<string, [mean: number, sd: number]> };
}

describe('ranking of stock sources', () => {
  it.each(readGolden('stock-ranking') as GoldenHistory[])('agrees with dense algebra: $name', (history) => {
    const ranked = rankSources(
      history.usages.map(([source, clip, release]) => used(source, release, clip)),
      history.events.map(([releaseId, score, eventDay]) => ({ releaseId, score, eventDay })),
      { asOfDay: history.as_of, halfLifeDays: history.half_life_days },
    );
    expect(ranked).toHaveLength(Object.keys(history.expected.sources).length);
    for (const { source_name, score, deviation, prior, variance_share } of ranked) {
      const [mean, sd] = history.expected.sources[source_name]!;
      expectClose(score, mean, 1e-10);
      expectClose(deviation, sd, 1e-10);
      expectClose(prior, history.expected.prior, 1e-10);
      expectClose(variance_share, history.expected.variance_share, 1e-10);
    }
  });

  it('has every source at the prior, by name, before any evidence', () => {
    const ranked = rankSources([used('b', 1), used('a', 2), used('c', 3)], [], options);
    expect(ranked.map(({ source_name, rank, score }) => [source_name, rank, score])).toEqual([
      ['a', 1, 5],
      ['b', 2, 5],
      ['c', 3, 5],
    ]);
    expect(ranked[0]).toMatchObject({ releases: 0, low_evidence: true, contributions: [], prior: 5 });
    expect(rankSources([], [scored(1, 9)], options)).toEqual([]);
  });

  it('follows the scores, draws them towards the prior and tells why', () => {
    const ranked = rankSources([used('good', 1), used('bad', 2)], [scored(1, 9), scored(2, 2)], options);
    expect(ranked.map(({ source_name }) => source_name)).toEqual(['good', 'bad']);
    const [good, bad] = ranked;
    expect(good!.prior).toBeGreaterThan(5);
    expect(good!.prior).toBeLessThan(5.5);
    expect(good!.score).toBeGreaterThan(good!.prior);
    expect(good!.score).toBeLessThan(9);
    expect(bad!.score).toBeGreaterThan(2);
    expect(good!.contributions).toMatchObject([
      { release_id: 1, score: 9, event_day: asOfDay, share: 1, decay: 1, weight: 1 },
    ]);
    expect(good!.contributions[0]!.effect).toBeCloseTo(good!.score - good!.prior, 12);
    expect(good!.lower).toBeLessThan(good!.score);
    expect(good!.upper).toBeGreaterThan(good!.score);
    expect(good!.reliability).toBeGreaterThan(0);
    expect(good!.reliability).toBeLessThan(1);
    expect(good!.last_used).toBe('2026-01-01T00:00:00.000Z');
  });

  it('halves the weight with every half-life, so that old success fades', () => {
    const usages = [1, 2, 3, 4]
      .map((id) => used('faded', id))
      .concat([11, 12, 13, 14].map((id) => used('fresh', id)));
    const events = [1, 2, 3, 4]
      .map((id) => scored(id, 9, 200))
      .concat([11, 12, 13, 14].map((id) => scored(id, 7, 5)));
    expect(names(usages, events)).toEqual(['fresh', 'faded']);
    expect(names(usages, events, { asOfDay, halfLifeDays: 3_650 })).toEqual(['faded', 'fresh']);
    const [fresh] = rankSources(usages, events, { asOfDay, halfLifeDays: 5 });
    expect(fresh!.contributions[0]!.decay).toBe(0.5);
  });

  it('shares the credit among the clips of a release, each once', () => {
    const usages = [
      used('a', 1, 'x'),
      used('a', 1, 'x'),
      used('a', 1, 'y'),
      used('a', 1, 'z'),
      used('b', 1, 'x'),
    ];
    const ranked = rankSources(usages, [scored(1, 10)], options);
    expect(ranked.map(({ contributions }) => contributions[0]!.share)).toEqual([0.75, 0.25]);
  });

  it('knows nothing of later days, and takes the last event of a release', () => {
    expect(rankSources([used('a', 1)], [scored(1, 9, -1)], options)[0]!.releases).toBe(0);
    const twice = rankSources([used('a', 1)], [scored(1, 9, 10), scored(1, 2, 5)], options);
    expect(twice[0]!.contributions).toMatchObject([{ score: 2 }]);
    expect(() => rankSources([], [], { asOfDay, halfLifeDays: 0 })).toThrow(RangeError);
  });

  it('marks fewer than five releases and narrows the interval with more', () => {
    const usages = [1, 2, 3, 4]
      .map((id) => used('few', id))
      .concat([5, 6, 7, 8, 9, 10].map((id) => used('many', id)));
    const events = Array.from({ length: 10 }, (_, i) => scored(i + 1, 7));
    const ranked = rankSources(usages, events, options);
    const of = (name: string) => ranked.find(({ source_name }) => source_name === name)!;
    expect(of('few').low_evidence).toBe(true);
    expect(of('many').low_evidence).toBe(false);
    expect(of('many').upper - of('many').lower).toBeLessThan(of('few').upper - of('few').lower);
  });

  it('does not mind the order of events, keeps to the scale and adds up', () => {
    const usage = fc.record({
      sourceName: fc.constantFrom('a', 'b', 'c', 'd'),
      clipId: fc.constantFrom('x', 'y', 'z'),
      releaseId: fc.integer({ min: 1, max: 8 }),
      usedAt: fc.constant(new Date('2026-01-01T00:00:00Z')),
    });
    const event = fc.tuple(fc.double({ min: 0, max: 10, noNaN: true }), fc.integer({ min: 0, max: 400 }));
    fc.assert(
      fc.property(fc.array(usage), fc.array(event, { maxLength: 8 }), (usages, list) => {
        const events = list.map(([score, daysAgo], i) => scored(i + 1, score, daysAgo));
        const ranked = rankSources(usages, events, options);
        const again = rankSources(usages.toReversed(), events.toReversed(), options);
        expect(again.map(({ source_name }) => source_name).sort()).toEqual(
          ranked.map(({ source_name }) => source_name).sort(),
        );
        ranked.forEach(({ source_name, score, lower, upper, contributions, prior }) => {
          const other = again.find((one) => one.source_name === source_name)!;
          // Of a release's events of one day the last one given counts, and there is one a release here.
          expect(other.score).toBe(score);
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(10);
          expect(lower).toBeLessThanOrEqual(score);
          expect(upper).toBeGreaterThanOrEqual(score);
          expect(contributions.reduce((sum, { effect }) => sum + effect, prior)).toBeCloseTo(score, 10);
        });
      }),
    );
  });
});
