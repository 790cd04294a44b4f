import { linearRegression, mean, median, sampleCorrelation, standardDeviation } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { dayNumber, msPerDay } from '../../../sandbox/calendar.js';
import { generateWorld, type GeneratedWorld } from '../../../sandbox/generated-world.js';
import { answersOf } from '../../../sandbox/world-answers.js';

const cases = [
  { seed: 1, anchorDay: '2026-11-20' },
  { seed: 42, anchorDay: '2026-11-20' },
  { seed: 7, anchorDay: '2027-04-02' },
  { seed: 99, anchorDay: '2026-03-09' },
];

const viewsAt = (world: GeneratedWorld, id: string, ms: number): number =>
  world.youtube.video(id, new Date(ms))?.statistics.views ?? Number.NaN;

/** Gains of UTC days, the first and the last one included. */
function gains(world: GeneratedWorld, id: string, from: number, through: number): number[] {
  return Array.from({ length: through - from + 1 }, (_, i) => {
    const startMs = (from + i) * msPerDay;
    return viewsAt(world, id, startMs + msPerDay) - viewsAt(world, id, startMs);
  });
}

function settled(
  world: GeneratedWorld,
  id: string,
  metric: 'views' | 'engagedViews',
  from: number,
  through: number,
): number[] {
  const late = new Date((through + 30) * msPerDay);
  return Array.from(
    { length: through - from + 1 },
    (_, i) => world.youtube.analytics(id, from + i, late)?.[metric] ?? 0,
  );
}

/** Scores 0 to 10: share of the format's releases that gained no more by the day of life. */
function scores(world: GeneratedWorld, age: number): (number | null)[] {
  const anchorMs = dayNumber(world.anchorDay) * msPerDay;
  const values = world.releases.map((release) => {
    const ms = release.publishedAt.getTime() + age * msPerDay;
    return ms > anchorMs ? null : viewsAt(world, release.videoId, ms);
  });
  return values.map((value, i) => {
    if (value === null) return null;
    const peers = values.filter(
      (peer, j) => peer !== null && world.releases[j]!.format === world.releases[i]!.format,
    );
    return (10 * peers.filter((peer) => peer! <= value).length) / peers.length;
  });
}

function ranking(world: GeneratedWorld, age: number, halfLifeDays: number, priorWeight: number): string[] {
  const anchor = dayNumber(world.anchorDay);
  const scored = scores(world, age).flatMap((score, i) => {
    if (score === null) return [];
    const days = anchor - dayNumber(world.releases[i]!.releasedOn) - age;
    const source = world.clipUsages.find(({ release }) => release.index === i)!.sourceName;
    return [{ source, score, weight: 2 ** (-days / halfLifeDays) }];
  });
  const weighted = (rows: typeof scored, prior: number, weight: number): number =>
    (rows.reduce((sum, row) => sum + row.weight * row.score, 0) + weight * prior) /
    (rows.reduce((sum, row) => sum + row.weight, 0) + weight);
  const all = weighted(scored, 0, 0);
  const names = [...new Set(scored.map(({ source }) => source))];
  const value = new Map(
    names.map((name) => [
      name,
      weighted(
        scored.filter(({ source }) => source === name),
        all,
        priorWeight,
      ),
    ]),
  );
  return names.sort((a, b) => value.get(b)! - value.get(a)!);
}

