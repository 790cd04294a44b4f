/**
 * The releases that the generated world is laid out from. Ages, quality, formats and stock footage are
 * fixed; the seed varies everything else. The table is arranged so that the truths hold for every seed:
 * `cinder-loops` stands under the best of the early releases and under poor recent ones, so it leads
 * without time decay and falls behind with it; `quarry-stock` was used in two releases alone.
 */
interface PlannedRelease {
  /** Days from publication to the anchor day. */
  ageDays: number;
  /** 1 to 24, the best last: orders the releases by what they gain at equal age. */
  rank: number;
  source: string;
}

export const stockSources = {
  first: 'harbor-reels',
  second: 'northlight-footage',
  twoReleases: 'quarry-stock',
  fourth: 'meadow-archive',
  faded: 'cinder-loops',
  last: 'tideline-clips',
} as const;

const { first, second, twoReleases, fourth, faded, last } = stockSources;

export const plannedReleases: readonly PlannedRelease[] = [
  { ageDays: 360, rank: 8, source: first },
  { ageDays: 341, rank: 14, source: second },
  { ageDays: 322, rank: 5, source: last },
  { ageDays: 303, rank: 10, source: fourth },
  { ageDays: 284, rank: 12, source: first },
  { ageDays: 265, rank: 22, source: faded },
  { ageDays: 246, rank: 21, source: faded },
  { ageDays: 227, rank: 16, source: first },
  { ageDays: 208, rank: 6, source: second },
  { ageDays: 189, rank: 15, source: fourth },
  { ageDays: 170, rank: 24, source: faded },
  { ageDays: 151, rank: 19, source: faded },
  { ageDays: 130, rank: 7, source: twoReleases },
  { ageDays: 120, rank: 1, source: faded },
  { ageDays: 110, rank: 20, source: second },
  { ageDays: 101, rank: 9, source: fourth },
  { ageDays: 92, rank: 4, source: faded },
  { ageDays: 83, rank: 11, source: first },
  { ageDays: 74, rank: 13, source: fourth },
  { ageDays: 65, rank: 18, source: twoReleases },
  { ageDays: 56, rank: 17, source: second },
  { ageDays: 47, rank: 23, source: first },
  { ageDays: 38, rank: 2, source: last },
  { ageDays: 12, rank: 3, source: last },
];

/** Where each planted truth stands: index of the release, and days before the anchor day. */
export const plantedAt = {
  spike: { release: 6, daysAgo: 20, factor: 5 },
  drop: { release: 10, daysAgo: 33, factor: 0.12 },
  changePoint: { release: 9, daysAgo: 60, factor: 2.4 },
  outage: { release: 3, daysAgo: 48, days: 3 },
  correction: { release: 5, daysAgo: 27, share: 0.1 },
  flat: { release: 4 },
  cyclical: { release: 7, periodDays: 7, amplitude: 0.6 },
} as const;

/** Share by which counting views at playback start raises them over engaged views. */
export const definitionChangeFactor = 1.12;
/** When YouTube began to; planted on that very day wherever it falls well inside the generated history. */
export const viewsRedefinedOn = '2026-08-24';

/**
 * Level of a release's gains, 0.43 to 2.34. Formats take every third rank, so that neighbours within a
 * format lie 25 % apart: more than the redefinition of views and the noise of a launch together, and the
 * order at equal age is the planned one for every seed and anchor day.
 */
export function qualityOf(rank: number): number {
  return 1.25 ** ((rank - 12.5) / 3);
}

export const formats = ['music_video', 'lyric_video', 'visualizer'] as const;
export type ReleaseFormat = (typeof formats)[number];

/** Formats lie evenly over the ranks, so that none is better than another. */
export function formatOf(rank: number): ReleaseFormat {
  return formats[rank % formats.length]!;
}
