import type { MetricValues, SnapshotBatch } from '../../contracts/records.js';
import { chunked, mapBounded } from '../bounded.js';
import { AuthError, NotFoundError, UnsupportedError } from '../errors.js';
import type { Moment, SourceContext } from '../source.js';
import type { YoutubeAnswer, YoutubeClient } from './client.js';
import { videoList, videoStatsList, type Video } from './schemas.js';
import { idsPerCall, parallelCalls } from './settings.js';
import { settle, told } from './videos.js';

type VideoStatistics = NonNullable<Video['statistics']>;
interface CountedVideo {
  id: string;
  statistics?: VideoStatistics | undefined;
}

/** Counters of videos: by `videos:batchGetStats`, in a bucket of its own, or where that is not answered by videos.list. */
export class VideoCounters {
  readonly #client: YoutubeClient;
  /** Null until an answer has told it. */
  #batchAnswered: boolean | null = null;

  constructor(client: YoutubeClient) {
    this.#client = client;
  }

  /** Whether this credential is answered `videos:batchGetStats`; null while nothing was asked. */
  get batchAnswered(): boolean | null {
    return this.#batchAnswered;
  }

  /** One batch a 50 ids, in order; each at the answer's own instant. */
  async *fetch(
    ids: readonly string[],
    at: Moment | null,
    context: SourceContext,
  ): AsyncGenerator<SnapshotBatch, void, undefined> {
    const batches = chunked([...new Set(ids)], idsPerCall);
    yield* mapBounded(batches, parallelCalls, context, (batch, inner) => this.fetchBatch(batch, at, inner));
  }

  /** @param batch at most 50 different ids */
  async fetchBatch(batch: string[], at: Moment | null, context: SourceContext): Promise<SnapshotBatch> {
    const { body, observedAt } = await this.#ask(batch, at, context);
    const { found, missing } = settle(batch, body);
    return {
      observedAt,
      snapshots: found.map((video) => ({
        platform: 'youtube',
        externalId: video.id,
        recordedAt: observedAt,
        metrics: counters(video.statistics),
      })),
      missing,
    };
  }

  async #ask(
    batch: string[],
    at: Moment | null,
    context: SourceContext,
  ): Promise<YoutubeAnswer<CountedVideo[]>> {
    if (this.#batchAnswered === false) return this.#list(batch, at, context);
    try {
      const { body, observedAt } = await this.#client.call(
        {
          operation: 'YouTube videos.batchGetStats',
          bucket: 'stats',
          at,
          schema: videoStatsList,
          send: (options, key) =>
            this.#client.data.videos.batchGetStats(
              { part: ['id', 'statistics'], id: batch, ...key },
              options,
            ),
        },
        context,
      );
      this.#batchAnswered = true;
      if (body.items !== undefined) return { body: body.items, observedAt };
      // No items and no word on why: videos.list says how many there are.
      return await this.#list(batch, at, context);
    } catch (error) {
      if (this.#batchAnswered === true || !isNotGranted(error)) throw error;
      const answer = await this.#list(batch, at, context);
      this.#batchAnswered = false;
      return answer;
    }
  }

  async #list(
    batch: string[],
    at: Moment | null,
    context: SourceContext,
  ): Promise<YoutubeAnswer<CountedVideo[]>> {
    const { body, observedAt } = await this.#client.call(
      {
        operation: 'YouTube videos.list',
        bucket: 'data',
        at,
        schema: videoList,
        send: (options, key) =>
          this.#client.data.videos.list({ part: ['id', 'statistics'], id: batch, ...key }, options),
      },
      context,
    );
    return { body: body.items, observedAt };
  }
}

/** The method is unknown to this server, or closed to this credential; a wrong key fails the other call too. */
function isNotGranted(error: unknown): boolean {
  if (error instanceof AuthError) return error.status === 403;
  return error instanceof NotFoundError || error instanceof UnsupportedError;
}

function counters(statistics: VideoStatistics | undefined): MetricValues {
  return told({
    views: statistics?.viewCount,
    likes: statistics?.likeCount,
    comments: statistics?.commentCount,
  });
}
