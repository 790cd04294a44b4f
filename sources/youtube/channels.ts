import { NotFoundError, UnsupportedError } from '../errors.js';
import { warn, type AccountSnapshot, type Moment, type SourceContext } from '../source.js';
import type { YoutubeClient } from './client.js';
import { channelList, playlistItemList, type Channel } from './schemas.js';
import { idsPerCall } from './settings.js';
import { told } from './videos.js';

/** Pages in a row without anything new, after which a walk is taken to go in circles. */
const stalePagesAllowed = 3;

interface FoundChannel {
  channel: Channel;
  observedAt: Date;
}

/**
 * The channel of the settings, or the grant's own.
 * @throws NotFoundError where there is none; UnsupportedError without a channel id and a grant
 */
export async function findChannel(
  client: YoutubeClient,
  channelId: string | null,
  at: Moment | null,
  context: SourceContext,
): Promise<FoundChannel> {
  if (channelId === null && !client.hasGrant) {
    throw new UnsupportedError('An API key speaks for no channel: its id has to be told');
  }
  const who = channelId === null ? { mine: true } : { id: [channelId] };
  const { body, observedAt } = await client.call(
    {
      operation: 'YouTube channels.list',
      bucket: 'data',
      at,
      schema: channelList,
      send: (options, key) =>
        client.data.channels.list(
          { part: ['snippet', 'contentDetails', 'statistics'], ...who, ...key },
          options,
        ),
    },
    context,
  );
  const channel = body.items.find(({ id }) => channelId === null || id === channelId);
  if (channel === undefined) {
    throw new NotFoundError(`YouTube channels.list knows no channel ${channelId ?? 'of this grant'}`);
  }
  return { channel, observedAt };
}

/** The channel's own figures: subscribers are its followers; absent where hidden. */
export function accountSnapshot({ channel, observedAt }: FoundChannel): AccountSnapshot {
  const { statistics } = channel;
  const hidden = statistics?.hiddenSubscriberCount === true;
  return {
    externalId: channel.id,
    title: channel.snippet?.title ?? null,
    recordedAt: observedAt,
    metrics: told({
      followers: hidden ? undefined : statistics?.subscriberCount,
      views: statistics?.viewCount,
      videos: statistics?.videoCount,
    }),
  };
}

/**
 * Ids of a channel's uploads, a page at a time, each once.
 *
 * A token that was followed before ends the walk, as do three pages in a row that hold nothing new; a total
 * that changes on the way is told and changes nothing.
 */
export async function* walkUploads(
  client: YoutubeClient,
  playlistId: string,
  context: SourceContext,
): AsyncGenerator<string[], void, undefined> {
  const seen = new Set<string>();
  const followed = new Set<string>();
  let pageToken: string | undefined;
  let total: number | null = null;
  let stalePages = 0;
  let repeats = 0;
  do {
    const page = await uploadsPage(client, playlistId, pageToken, context);
    const ids = page.items.filter((id) => id !== null);
    const fresh = [...new Set(ids)].filter((id) => !seen.has(id));
    repeats += ids.length - fresh.length;
    for (const id of fresh) seen.add(id);
    const told = page.pageInfo?.totalResults ?? null;
    if (total !== null && told !== null && told !== total) {
      warn(context, 'The number of uploads changed while they were listed', { before: total, now: told });
    }
    total = told ?? total;
    if (fresh.length > 0) yield fresh;
    stalePages = fresh.length > 0 ? 0 : stalePages + 1;
    pageToken = page.nextPageToken;
    if (pageToken !== undefined && (followed.has(pageToken) || stalePages >= stalePagesAllowed)) {
      warn(context, 'The list of uploads goes in circles; it was ended', { contents: seen.size });
      break;
    }
    if (pageToken !== undefined) followed.add(pageToken);
  } while (pageToken !== undefined);
  if (repeats > 0) warn(context, 'The list of uploads repeats contents; each was taken once', { repeats });
}

async function uploadsPage(
  client: YoutubeClient,
  playlistId: string,
  pageToken: string | undefined,
  context: SourceContext,
) {
  const { body } = await client.call(
    {
      operation: 'YouTube playlistItems.list',
      bucket: 'data',
      at: null,
      schema: playlistItemList,
      send: (options, key) =>
        client.data.playlistItems.list(
          {
            part: ['contentDetails'],
            playlistId,
            maxResults: idsPerCall,
            ...(pageToken === undefined ? {} : { pageToken }),
            ...key,
          },
          options,
        ),
    },
    context,
  );
  return body;
}
