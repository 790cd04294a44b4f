import { describe, expect, it } from 'vitest';
import { addDays } from '../../../analytics/calendar.js';
import type { StockEvent, StockUsage } from '../../../analytics/stock-evidence.js';
import { rankSources } from '../../../analytics/stock-ranking.js';
import { gaussian, seeded } from './random.js';

const asOfDay = '2026-06-30';
const worlds = 150;

interface World {
  sources: number;
  releases: number;
  /** Standard deviation of the sources' true means. */
  between: number;
  /** Standard deviation of a release's score about what its sources make of it. */
  within: number;
  /** Draws of a source a release. */
  most: number;
  oldestDays: number;
}

const ordinary: World = { sources: 6, releases: 40, between: 1, within: 2, most: 1, oldestDays: 120 };
const simulated: Record<string, World> = {
  ordinary,
  'several sources a release': { ...ordinary, most: 3 },
  'one age': { ...ordinary, oldestDays: 1 },
  'hardly any releases': { ...ordinary, releases: 8 },
  'many of both': { ...ordinary, sources: 12, releases: 240, most: 3 },
  'sources that are all the same': { ...ordinary, between: 0 },
  'sources that decide': { ...ordinary, between: 2, within: 1 },
};

interface Measured {
  coverage: number;
  error: number;
  errorWithoutShrinkage: number;
}

function measure(world: World, seed: number): Measured {
  let inside = 0;
  let count = 0;
  let squares = 0;
  let plainSquares = 0;
  for (let n = 0; n < worlds; n++) {
    const { truth, usages, events } = simulate(world, seed + 7919 * n);
    for (const ranked of rankSources(usages, events, { asOfDay, halfLifeDays: 30 })) {
      const mean = truth.get(ranked.source_name)!;
      const weight = ranked.contributions.reduce((sum, one) => sum + one.weight, 0);
      const plain = ranked.contributions.reduce((sum, one) => sum + one.weight * one.score, 0) / weight;
      count++;
      if (ranked.lower <= mean && mean <= ranked.upper) inside++;
      squares += (ranked.score - mean) ** 2;
      plainSquares += ((Number.isNaN(plain) ? 5 : plain) - mean) ** 2;
    }
  }
  return {
    coverage: inside / count,
    error: Math.sqrt(squares / count),
    errorWithoutShrinkage: Math.sqrt(plainSquares / count),
  };
}

function simulate(
  world: World,
  seed: number,
): { truth: Map<string, number>; usages: StockUsage[]; events: StockEvent[] } {
  const uniform = seeded(seed);
  const normal = gaussian(uniform);
  const common = 5 + 3 * (uniform() - 0.5);
  const names = Array.from({ length: world.sources }, (_, k) => `source ${String(k).padStart(2, '0')}`);
  const truth = new Map(names.map((name) => [name, common + world.between * normal()]));
  const usages: StockUsage[] = [];
  const events = Array.from({ length: world.releases }, (_, releaseId): StockEvent => {
    const clips = 1 + Math.floor(uniform() * world.most);
    let score = world.within * normal();
    for (let clip = 0; clip < clips; clip++) {
      const sourceName = names[Math.floor(uniform() * world.sources)]!;
      usages.push({ sourceName, clipId: String(clip), releaseId, usedAt: new Date(0) });
      score += truth.get(sourceName)! / clips;
    }
    return { releaseId, score, eventDay: addDays(asOfDay, -Math.floor(uniform() * world.oldestDays)) };
  });
  return { truth, usages, events };
}

describe('stock sources over simulated histories', () => {
  const found = new Map(
    Object.entries(simulated).map(([name, world], index) => [name, measure(world, 20 + index)]),
  );

  it.each([...found])('holds at least 93 % of the true means in the 95 % interval: %s', (_, { coverage }) => {
    expect(coverage).toBeGreaterThanOrEqual(0.93);
  });

  it('is nearer to the truth than means without shrinkage, most of all where there is little to know', () => {
    const gain = (name: string): number => found.get(name)!.errorWithoutShrinkage / found.get(name)!.error;
    for (const name of ['ordinary', 'several sources a release', 'one age']) {
      expect(gain(name), name).toBeGreaterThan(1);
    }
    expect(gain('hardly any releases')).toBeGreaterThan(1.5);
    expect(gain('sources that are all the same')).toBeGreaterThan(1.5);
    // Where the sources decide, or releases are many, there is little to gain by shrinkage, and little lost.
    for (const name of ['sources that decide', 'many of both']) {
      expect(gain(name), name).toBeGreaterThan(0.9);
    }
  });
});
