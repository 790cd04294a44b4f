import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../../analytics/calendar.js';
import { differenceOfMeans, gainOver } from '../../../analytics/stock-history-estimates.js';
import { judgeHistory, type HistoryResult } from '../../../analytics/stock-history.js';
import { replayHistory, type HistoricRelease } from '../../../analytics/stock-replay.js';
import { expectClose, readGolden } from './golden.js';
import { gaussian, seeded } from './random.js';

interface World {
  /** True mean score a source. */
  means: readonly number[];
  releases: number;
  /** Clips a release. */
  clips?: number;
  /** Points by which all scores rise from the first release to the last. */
  rise?: number;
  /** The team moves from one source to the next as time goes on. */
  moving?: boolean;
}

const options = { topN: 1, halfLifeDays: 90 };
const six = [5, 5, 5, 5, 5, 5];

function simulate(world: World, seed: number): HistoricRelease[] {
  const uniform = seeded(seed);
  const normal = gaussian(uniform);
  const { means, releases, clips = 1, rise = 0, moving = false } = world;
  let day = '2024-01-01';
  return Array.from({ length: releases }, (_, i): HistoricRelease => {
    day = addDays(day, 1 + Math.floor(8 * uniform()));
    const chosen = Array.from({ length: clips }, () => {
      const at = moving ? (i / releases) * means.length + 1.2 * normal() : uniform() * means.length;
      return Math.min(means.length - 1, Math.max(0, Math.floor(at)));
    });
    const worth = chosen.reduce((sum, source) => sum + means[source]! / clips, 0);
    const score = Math.min(10, Math.max(0, worth + (rise * i) / releases + 2 * normal()));
    return {
      ...{ releaseId: i, decidedOn: day, score, eventDay: addDays(day, 28) },
      clips: chosen.map((source, clip) => ({ sourceName: `source ${source}`, clipId: String(clip) })),
    };
  });
}

function verdicts(world: World, topN: number, runs: number): Map<HistoryResult['verdict'], number> {
  const counts = new Map<HistoryResult['verdict'], number>();
  for (let run = 0; run < runs; run++) {
    const { verdict } = judgeHistory(simulate(world, 31 + 7919 * run), { ...options, topN });
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1 / runs);
  }
  return counts;
}

