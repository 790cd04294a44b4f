import type { ContentDescription } from '../../contracts/records.js';
import { chunked, mapBounded } from '../bounded.js';
import type { DescriptionBatch, SourceContext } from '../source.js';
import type { YoutubeClient } from './client.js';
import { parseDuration } from './duration.js';
import { videoList, type Video } from './schemas.js';
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

/** The answered videos in the order asked, each once and none that was not asked for; and those not answered. */
export function settle<Item extends { id: string }>(
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
