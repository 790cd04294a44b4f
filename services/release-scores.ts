import type { Pool } from 'pg';
import { performanceBand, thresholdsOfScore, type PerformanceBand } from '../analytics/performance-band.js';
import { scoreMethod } from '../analytics/release-score.js';
import type { Clock } from '../contracts/ports.js';
import { StoreError } from '../store/errors.js';
import {
  addWeights,
  findWeights,
  listWeights,
  weightsAt,
  type ScoreWeightSet,
} from '../store/score-weights.js';
import {
  latestScores,
  releasesToScore,
  type ReleaseScoreRow,
  type ScoreContribution,
} from '../store/scores.js';
import type { AnalysisSettings } from './analysis-settings.js';
import { scoreArtistReleases } from './artist-scores.js';
import { BadInputError } from './bad-input.js';
import { readEqualAgeValues } from './equal-age-values.js';

export interface ScoreWeightsVersion {
  weights_id: number;
  artist_id: number | null;
  version: number;
  weights: Record<string, number>;
  created_by: string;
  /** ISO instant; null: since always. */
  valid_from: string | null;
}

export interface ExplainedScore {
  release_id: number;
  age_days: number;
  /** ISO day on which the release reached the age. */
  checkpoint_day: string;
  score: number | null;
  /** By the configured thresholds; null where withheld. */
  band: PerformanceBand | null;
  /** They add up to the score. */
  contributions: readonly ScoreContribution[];
  /** Releases that it was compared with. */
  points: number;
  withheld: string | null;
  method: string;
  version: string;
  parameters: Readonly<Record<string, unknown>>;
  /** The set of weights that made it; null for a score from before sets were kept. */
  weights_id: number | null;
}

export interface ListedScore extends ExplainedScore {
  artist_id: number;
  title: string;
  format: string | null;
  run_id: string;
}

export interface ScoreServiceDeps {
  pool: Pool;
  clock: Clock;
  settings: Pick<AnalysisSettings, 'scoreAges' | 'performance'>;
}

/** Release scores, 0 to 10 at equal age: what they consist of, and the weights that they follow. */
export class ScoreService {
  constructor(private readonly deps: ScoreServiceDeps) {}

  /** The sets of an artist, or of the default that holds for every other one; the newest first. @throws StoreError */
  async listWeights(artistId: number | null = null): Promise<ScoreWeightsVersion[]> {
    return (await listWeights(this.deps.pool, artistId)).map(asVersion);
  }

  /**
   * Makes weights the ones that scores follow from now on, as a new version; equal ones are no new version. A
   * weight belongs to a metric, or to `platform/metric`, which goes before.
   * @param artistId null changes the default of every artist without weights of its own.
   * @throws BadInputError for a weight that is negative or no number, and where none is above 0; StoreError
   */
  async setWeights(
    weights: Readonly<Record<string, number>>,
    by: string,
    artistId: number | null = null,
  ): Promise<ScoreWeightsVersion> {
    for (const [metric, weight] of Object.entries(weights)) {
      if (metric.trim() === '') throw new BadInputError('A weight belongs to a metric.');
      if (!(weight >= 0) || !Number.isFinite(weight)) {
        throw new BadInputError(`The weight of ${metric} is a number from 0 on, not ${weight}.`);
      }
    }
    if (!Object.values(weights).some((weight) => weight > 0)) {
      throw new BadInputError('At least one weight is above 0.');
    }
    if (by.trim() === '') throw new BadInputError('Weights name whoever set them.');
    const at = this.deps.clock.now();
    return asVersion(await addWeights(this.deps.pool, { artistId, weights, by, at }));
  }

  /**
   * The scores of an artist's releases by a set of weights, computed anew from what is known now and not stored;
   * the set that holds now unless told.
   * @throws StoreError `notFound` for a set that does not exist.
   */
  async recompute(artistId: number, weightsId?: number): Promise<ExplainedScore[]> {
    const { pool, clock, settings } = this.deps;
    const now = clock.now();
    const weights =
      weightsId === undefined ? await weightsAt(pool, artistId, now) : await findWeights(pool, weightsId);
    if (weights === null || (weights.artistId !== null && weights.artistId !== artistId)) {
      throw new StoreError('notFound', `There are no weights ${weightsId ?? ''} for artist ${artistId}.`);
    }
    const releases = await releasesToScore(pool, artistId);
    const contentIds = releases.flatMap(({ contents }) => contents.map(({ id }) => id));
    const { signal } = new AbortController();
    const values = await readEqualAgeValues(pool, contentIds, settings.scoreAges, signal);
    const rows = scoreArtistReleases(releases, values, settings.scoreAges, weights, now);
    return rows.map((row) => this.explained(row));
  }

  /**
   * The latest stored scores, one a release and age, in order of release and age.
   * @param filter null takes every release; a platform those that have a figure on it.
   * @throws StoreError
   */
  async list(filter: {
    artistId: number | null;
    releaseId: number | null;
    platform: string | null;
  }): Promise<ListedScore[]> {
    const { artistId, releaseId, platform } = filter;
    const rows = await latestScores(this.deps.pool, {
      artistIds: artistId === null ? null : [artistId],
      releaseIds: releaseId === null ? null : [releaseId],
    });
    return rows
      .filter((row) => platform === null || row.contributions.some((one) => one.platform === platform))
      .map((row) => ({
        ...{ artist_id: row.artistId, title: row.title, format: row.format, run_id: row.runId },
        ...this.explained(row),
      }));
  }

  /** The latest stored scores of a release, one an age. @throws StoreError */
  async explain(releaseId: number): Promise<ExplainedScore[]> {
    const rows = await latestScores(this.deps.pool, { artistIds: null, releaseIds: [releaseId] });
    return rows.map((row) => this.explained(row));
  }

  private explained(row: ReleaseScoreRow): ExplainedScore {
    const thresholds = thresholdsOfScore(this.deps.settings.performance, row.contributions);
    return {
      release_id: row.releaseId,
      age_days: row.ageDays,
      checkpoint_day: row.checkpointDay,
      score: row.score,
      band: row.score === null ? null : performanceBand(row.score, thresholds),
      contributions: row.contributions,
      points: row.peers,
      withheld: row.withheldReason,
      method: scoreMethod,
      version: row.methodVersion,
      parameters: row.parameters,
      weights_id: row.weightsId,
    };
  }
}

function asVersion(set: ScoreWeightSet): ScoreWeightsVersion {
  return {
    weights_id: set.id,
    artist_id: set.artistId,
    version: set.version,
    weights: set.weights,
    created_by: set.createdBy,
    valid_from: set.validFrom?.toISOString() ?? null,
  };
}
