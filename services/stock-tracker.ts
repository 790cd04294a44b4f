import type { Pool } from 'pg';
import { dayOf } from '../analytics/calendar.js';
import { exploreSources, type ExploredSource } from '../analytics/stock-exploration.js';
import { judgeHistory, type HistoryResult } from '../analytics/stock-history.js';
import { rankSources, type RankedSource } from '../analytics/stock-ranking.js';
import type { Clock } from '../contracts/ports.js';
import { inTransaction } from '../store/queryable.js';
import {
  insertClipUsages,
  insertPerformanceEvents,
  readStockEvidence,
  readStockHistory,
} from '../store/stock.js';
import { BadInputError } from './bad-input.js';
import type { ResultCache } from './result-cache.js';

export interface RankingQuery {
  /** The ISO day that is looked at; today unless told. */
  asOf?: string | undefined;
  /** Days in which an event's weight halves; the tracker's unless told. */
  halfLifeDays?: number | undefined;
}

export interface TopSourcesQuery extends RankingQuery {
  /** Draws each source's worth from what is known of it, so that little-known ones get their chance. */
  explore?: { seed: number } | undefined;
}

export interface StockTrackerDeps {
  pool: Pool;
  clock: Clock;
  /** 30 unless told. */
  halfLifeDays?: number;
  /** Keeps rankings until something is written; without it each is made anew. */
  cache?: ResultCache;
}

const defaultHalfLifeDays = 30;

/** Which stock-footage sources are worth drawing from, by what the releases they were used in were worth. */
export class StockSuccessTracker {
  constructor(private readonly deps: StockTrackerDeps) {}

  /**
   * Notes that a clip of a source was used in a release; noting it again changes nothing.
   * @throws BadInputError for an empty name; StoreError `notFound` where the release is missing.
   */
  async logClipUsage(sourceName: string, clipId: string, releaseId: number): Promise<void> {
    if (sourceName.trim() === '') throw new BadInputError('A stock source has a name.');
    if (clipId.trim() === '') throw new BadInputError('A clip has an id.');
    await insertClipUsages(this.deps.pool, [{ sourceName, clipId, releaseId }], this.deps.clock.now());
  }

  /**
   * Notes what a release was worth, 0 to 10, as of today; it replaces what was known of the release, which
   * stays as history, and outranks computed scores.
   * @throws BadInputError for a score out of range; StoreError `notFound` where the release is missing.
   */
  async logReleasePerformance(releaseId: number, performanceScore: number): Promise<void> {
    if (!(performanceScore >= 0 && performanceScore <= 10)) {
      throw new BadInputError(`A performance score is a number from 0 to 10, not ${performanceScore}.`);
    }
    const now = this.deps.clock.now();
    const event = { releaseId, score: performanceScore, eventDay: dayOf(now, 'UTC') };
    await inTransaction(this.deps.pool, (client) => insertPerformanceEvents(client, [event], 'logged', now));
  }

  /**
   * The names of the best sources, best first; in order of name before there is any evidence. With `explore` they
   * come by a draw that the seed decides; without it by the ranking.
   * @throws BadInputError for a number of sources, half-life or seed that is none.
   */
  async getTopSources(topN = 3, query: TopSourcesQuery = {}): Promise<string[]> {
    requireTopN(topN);
    const { explore } = query;
    const sources =
      explore === undefined ? await this.rankSources(query) : await this.exploreSources(explore.seed, query);
    return sources.slice(0, topN).map(({ source_name }) => source_name);
  }

  /**
   * Every source with its decayed score, interval, evidence and what each release contributed.
   * @throws BadInputError for a half-life that is not positive, RangeError for a day that is none.
   */
  async rankSources(query: RankingQuery = {}): Promise<RankedSource[]> {
    const asOfDay = query.asOf ?? this.today();
    const halfLifeDays = this.halfLife(query.halfLifeDays);
    const rank = async (): Promise<RankedSource[]> => {
      const { usages, events } = await readStockEvidence(this.deps.pool, asOfDay);
      return rankSources(usages, events, { asOfDay, halfLifeDays });
    };
    return this.deps.cache?.remember(`ranked sources ${asOfDay} ${String(halfLifeDays)}`, rank) ?? rank();
  }

  /** The same sources in the order of one draw each. @throws BadInputError for a seed that is no whole number. */
  async exploreSources(seed: number, query: RankingQuery = {}): Promise<ExploredSource[]> {
    if (!Number.isSafeInteger(seed)) throw new BadInputError('A seed is a whole number.');
    return exploreSources(await this.rankSources(query), seed);
  }

  /**
   * Whether choosing `topN` sources by the ranking, as it stood before each release up to the day, would have
   * beaten choosing at random.
   * @throws BadInputError for a number of sources or a half-life that is none.
   */
  async judgeHistory(topN = 3, query: RankingQuery = {}): Promise<HistoryResult> {
    requireTopN(topN);
    const halfLifeDays = this.halfLife(query.halfLifeDays);
    const releases = await readStockHistory(this.deps.pool, query.asOf ?? this.today());
    return judgeHistory(releases, { topN, halfLifeDays });
  }

  /** One source's place and `why`; null where it was never used. */
  async explainSource(sourceName: string, query: RankingQuery = {}): Promise<RankedSource | null> {
    const ranking = await this.rankSources(query);
    return ranking.find(({ source_name }) => source_name === sourceName) ?? null;
  }

  private today(): string {
    return dayOf(this.deps.clock.now(), 'UTC');
  }

  private halfLife(asked: number | undefined): number {
    const days = asked ?? this.deps.halfLifeDays ?? defaultHalfLifeDays;
    if (!(days > 0)) throw new BadInputError('A half-life is a positive number of days.');
    return days;
  }
}

function requireTopN(topN: number): void {
  if (!Number.isInteger(topN) || topN < 1) throw new BadInputError('top_n is a whole number from 1 on.');
}
