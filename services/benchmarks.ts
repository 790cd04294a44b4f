import type { Pool } from 'pg';
import { benchmarkAges } from '../analytics/benchmark.js';
import { performanceBand, thresholdsOfScore } from '../analytics/performance-band.js';
import type { Clock } from '../contracts/ports.js';
import type { Platform } from '../contracts/vocabulary.js';
import {
  listBenchmarks,
  removeExternalBenchmark,
  seedExternalBenchmarks,
  setExternalBenchmark,
} from '../store/benchmarks.js';
import { StoreError } from '../store/errors.js';
import type { Queryable } from '../store/queryable.js';
import { latestScores, releasesToScore } from '../store/scores.js';
import type { AnalysisSettings } from './analysis-settings.js';
import { ageFigures, withEngagementRate } from './age-figures.js';
import { BadInputError } from './bad-input.js';
import { checkpointsOf, type ContentBenchmarks } from './content-benchmarks.js';
import { requirePlatform } from './engagement-tracker.js';
import { readEqualAgeValues } from './equal-age-values.js';
import { configuredBenchmarks, engagementRateMetric, startingSource } from './external-benchmarks.js';
import { requireContent } from './known-contents.js';
import { toldBenchmark, type ToldBenchmark } from './told-benchmark.js';

export interface NewExternalBenchmark {
  platform: string;
  metric: string;
  median: number;
  /** Both or neither. */
  p30?: number | null;
  p70?: number | null;
  /** None holds for any. */
  industry?: string | null;
  ageDays?: number | null;
  /** None is for every artist. */
  artistId?: number | null;
  /** Where the figures are from. */
  source?: string | null;
}

export interface BenchmarkServiceDeps {
  pool: Pool;
  clock: Clock;
  settings: Pick<AnalysisSettings, 'performance'>;
  /** Where writes go; the pool unless told. A client inside a transaction lets a caller rehearse them. */
  db?: Queryable;
}

/** What others of the platform reach, and what the team's own contents do, at equal age. */
export class BenchmarkService {
  private readonly db: Queryable;

  constructor(private readonly deps: BenchmarkServiceDeps) {
    this.db = deps.db ?? deps.pool;
  }

  /** Own and external ones; given an artist, its own and those that all share. @throws BadInputError, StoreError */
  async list(
    filter: { artistId?: number; origin?: 'own' | 'external'; platform?: string } = {},
  ): Promise<ToldBenchmark[]> {
    const { artistId = null, origin = null, platform } = filter;
    const name = platform === undefined ? null : requirePlatform(platform);
    const found = await listBenchmarks(this.db, { artistId, origin, platform: name });
    return found.map(toldBenchmark);
  }

  /**
   * Takes the configured rates as the external benchmarks to start from. Done once: what was edited or struck out
   * since then stays so.
   * @returns how many were new.
   */
  seedExternal(rates: Readonly<Partial<Record<Platform, number>>>): Promise<number> {
    return seedExternalBenchmarks(
      this.db,
      engagementRateMetric,
      configuredBenchmarks(rates),
      startingSource,
      this.deps.clock.now(),
    );
  }

  /**
   * Sets an external benchmark; the former one of the same artist, platform, industry, metric and age is replaced.
   * @throws BadInputError for an unknown platform, and quantiles that are no numbers or out of order; StoreError
   */
  async setExternal(benchmark: NewExternalBenchmark, by: string): Promise<ToldBenchmark> {
    const { metric, median, p30 = null, p70 = null, ageDays = null } = benchmark;
    const platform = requirePlatform(benchmark.platform);
    if (metric.trim() === '') throw new BadInputError('A benchmark is of a metric.');
    if (by.trim() === '') throw new BadInputError('A benchmark names whoever set it.');
    if (ageDays !== null && !(Number.isInteger(ageDays) && ageDays > 0)) {
      throw new BadInputError('An age is a whole number of days from 1 on.');
    }
    if ((p30 === null) !== (p70 === null)) {
      throw new BadInputError('The 30th and the 70th percentile are told together or not at all.');
    }
    const quantiles = [p30, median, p70].filter((value) => value !== null);
    const ordered = quantiles.every(
      (value, i) => Number.isFinite(value) && (i === 0 || quantiles[i - 1]! <= value),
    );
    if (!ordered) throw new BadInputError('The percentiles are numbers in ascending order.');
    const set = await setExternalBenchmark(
      this.db,
      {
        ...{ platform, metric: metric.trim(), median, p30, p70, ageDays },
        artistId: benchmark.artistId ?? null,
        industry: benchmark.industry?.trim() ?? null,
        toldSource: benchmark.source ?? null,
      },
      { by, at: this.deps.clock.now() },
    );
    return toldBenchmark(set);
  }

  /** Strikes an external benchmark out. @throws StoreError `notFound`, also for one of the team's own */
  async remove(id: string, by: string): Promise<void> {
    const known =
      /^\d{1,18}$/.test(id) &&
      (await removeExternalBenchmark(this.db, id, { by, at: this.deps.clock.now() }));
    if (!known) throw new StoreError('notFound', `There is no external benchmark ${id}.`);
  }

  /**
   * A content at day 1, 3, 7 and 28 beside its peers: the primary contents of the artist's other releases of the
   * platform and format, itself left out, and beside the external benchmarks.
   * @param industry external benchmarks of this one go before those for any.
   * @throws StoreError `notFound` for an unknown content.
   */
  async compareContent(contentName: string, industry: string | null = null): Promise<ContentBenchmarks> {
    const { pool, clock, settings } = this.deps;
    const content = await requireContent(pool, contentName);
    const { contentId, artistId, releaseId, platform } = content;
    const releases = artistId === null ? [] : await releasesToScore(pool, artistId);
    const release = releases.find((one) => one.releaseId === releaseId);
    const format = release?.format ?? null;
    const peerIds = releases
      .filter((one) => one !== release && one.format === format)
      .flatMap(({ contents }) => contents.filter((one) => one.platform === platform).map(({ id }) => id));
    const { signal } = new AbortController();
    const values = await readEqualAgeValues(pool, [contentId, ...peerIds], benchmarkAges, signal);
    const scores = releaseId === null ? [] : await this.scoresOf(releaseId);
    const latest = scores.filter(({ score }) => score !== null).sort((a, b) => b.ageDays - a.ageDays)[0];
    return {
      content_id: content.contentKey,
      platform,
      format,
      performance:
        latest?.score == null
          ? null
          : {
              ...{ score: latest.score, age_days: latest.ageDays, weights_id: latest.weightsId },
              band: performanceBand(
                latest.score,
                thresholdsOfScore(settings.performance, latest.contributions),
              ),
            },
      ...checkpointsOf({
        platform,
        industry,
        publishedAt: content.publishedAt ?? release?.releasedAt ?? null,
        now: clock.now(),
        own: withEngagementRate(values.filter((value) => value.contentId === contentId)),
        peers: ageFigures(
          releases,
          values.filter((value) => value.contentId !== contentId),
        ),
        isLinked: release !== undefined,
        external: await listBenchmarks(pool, { artistId, origin: 'external', platform }),
      }),
    };
  }

  private scoresOf(releaseId: number): ReturnType<typeof latestScores> {
    return latestScores(this.deps.pool, { artistIds: null, releaseIds: [releaseId] });
  }
}