describe('a run over the history of stock sources', () => {
  it('says that the ranking wins where some sources are better', () => {
    expect(verdicts({ means: [8, 4, 4, 4, 4], releases: 90 }, 1, 30).get('ranking_better')).toBeGreaterThan(
      0.9,
    );
    const three = { means: [7, 7, 7, 4, 4, 4, 4, 4], releases: 120 };
    expect(verdicts(three, 3, 30).get('ranking_better')).toBeGreaterThan(0.9);
  });

  it.each<[string, World]>([
    ['sources that are all the same', { means: six, releases: 60 }],
    ['a team that gets better while it moves on', { means: six, releases: 60, rise: 4, moving: true }],
  ])('claims nothing in 95 of 100 histories of %s', (_, world) => {
    const found = verdicts(world, 1, 200);
    expect((found.get('ranking_better') ?? 0) + (found.get('ranking_worse') ?? 0)).toBeLessThanOrEqual(0.05);
    expect(found.get('no_difference_found')).toBeGreaterThan(0.5);
  });

  it('tells what it rests on', () => {
    const result = judgeHistory(simulate({ means: [8, 4, 4, 4, 4], releases: 90 }, 3), options);
    expect(result).toMatchObject({
      ...{ method: 'self-normalised-inverse-propensity', version: 1, top_n: 1, half_life_days: 90 },
      ...{ releases: 90, verdict: 'ranking_better', withheld_reason: null },
    });
    expect(result.judged).toBeGreaterThan(70);
    expect(result.judged).toBeLessThan(90);
    const { agreeing, otherwise, difference } = result.comparison!;
    expect(agreeing.releases + otherwise.releases).toBe(result.judged);
    expect(difference.value).toBeCloseTo(agreeing.mean_score - otherwise.mean_score, 12);
    expect(result.policies.map(({ policy }) => policy)).toEqual([
      'ranking',
      'plain_mean',
      'first_used',
      'random',
    ]);
    expect(result.policies.at(-1)!.gain).toBeNull();
    expect(result.interpretation).toMatch(/^Choosing among the first of the ranking is associated with \+\d/);
    expect(result.interpretation).not.toMatch(/cause/i);
  });

  it('withholds what too few releases cannot tell, and says how many are missing', () => {
    expect(judgeHistory([], options)).toMatchObject({
      ...{ verdict: 'not_enough_data', judged: 0, policies: [], comparison: null },
      withheld_reason: 'needs 20 more scored releases made when more sources were known than are chosen',
    });
    const few = judgeHistory(simulate({ means: six, releases: 12 }, 4), options);
    expect(few.verdict).toBe('not_enough_data');
    // With one source alone there is nothing to choose.
    expect(judgeHistory(simulate({ means: [5], releases: 60 }, 5), options).judged).toBe(0);
    // A team that left its best source for good never agrees with the ranking again.
    const left = simulate({ means: six, releases: 60 }, 6).map((release, i) => ({
      ...release,
      score: i < 8 ? 9 : 2,
      eventDay: release.decidedOn,
      clips: [{ sourceName: i < 8 ? 'a' : i % 2 === 0 ? 'b' : 'c', clipId: '1' }],
    }));
    expect(judgeHistory(left, { topN: 1, halfLifeDays: 1e6 }).withheld_reason).toBe(
      'needs 5 more releases that used a source which the ranking would have chosen',
    );
  });

  it('knows before a release nothing of it, nor of what came later', () => {
    const past = simulate({ means: [8, 4, 4, 4, 4], releases: 40 }, 7);
    const before = replayHistory(past, options);
    const changed = past.map((release, i) => (i < 30 ? release : { ...release, score: 10 - release.score }));
    const after = replayHistory(changed, options);
    const upTo = past[30]!.eventDay;
    const early = new Set(
      past.filter(({ decidedOn }) => decidedOn <= upTo).map(({ releaseId }) => releaseId),
    );
    const part = (choices: typeof before): unknown[] =>
      choices
        .filter(({ releaseId }) => early.has(releaseId))
        .map(({ agreement, weight }) => ({ agreement, weight }));
    expect(part(after)).toEqual(part(before));
    expect(part(before).length).toBeGreaterThan(20);
  });

  it('minds neither the order of releases nor a shift of all days', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: -500, max: 500 }), (seed, days) => {
        const past = simulate({ means: [7, 4, 5, 5], releases: 30, clips: 2 }, seed);
        const result = judgeHistory(past, options);
        expect(judgeHistory(past.toReversed(), options)).toEqual(result);
        const moved = past.map((release) => ({
          ...release,
          decidedOn: addDays(release.decidedOn, days),
          eventDay: addDays(release.eventDay, days),
        }));
        expect(judgeHistory(moved, options)).toEqual(result);
      }),
      { numRuns: 10 },
    );
  });

  it('refuses options that mean nothing', () => {
    expect(() => judgeHistory([], { topN: 0, halfLifeDays: 30 })).toThrow(RangeError);
    expect(() =>
      judgeHistory(simulate({ means: six, releases: 5 }, 1), { topN: 1, halfLifeDays: 0 }),
    ).toThrow(RangeError);
  });

  it('agrees with SciPy and with leaving each value out', () => {
    const golden = readGolden('stock-history') as {
      welch: { a: number[]; b: number[]; expected: number[] }[];
      jackknife: { values: number[]; own: number[]; other: number[]; expected: number[] }[];
    };
    for (const { a, b, expected } of golden.welch) {
      const { value, low, high } = differenceOfMeans(Float64Array.from(a), Float64Array.from(b));
      [value, low, high].forEach((figure, i) => expectClose(figure, expected[i]!, 1e-10, 1));
    }
    for (const { values, own, other, expected } of golden.jackknife) {
      const found = gainOver(Float64Array.from(values), Float64Array.from(own), Float64Array.from(other));
      [found.value, found.low, found.high].forEach((figure, i) =>
        expectClose(figure, expected[i]!, 1e-10, 1),
      );
    }
  });
});
