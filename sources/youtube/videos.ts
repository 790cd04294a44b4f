import type { ContentDescription, SnapshotBatch, MetricValues } from '../../contracts/records.js';
import { chunked, mapBounded } from '../bounded.js';
import { AuthError, NotFoundError, UnsupportedError } from '../errors.js';
import type { DescriptionBatch, Moment, SourceContext } from '../source.js';
import type { YoutubeAnswer, YoutubeClient } from './client.js';
import { parseDuration } from './duration.js';
import { videoList, videoStatsList, type Video } from './schemas.js';
import { defaultShortMaxSeconds, idsPerCall, parallelCalls } from './settings.js';

/** Three minutes: the longest that YouTube shows among its shorts. */
const taggedShortMaxSeconds = 180;
const shortsTag = /#shorts\b/i;

/** Descriptions of videos, 50 ids a unit; ids that a well-formed answer lacks are missing. */
export async function* describeVideos(
  client: YoutubeClient,
  ids: readonly string[],
  shortMaxSeconds: number,
  context: SourceContext,
): AsyncGenerator<DescriptionBatch, void, undefined> {
  const batches = chunked([...new Set(ids)], idsPerCall);
  const describe = async (batch: string[], inner: SourceContext): Promise<DescriptionBatch> => {
    const { body, observedAt } = await client.call(
      {
        operation: 'YouTube videos.list',
        bucket: 'data',
        at: null,
        schema: videoList,
        send: (options, key) =>
          client.data.videos.list({ part: ['snippet', 'contentDetails'], id: batch, ...key }, options),
      },
      inner,
    );
    const { found, missing } = settle(batch, body.items);
    return {
      observedAt,
      descriptions: found.map((video) => describeVideo(video, shortMaxSeconds)),
      missing,
    };
  };
  yield* mapBounded(batches, parallelCalls, context, describe);
}

/**
 * A video as its platform describes it. Its format is told by length, and between one and three minutes by its
 * author's tag, since the API tells no orientation; a broadcast under way or announced is `live`.
 */
export function describeVideo(video: Video, shortMaxSeconds = defaultShortMaxSeconds): ContentDescription {
  const { snippet, contentDetails } = video;
  const durationSeconds = parseDuration(contentDetails?.duration ?? '');
  const tagged =
    snippet !== undefined &&
    [snippet.title, snippet.description, ...(snippet.tags ?? []).map((tag) => `#${tag}`)].some(
      (text) => text !== undefined && shortsTag.test(text),
    );
  const broadcast = snippet?.liveBroadcastContent;
  let format: string | null = null;
  if (broadcast === 'live' || broadcast === 'upcoming') format = 'live';
  else if (durationSeconds !== null) {
    format = durationSeconds <= (tagged ? taggedShortMaxSeconds : shortMaxSeconds) ? 'short' : 'video';
  }
  return {
    platform: 'youtube',
    externalId: video.id,
    kind: 'video',
    title: snippet?.title ?? null,
    description: snippet?.description ?? null,
    publishedAt: snippet?.publishedAt === undefined ? null : new Date(snippet.publishedAt),
    durationSeconds,
    // An answer with a snippet and without tags says that there are none.
    tags: snippet === undefined ? null : (snippet.tags ?? []),
    language: snippet?.defaultAudioLanguage ?? snippet?.defaultLanguage ?? null,
    format,
    isrc: null,
    attributes: told({
      channel_id: snippet?.channelId,
      channel_title: snippet?.channelTitle,
      category_id: snippet?.categoryId,
      definition: contentDetails?.definition,
      caption: contentDetails?.caption === undefined ? undefined : contentDetails.caption === 'true',
      licensed_content: contentDetails?.licensedContent,
    }),
  };
}

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

/** The answered videos in the order asked, each once and none that was not asked for; and those not answered. */
function settle<Item extends { id: string }>(
  asked: string[],
  answered: Item[],
): { found: Item[]; missing: string[] } {
  const byId = new Map(answered.map((item) => [item.id, item]));
  return {
    found: asked.flatMap((id) => byId.get(id) ?? []),
    missing: asked.filter((id) => !byId.has(id)),
  };
}

/** Without the fields that were not told. */
export function told<Value>(fields: Record<string, Value | undefined>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, Value] => entry[1] !== undefined),
  );
}
