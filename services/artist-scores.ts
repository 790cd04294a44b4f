/** The scores of an artist's releases, computed and not stored: by the analysis step and for recomputing. */
import { addDays, dayOf } from '../analytics/calendar.js';
import {
  equalAgeToleranceHours,
  leastScorePeers,
  scoreReleases,
  scoreVersion,
  type ScoreValue,
} from '../analytics/release-score.js';
import type { ReleaseScoreRow, ScoredRelease } from '../store/scores.js';
import type { ScoreWeightSet } from '../store/score-weights.js';
import type { ContentAgeValue } from './equal-age-values.js';

/**
 * A row a release and age, in order of age and release. Withheld, with the reason, before the age is reached,
 * without a snapshot near it, and with too few peers.
 * @param values of the releases' contents at these ages; at others they are left out of account.
 */
export function scoreArtistReleases(
  releases: readonly ScoredRelease[],
  values: readonly ContentAgeValue[],
  agesInDays: readonly number[],
  weights: ScoreWeightSet,
  now: Date,
): ReleaseScoreRow[] {
  return agesInDays.flatMap((ageDays) => scoresAtAge(releases, values, ageDays, weights, now));
}

function scoresAtAge(
  releases: readonly ScoredRelease[],
  values: readonly ContentAgeValue[],
  ageDays: number,
  { id: weightsId, weights }: ScoreWeightSet,
  now: Date,
): ReleaseScoreRow[] {
  const known = new Map<number, ContentAgeValue[]>();
  for (const value of values) {
    if (value.ageDays !== ageDays) continue;
    const own = known.get(value.contentId) ?? [];
    own.push(value);
    known.set(value.contentId, own);
  }
  const ofAge = releases.filter((release) => daysToAge(release.releasedAt, ageDays, now) === 0);
  const scores = new Map(
    scoreReleases(
      ofAge.flatMap((release) => scoreValues(release, known)),
      weights,
    ).map((score) => [score.releaseId, score]),
  );
  return releases.flatMap((release): ReleaseScoreRow[] => {
    if (release.releasedAt === null) return [];
    const withheld = {
      releaseId: release.releaseId,
      ageDays,
      checkpointDay: addDays(dayOf(release.releasedAt, 'UTC'), ageDays),
      methodVersion: String(scoreVersion),
      weightsId,
      parameters: { tolerance_hours: equalAgeToleranceHours, least_peers: leastScorePeers },
      ...{ score: null, contributions: [], peers: 0 },
    };
    const reason = ageReason(release.releasedAt, ageDays, now);
    if (reason !== null) return [{ ...withheld, withheldReason: reason }];
    const found = scores.get(release.releaseId);
    if (found === undefined) return [{ ...withheld, withheldReason: 'has no content on any platform' }];
    const { score, contributions, peers } = found;
    return [{ ...withheld, score, contributions, peers, withheldReason: found.withheld }];
  });
}

/** Why something out since then has no value at the age yet; null once it is reached. */
export function ageReason(releasedAt: Date, ageDays: number, now: Date): string | null {
  const missing = daysToAge(releasedAt, ageDays, now);
  return missing > 0 ? `reaches day ${ageDays} in ${missing} ${missing === 1 ? 'day' : 'days'}` : null;
}

/** Whole days until the age is reached; 0 once it is, and where the first day is unknown. */
function daysToAge(releasedAt: Date | null, ageDays: number, now: Date): number {
  if (releasedAt === null) return 0;
  return Math.max(0, Math.ceil(ageDays - (now.getTime() - releasedAt.getTime()) / 86_400_000));
}

/** A release's values; a content without any is there with none, so that the reason can be told. */
function scoreValues(
  release: ScoredRelease,
  known: ReadonlyMap<number, readonly ContentAgeValue[]>,
): ScoreValue[] {
  const group = JSON.stringify([release.artistId, release.format]);
  return release.contents.flatMap(({ id, platform }): ScoreValue[] => {
    const own = known.get(id) ?? [];
    const subject = { releaseId: release.releaseId, group, platform };
    if (own.length === 0) return [{ ...subject, metric: 'views', value: null }];
    return own.map(({ metric, value }) => ({ ...subject, metric, value }));
  });
}
