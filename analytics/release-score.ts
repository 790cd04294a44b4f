/** Release scores: 0 to 10, a percentile at equal age among the releases that may be compared. */

export const scoreMethod = 'weighted percentile among peers at equal age';
export const scoreVersion = 2;

/** A snapshot further from the age asked for than this does not speak of it. */
export const equalAgeToleranceHours = 36;

export interface AgedValue {
  recordedAt: Date;
  /** Null where the observation does not tell the metric. */
  value: number | null;
}

export interface EqualAgeValue {
  value: number;
  recordedAt: Date;
  /** Hours after (positive) or before the age asked for. */
  hoursOff: number;
}

/**
 * The value that speaks of a content at an age: the observation nearest to publication + age, the earlier one
 * of two as near. Null where none lies within the tolerance: withheld, never interpolated.
 */
export function equalAgeValue(
  observations: readonly AgedValue[],
  publishedAt: Date,
  ageDays: number,
  toleranceHours = equalAgeToleranceHours,
): EqualAgeValue | null {
  const due = publishedAt.getTime() + ageDays * 86_400_000;
  let best: EqualAgeValue | null = null;
  for (const { recordedAt, value } of observations) {
    const hoursOff = (recordedAt.getTime() - due) / 3_600_000;
    if (value === null || !Number.isFinite(value) || Math.abs(hoursOff) > toleranceHours) continue;
    const nearer =
      best === null ||
      Math.abs(hoursOff) < Math.abs(best.hoursOff) ||
      (Math.abs(hoursOff) === Math.abs(best.hoursOff) && hoursOff < best.hoursOff);
    if (nearer) best = { value, recordedAt, hoursOff };
  }
  return best;
}

export interface ScoreValue {
  releaseId: number;
  /** Releases of one group are each other's peers: artist and format. */
  group: string;
  platform: string;
  metric: string;
  /** Value at equal age; null where withheld. */
  value: number | null;
}

/** Weight by metric, or by `platform/metric`, which goes before; metrics that are not named have 0. */
export type ScoreWeights = Readonly<Record<string, number>>;

/** Fewer peers than this make no percentile. */
export const leastScorePeers = 3;
/** A thousandth is the last digit: beyond it a score would make news of rounding. */
const thousandths = 1_000;

export interface Contribution {
  platform: string;
  metric: string;
  value: number;
  /** Share of the peers below, ties counting half; 0..1. */
  percentile: number;
  /** Share of the score that this value decides; the weights of a release add up to 1. */
  weight: number;
  /** 10 × percentile × weight in whole thousandths; the points of a release add up to its score, to the digit. */
  points: number;
}

export interface ReleaseScore {
  releaseId: number;
  /** 0..10 in whole thousandths; null where withheld. */
  score: number | null;
  contributions: Contribution[];
  /** The most peers that a value was compared with. */
  peers: number;
  withheld: string | null;
  version: number;
}

/**
 * Scores every release that has a row, in order of id. Each value becomes its percentile among the other
 * releases' values of the same group, platform and metric; the score is ten times their weighted mean. Values
 * with fewer than three peers count for nothing; without any value that counts the score is withheld.
 */
export function scoreReleases(values: readonly ScoreValue[], weights: ScoreWeights): ReleaseScore[] {
  const cohorts = new Map<string, number[]>();
  for (const row of values) {
    if (!counts(row)) continue;
    const cohort = cohorts.get(cohortOf(row)) ?? [];
    cohort.push(row.value);
    cohorts.set(cohortOf(row), cohort);
  }
  for (const cohort of cohorts.values()) cohort.sort((a, b) => a - b);
  const byRelease = new Map<number, ScoreValue[]>();
  for (const row of values) {
    const rows = byRelease.get(row.releaseId) ?? [];
    rows.push(row);
    byRelease.set(row.releaseId, rows);
  }
  return Array.from(byRelease.keys())
    .sort((a, b) => a - b)
    .map((releaseId) => scoreOne(releaseId, byRelease.get(releaseId)!, cohorts, weights));
}

function counts(row: ScoreValue): row is ScoreValue & { value: number } {
  return row.value !== null && Number.isFinite(row.value);
}

function cohortOf(row: ScoreValue): string {
  return JSON.stringify([row.group, row.platform, row.metric]);
}

function scoreOne(
  releaseId: number,
  rows: readonly ScoreValue[],
  cohorts: ReadonlyMap<string, readonly number[]>,
  weights: ScoreWeights,
): ReleaseScore {
  const told = rows.filter(counts);
  let peers = 0;
  const weighed: Contribution[] = [];
  for (const row of told) {
    const cohort = cohorts.get(cohortOf(row))!;
    const others = cohort.length - 1;
    peers = Math.max(peers, others);
    const weight = weights[`${row.platform}/${row.metric}`] ?? weights[row.metric] ?? 0;
    if (others < leastScorePeers || !(weight > 0)) continue;
    const below = lowerBound(cohort, row.value);
    const ties = upperBound(cohort, row.value) - below - 1;
    const percentile = (below + ties / 2) / others;
    weighed.push({
      platform: row.platform,
      metric: row.metric,
      value: row.value,
      percentile,
      weight,
      points: 0,
    });
  }
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  const points = inThousandths(weighed.map(({ percentile, weight }) => (10 * percentile * weight) / total));
  const contributions = weighed
    .map((one, i) => ({ ...one, weight: one.weight / total, points: points[i]! / thousandths }))
    .sort(
      (a, b) => b.points - a.points || compareText(a.platform, b.platform) || compareText(a.metric, b.metric),
    );
  const base = { releaseId, contributions, peers, version: scoreVersion };
  if (contributions.length > 0) {
    const score = points.reduce((sum, one) => sum + one, 0) / thousandths;
    return { ...base, score, withheld: null };
  }
  return { ...base, score: null, withheld: reasonFor(told.length, peers) };
}

/**
 * Whole thousandths of parts that add up to the rounded sum of the parts: the largest remainders are rounded up
 * (Hamilton's method), so that what stands beside a score explains all of it.
 */
function inThousandths(parts: readonly number[]): number[] {
  const exact = parts.map((part) => part * thousandths);
  const whole = exact.map(Math.floor);
  const due = Math.round(exact.reduce((sum, part) => sum + part, 0)) - whole.reduce((a, b) => a + b, 0);
  const byRemainder = exact.map((_, i) => i).sort((a, b) => exact[b]! - whole[b]! - (exact[a]! - whole[a]!));
  for (const i of byRemainder.slice(0, due)) whole[i]!++;
  return whole;
}

function reasonFor(told: number, peers: number): string {
  if (told === 0) return 'no value within 36 hours of the age';
  const missing = leastScorePeers - peers;
  if (missing > 0) return `needs ${missing} more ${missing === 1 ? 'release' : 'releases'} to compare with`;
  return 'none of its metrics has a weight';
}

/** How many values of an ascending list are below, and below or equal. */
function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function upperBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