describe.each(cases)('the truths planted with seed $seed at $anchorDay', ({ seed, anchorDay }) => {
  const world = generateWorld({ seed, anchorDay });
  const answers = answersOf(world);
  const anchor = dayNumber(anchorDay);

  it('survive JSON', () => {
    expect(JSON.parse(JSON.stringify(answers))).toEqual(answers);
  });

  it('a spike and a drop of one day', () => {
    for (const { externalId, day, factor } of [answers.spike, answers.drop]) {
      const at = dayNumber(day);
      for (const series of [
        gains(world, externalId, at - 14, at + 14),
        settled(world, externalId, 'views', at - 14, at + 14),
      ]) {
        const usual = median(series.filter((_, i) => i !== 14));
        // The Pacific day takes in a few hours of its neighbour's night.
        expect(Math.abs(Math.log(series[14]! / usual / factor))).toBeLessThan(0.65);
      }
    }
  });

  it('a change point', () => {
    const { externalId, day, factor } = answers.changePoint;
    const series = gains(world, externalId, dayNumber(day) - 21, dayNumber(day) + 20);
    const ratio = mean(series.slice(21)) / mean(series.slice(0, 21));
    expect(Math.abs(ratio / factor - 1)).toBeLessThan(0.15);
  });

  it('an outage of three days without a gain', () => {
    const { externalId, from, to } = answers.outage;
    const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
    expect(toMs - fromMs).toBe(3 * msPerDay);
    const here = (ms: number): boolean => world.youtube.video(externalId, new Date(ms)) !== null;
    expect([fromMs - 1, fromMs, toMs - 1, toMs].map(here)).toEqual([true, false, false, true]);
    expect(viewsAt(world, externalId, toMs) - viewsAt(world, externalId, fromMs - 1)).toBeLessThanOrEqual(1);
    expect(world.youtube.uploads(world.youtube.ownChannelId, new Date(fromMs))).not.toContain(externalId);
    expect(
      world.youtube.analytics(externalId, fromMs / msPerDay + 1, new Date(anchor * msPerDay)),
    ).toBeNull();
  });

  it('a counter that is corrected below the day before, while the reports go on', () => {
    const { externalId, at, fell } = answers.correction;
    const ms = Date.parse(at);
    expect(viewsAt(world, externalId, ms - 1) - viewsAt(world, externalId, ms)).toBe(fell);
    const day = Math.floor(ms / msPerDay);
    expect(gains(world, externalId, day, day)[0]).toBeLessThan(0);
    expect(Math.min(...settled(world, externalId, 'views', day - 3, day + 3))).toBeGreaterThan(0);
  });

  it('a change of what a view is, which engaged views do not know', () => {
    const { day, factor } = answers.definitionChange;
    const at = dayNumber(day);
    const { videoId } = world.releases[0]!;
    const share = (from: number): number =>
      mean(settled(world, videoId, 'views', from, from + 20)) /
      mean(settled(world, videoId, 'engagedViews', from, from + 20));
    expect(share(at - 25)).toBe(1);
    expect(share(at + 1)).toBeCloseTo(factor, 2);
  });

  it('a cyclical and a flat release', () => {
    const cyclical = gains(world, answers.cyclical.externalId, anchor - 56, anchor - 1);
    const flat = gains(world, answers.flat.externalId, anchor - 56, anchor - 1);
    const spread = (values: number[]): number => standardDeviation(values) / mean(values);
    const slope = (values: number[]): number =>
      (linearRegression(values.map((value, i) => [i, value])).m * values.length) / mean(values);
    expect(spread(cyclical)).toBeGreaterThan(0.35);
    expect(sampleCorrelation(cyclical.slice(7), cyclical.slice(0, -7))).toBeGreaterThan(0.9);
    expect(Math.abs(slope(cyclical))).toBeLessThan(0.2);
    expect(spread(flat)).toBeLessThan(0.06);
    expect(Math.abs(slope(flat))).toBeLessThan(0.06);
  });

  it('a ranking of stock sources that decay turns over', () => {
    const { ranking: expected, faded, lowEvidence } = answers.stockSources;
    for (const age of [7, 28]) {
      for (const halfLifeDays of [21, 30, 45]) {
        for (const priorWeight of [0.25, 1, 3]) {
          expect(ranking(world, age, halfLifeDays, priorWeight)).toEqual(expected);
        }
      }
    }
    expect(ranking(world, 28, 1e6, 1)[0]).toBe(faded);
    const releases = new Map<string, Set<number>>();
    for (const { sourceName, release } of world.clipUsages) {
      releases.set(sourceName, (releases.get(sourceName) ?? new Set()).add(release.index));
    }
    expect(releases.size).toBe(6);
    expect(releases.get(lowEvidence)?.size).toBe(2);
  });

  it('one true association, one that age alone makes, and several that are none', () => {
    const anchorMs = anchor * msPerDay;
    const grown = world.releases.filter(
      ({ publishedAt }) => publishedAt.getTime() + 28 * msPerDay <= anchorMs,
    );
    const atDay28 = grown.map((release) =>
      viewsAt(world, release.videoId, release.publishedAt.getTime() + 28 * msPerDay),
    );
    const lifetime = world.releases.map(({ videoId }) => viewsAt(world, videoId, anchorMs));
    const ages = world.releases.map(({ publishedAt }) => anchorMs - publishedAt.getTime());
    const durations = world.releases.map(({ durationSeconds }) => durationSeconds);
    const descriptions = world.releases.map(({ description }) => description.length);
    const truth = sampleCorrelation(
      grown.map(({ durationSeconds }) => durationSeconds),
      atDay28,
    );
    expect(truth * answers.correlations.true.sign).toBeGreaterThan(answers.correlations.true.atLeast);
    expect(sampleCorrelation(durations, lifetime)).toBeLessThan(-0.7);
    const raw = sampleCorrelation(descriptions, lifetime);
    const byAge = sampleCorrelation(descriptions, ages);
    const lifetimeByAge = sampleCorrelation(lifetime, ages);
    const partial = (raw - byAge * lifetimeByAge) / Math.sqrt((1 - byAge ** 2) * (1 - lifetimeByAge ** 2));
    expect(raw).toBeGreaterThan(0.4);
    expect(Math.abs(partial)).toBeLessThan(0.35);
    const nulls = {
      title_length: world.releases.map(({ title }) => title.length),
      tag_count: world.releases.map(({ tags }) => tags.length),
      tempo_bpm: world.releases.map(({ attributes }) => attributes.tempo_bpm),
    };
    expect(Object.keys(nulls)).toEqual(answers.correlations.none);
    for (const values of Object.values(nulls)) {
      expect(Math.abs(sampleCorrelation(values, lifetime))).toBeLessThan(0.3);
      expect(Math.abs(sampleCorrelation(values.slice(0, grown.length), atDay28))).toBeLessThan(0.3);
    }
  });
});
