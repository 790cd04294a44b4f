import { addDays, dayOf } from '../analytics/calendar.js';
import { scoreReleases as scoreAtAge, scoreVersion, type ScoreValue } from '../analytics/release-score.js';
import type { AnalysisStepResult } from '../contracts/runs.js';
import {
  artistsOfContents,
  releasesToScore,
  saveScores,
  type ReleaseScoreRow,
  type ScoredRelease,
} from '../store/scores.js';
import {
  scopeContentIds,
  walkSubjects,
  type AnalysisDeps,
  type AnalysisStepInput,
  type BatchOutcome,
} from './analysis-step.js';
import { readEqualAgeValues, type ContentAgeValue } from './equal-age-values.js';

/** Scores beyond this many digits would make news of rounding. */
const digits = 1_000;

/**
 * Scores of the artists' releases at equal age: 0 to 10, a percentile among the artist's releases of the
 * format. An artist's releases are scored together, since each is the others' measure. Withheld, with the
 * reason, before the age is reached, without a snapshot near it, and with too few peers.
 * @returns subjects: releases × ages; found: scores; withheld: those without one.
 */
export async function scoreReleases(
  deps: AnalysisDeps,
  input: AnalysisStepInput,
): Promise<AnalysisStepResult> {
  const artists = await artistsOfContents(deps.pool, await scopeContentIds(deps, input.scope));
  return walkSubjects('scoreReleases', deps, input, artists, (artistId) =>
    scoreArtist(deps, input, artistId),
  );
}

async function scoreArtist(
  deps: AnalysisDeps,
  input: AnalysisStepInput,
  artistId: number,
): Promise<BatchOutcome> {
  const releases = await releasesToScore(deps.pool, artistId);
  const contentIds = releases.flatMap(({ contents }) => contents.map(({ id }) => id));
  const values = await readEqualAgeValues(deps.pool, contentIds, deps.settings.scoreAges, input.signal);
  const now = deps.clock.now();
  const rows = deps.settings.scoreAges.flatMap((ageDays) => scoresAtAge(releases, values, ageDays, now));
  await saveScores(deps.pool, rows, { runId: input.runId, computedAt: now });
  const found = rows.filter(({ score }) => score !== null).length;
  return { subjects: rows.length, found, withheld: rows.length - found };
}

function scoresAtAge(
  releases: readonly ScoredRelease[],
  values: readonly ContentAgeValue[],
  ageDays: number,
  now: Date,
): ReleaseScoreRow[] {
  const known = new Map<number, ContentAgeValue[]>();
  for (const value of values) {
    if (value.ageDays !== ageDays) continue;
    known.set(value.contentId, [...(known.get(value.contentId) ?? []), value]);
  }
  const ofAge = releases.filter((release) => daysToAge(release, ageDays, now) === 0);
  const scores = new Map(
    scoreAtAge(ofAge.flatMap((release) => scoreValues(release, known))).map((score) => [
      score.releaseId,
      score,
    ]),
  );
  return releases.flatMap((release): ReleaseScoreRow[] => {
    if (release.releasedAt === null) return [];
    const row = {
      releaseId: release.releaseId,
      ageDays,
      checkpointDay: addDays(dayOf(release.releasedAt, 'UTC'), ageDays),
      methodVersion: String(scoreVersion),
    };
    const missing = daysToAge(release, ageDays, now);
    if (missing > 0) {
      const withheldReason = `reaches day ${ageDays} in ${missing} ${missing === 1 ? 'day' : 'days'}`;
      return [{ ...row, score: null, contributions: [], peers: 0, withheldReason }];
    }
    const score = scores.get(release.releaseId);
    if (score === undefined) {
      const withheldReason = 'has no content on any platform';
      return [{ ...row, score: null, contributions: [], peers: 0, withheldReason }];
    }
    return [
      {
        ...row,
        score: score.score === null ? null : Math.round(score.score * digits) / digits,
        contributions: score.contributions,
        peers: score.peers,
        withheldReason: score.withheld,
      },
    ];
  });
}

/** Whole days until the release reaches the age; 0 once it has, and where its first day is unknown. */
function daysToAge({ releasedAt }: ScoredRelease, ageDays: number, now: Date): number {
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
