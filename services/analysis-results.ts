/** The latest results of the analyses as they are stored, withheld ones with their reason. */
import type { Pool } from 'pg';
import { addDays, dayOf } from '../analytics/calendar.js';
import type { Clock } from '../contracts/ports.js';
import { readAnomalies } from '../store/anomalies.js';
import { listArtists } from '../store/artists.js';
import { chosenContentIds } from '../store/chosen-contents.js';
import { latestCorrelations } from '../store/correlations.js';
import { readJudgedSeries } from '../store/judged-series.js';
import { showRelease } from '../store/releases.js';
import { latestTrends, type LatestTrend } from '../store/trends.js';
import { toFoundAnomaly, type FoundAnomaly } from './dashboard-models.js';
import { requirePlatform } from './engagement-tracker.js';
import { requireContent } from './known-contents.js';
import {
  toForecast,
  toListedCorrelation,
  toTrend,
  type ListedCorrelation,
  type ListedForecast,
  type ListedTrend,
  type UnjudgedSeries,
} from './result-models.js';

/** What is not told takes all. */
export interface ResultQuery {
  releaseId?: number | undefined;
  contentId?: string | undefined;
  platform?: string | undefined;
  metric?: string | undefined;
}

export interface FoundQuery extends ResultQuery {
  /** ISO day from which on; 90 days ago unless told. */
  since?: string | undefined;
  /** 100 unless told. */
  limit?: number | undefined;
}

const defaultDays = 90;
const defaultLimit = 100;

/** Reads what the latest runs found. */
export class AnalysisResults {
  constructor(private readonly deps: { pool: Pool; clock: Clock }) {}

  /** The latest day first. @throws StoreError `notFound`, BadInputError */
  async anomalies(query: FoundQuery = {}): Promise<FoundAnomaly[]> {
    const { pool, clock } = this.deps;
    const { since = addDays(dayOf(clock.now(), 'UTC'), -defaultDays), limit = defaultLimit } = query;
    const contentIds = await this.chosen(query);
    const metric = query.metric ?? null;
    const found = await readAnomalies(pool, { contentIds, since, limit, metric });
    return found.map(toFoundAnomaly);
  }

  /** The series that no day was judged of, with the reason. @throws StoreError `notFound`, BadInputError */
  async unjudged(query: ResultQuery = {}): Promise<UnjudgedSeries[]> {
    const contentIds = await this.chosen(query);
    const judged = await readJudgedSeries(this.deps.pool, { contentIds, metric: query.metric ?? null });
    return judged.flatMap(({ withheldReason, ...series }) =>
      withheldReason === null
        ? []
        : [
            {
              ...{ content_id: series.contentKey, title: series.title, platform: series.platform },
              ...{ metric: series.metric, method: series.method, version: series.methodVersion },
              ...{ parameters: series.parameters, points: series.points, withheld: withheldReason },
              time_period: [series.from, series.to],
            },
          ],
    );
  }

  /** In order of content and metric. @throws StoreError `notFound`, BadInputError */
  async trends(query: ResultQuery = {}): Promise<ListedTrend[]> {
    return (await this.latest(query)).map(toTrend);
  }

  /** In order of content and metric. @throws StoreError `notFound`, BadInputError */
  async forecasts(query: ResultQuery = {}): Promise<ListedForecast[]> {
    return (await this.latest(query)).map(toForecast);
  }

  /**
   * Each artist's latest family of tests and the features' importance, the most certain first.
   * @param artistId null takes every artist.
   */
  async correlations(artistId: number | null = null): Promise<ListedCorrelation[]> {
    const { pool } = this.deps;
    const artists = (await listArtists(pool)).filter(({ id }) => artistId === null || id === artistId);
    const listed: ListedCorrelation[] = [];
    for (const { id } of artists) {
      const latest = await latestCorrelations(pool, id);
      const rows = latest?.rows ?? [];
      listed.push(...rows.map((row) => toListedCorrelation(row, { artistId: id, runId: latest!.runId })));
    }
    return listed.sort(
      (a, b) => (a.adjusted_p_value ?? Infinity) - (b.adjusted_p_value ?? Infinity) || compare(a, b),
    );
  }

  private async latest(query: ResultQuery): Promise<LatestTrend[]> {
    const found = await latestTrends(this.deps.pool, await this.chosen(query));
    return found.filter(({ metric }) => query.metric === undefined || metric === query.metric);
  }

  private async chosen({ releaseId, contentId, platform }: ResultQuery): Promise<number[] | null> {
    const { pool } = this.deps;
    if (releaseId !== undefined) await showRelease(pool, releaseId);
    const content = contentId === undefined ? null : await requireContent(pool, contentId);
    return chosenContentIds(pool, {
      contentIds: content === null ? null : [content.contentId],
      releaseId: releaseId ?? null,
      platform: platform === undefined ? null : requirePlatform(platform),
    });
  }
}

function compare(a: ListedCorrelation, b: ListedCorrelation): number {
  const name = ({ feature, metric, method }: ListedCorrelation): string => `${feature} ${metric} ${method}`;
  return name(a) < name(b) ? -1 : 1;
}
