import { addDays, dayBounds } from '../../analytics/calendar.js';
import type { DailyRecord } from '../../contracts/records.js';
import { chunked } from '../bounded.js';
import { UnsupportedError } from '../errors.js';
import { warn, type DailyQuery, type SourceContext } from '../source.js';
import type { YoutubeClient } from './client.js';
import { readReport } from './report-table.js';
import { resultTable } from './schemas.js';
import { pacific } from './settings.js';

const coreMetrics = ['views', 'likes', 'comments', 'shares', 'estimatedMinutesWatched'];
const allMetrics = [
  ...coreMetrics,
  'engagedViews',
  'averageViewDuration',
  'averageViewPercentage',
  'subscribersGained',
  'subscribersLost',
];

/**
 * What the API allows differs by channel and by year, and it tells so by refusing. From the most for a unit
 * to the least: many videos a question, or one; every metric, or the ones that have always been there.
 */
const shapes = [
  { dimensions: 'day,video', videosPerQuery: 200, metrics: allMetrics },
  { dimensions: 'day,video', videosPerQuery: 200, metrics: coreMetrics },
  { dimensions: 'day', videosPerQuery: 1, metrics: allMetrics },
  { dimensions: 'day', videosPerQuery: 1, metrics: coreMetrics },
] as const;
type Shape = (typeof shapes)[number];

/** The most rows that an answer with a `video` dimension holds. */
const rowsPerPage = 200;
const operation = 'YouTube Analytics reports.query';

export interface DailyReportSettings {
  channelId: string | null;
  finalAfterHours: number;
}

/** Daily figures of videos from Analytics, by Pacific days, as late and as provisional as they are there. */
export class DailyReports {
  readonly #client: YoutubeClient;
  readonly #settings: DailyReportSettings;
  #shape: Shape | null = null;

  constructor(client: YoutubeClient, settings: DailyReportSettings) {
    this.#client = client;
    this.#settings = settings;
  }

  /**
   * The days of a range, each day of a video once. A day that the report does not have yet, or on which nothing
   * happened, is left out. A day is final once `finalAfterHours` have passed since its end, by the answer's
   * own clock.
   */
  async *fetch(query: DailyQuery, context: SourceContext): AsyncGenerator<DailyRecord[], void, undefined> {
    this.#client.requireGrant(operation);
    const videos = [...new Set(query.externalIds)];
    if (query.from >= query.to || videos.length === 0) return;
    const answered = this.#shape;
    if (answered !== null) {
      yield* this.#fetchShape(answered, query, videos, context);
      return;
    }
    let refusal: UnsupportedError | null = null;
    for (const shape of shapes) {
      try {
        // The first page settles whether the shape is answered; nothing has been yielded before it.
        yield* this.#fetchShape(shape, query, videos, context);
        return;
      } catch (error) {
        if (!(error instanceof UnsupportedError) || this.#shape !== null) throw error;
        refusal = error;
      }
    }
    throw refusal ?? new UnsupportedError(`${operation}: no form of the question is answered`);
  }

  async *#fetchShape(
    shape: Shape,
    query: DailyQuery,
    videos: string[],
    context: SourceContext,
  ): AsyncGenerator<DailyRecord[], void, undefined> {
    for (const batch of chunked(videos, shape.videosPerQuery)) {
      yield* this.#fetchPages(shape, query, batch, context);
    }
  }

  async *#fetchPages(
    shape: Shape,
    query: DailyQuery,
    batch: string[],
    context: SourceContext,
  ): AsyncGenerator<DailyRecord[], void, undefined> {
    const asked = new Set(batch);
    const seen = new Set<string>();
    let odd = 0;
    let startIndex = 1;
    for (;;) {
      const { records, rows } = await this.#fetchPage(shape, query, batch, startIndex, context);
      this.#shape = shape;
      const fresh = records.filter(({ externalId, day }) => {
        const key = `${day} ${externalId}`;
        const wanted = asked.has(externalId) && day >= query.from && day < query.to && !seen.has(key);
        seen.add(key);
        return wanted;
      });
      odd += rows - fresh.length;
      if (fresh.length > 0) yield fresh;
      // A page without anything new would be followed by another.
      if (rows < rowsPerPage || fresh.length === 0) break;
      startIndex += rows;
    }
    if (odd > 0) warn(context, 'The report holds rows that repeat or were not asked for', { rows: odd });
  }

  async #fetchPage(
    shape: Shape,
    query: DailyQuery,
    batch: string[],
    startIndex: number,
    context: SourceContext,
  ): Promise<{ records: DailyRecord[]; rows: number }> {
    const { body, observedAt } = await this.#client.call(
      {
        operation,
        bucket: 'analytics',
        at: query.at ?? null,
        schema: resultTable,
        send: (options) =>
          this.#client.analytics.reports.query(
            {
              ids: `channel==${this.#settings.channelId ?? 'MINE'}`,
              startDate: query.from,
              endDate: addDays(query.to, -1),
              dimensions: shape.dimensions,
              metrics: shape.metrics.join(','),
              filters: `video==${batch.join(',')}`,
              sort: shape.dimensions,
              maxResults: rowsPerPage,
              startIndex,
            },
            options,
          ),
      },
      context,
    );
    const settledBefore = observedAt.getTime() - this.#settings.finalAfterHours * 3_600_000;
    const records = readReport(
      body,
      {
        videoId: shape.videosPerQuery === 1 ? batch[0]! : null,
        sourceVersion: observedAt,
        isFinal: (day) => dayBounds(day, pacific).end.getTime() <= settledBefore,
      },
      operation,
    );
    return { records, rows: records.length };
  }
}
