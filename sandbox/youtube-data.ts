import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ActiveFault } from './faults.js';
import { authorise, charge, type GoogleAccess } from './google-access.js';
import { pageToken, readPageToken } from './page-token.js';
import { googleError } from './platform-error.js';
import { listParameter, numberParameter, textParameter } from './query.js';
import type { QuotaMeter } from './quota.js';
import type { World, YouTubeChannel, YouTubeVideo } from './world.js';
import {
  channelResource,
  etagOf,
  playlistItemResource,
  videoResource,
  videoStatResource,
  type Parts,
} from './youtube-resources.js';

const maxIds = 50;
const knownParts: Readonly<Record<string, readonly string[]>> = {
  video: ['id', 'snippet', 'contentDetails', 'statistics', 'status'],
  videoStat: ['id', 'snippet', 'contentDetails', 'statistics'],
  channel: ['id', 'snippet', 'contentDetails', 'statistics'],
  playlistItem: ['id', 'snippet', 'contentDetails', 'status'],
};

interface DataApi {
  world: World;
  meter: QuotaMeter;
  clock: () => Date;
}

/** YouTube Data v3: channels, playlistItems, videos and videos:batchGetStats. Every call costs one unit. */
export function registerYouTubeData(app: FastifyInstance, api: DataApi): void {
  // An invalid request costs its unit too, so paying comes before reading the parameters.
  const enter = (request: FastifyRequest, bucket: string): GoogleAccess => {
    const access = authorise(request, api.clock);
    charge(request, api.meter, access.project, bucket, 1);
    return access;
  };
  app.get('/google/youtube/v3/channels', (request) => {
    const access = enter(request, 'data');
    return listChannels(request, api.world, access);
  });
  app.get('/google/youtube/v3/playlistItems', (request) => {
    enter(request, 'data');
    return listPlaylistItems(request, api.world);
  });
  app.get('/google/youtube/v3/videos', (request) => {
    enter(request, 'data');
    const parts = partsOf(request, 'video');
    const videos = videosAskedFor(request, api.world);
    return answer('youtube#videoListResponse', {
      items: videos.map((video) => videoResource(video, parts)),
      pageInfo: { totalResults: videos.length, resultsPerPage: videos.length },
    });
  });
  app.get('/google/youtube/v3/videos::batchGetStats', (request) => {
    enter(request, 'batchGetStats');
    const parts = partsOf(request, 'videoStat');
    const videos = videosAskedFor(request, api.world);
    return answer('youtube#batchGetStatsResponse', {
      items: videos.map((video) => videoStatResource(video, parts)),
    });
  });
}

function answer(kind: string, rest: Record<string, unknown>): Record<string, unknown> {
  return { kind, etag: etagOf(rest), ...rest };
}

function partsOf(request: FastifyRequest, resource: string): Parts {
  const parts = listParameter(request, 'part');
  if (parts.length === 0) {
    throw googleError(400, {
      reason: 'missingRequiredParameter',
      message: 'Required parameter: part',
      location: 'part',
    });
  }
  const unknown = parts.find((part) => knownParts[resource]?.includes(part) !== true);
  if (unknown !== undefined) {
    throw googleError(400, { reason: 'unknownPart', message: `'${unknown}'`, location: 'part' });
  }
  return new Set(parts);
}

function pageSize(request: FastifyRequest): number {
  const size = numberParameter(request, 'maxResults') ?? 5;
  if (!(size >= 0 && size <= maxIds)) {
    throw googleError(400, {
      reason: 'invalidValue',
      message: `Invalid value '${textParameter(request, 'maxResults') ?? ''}'. Values must be within the range: [0, 50]`,
      location: 'maxResults',
    });
  }
  return size;
}

function noFilter(expected: string): Error {
  return googleError(400, {
    reason: 'missingRequiredParameter',
    message: `No filter selected. Expected one of: ${expected}`,
    location: 'parameters.',
  });
}

/** The videos among the ids asked for that exist at the moment, in the order asked for, each once. */
function videosAskedFor(request: FastifyRequest, world: World): YouTubeVideo[] {
  const ids = [...new Set(listParameter(request, 'id'))];
  if (ids.length === 0) throw noFilter('chart, id, myRating');
  if (ids.length > maxIds) {
    throw googleError(400, {
      reason: 'invalidFilters',
      message: 'The request specifies an invalid filter parameter.',
      location: 'id',
    });
  }
  const missing = faultOf(request, 'missing-items');
  const falling = faultOf(request, 'counter-falls');
  return ids
    .filter((id) => missing === null || (missing.ids !== undefined && !missing.ids.includes(id)))
    .map((id) => world.youtube.video(id, request.moment))
    .filter((video) => video !== null)
    .map((video) =>
      falling !== null && (falling.ids?.includes(video.id) ?? true) ? lowered(video, falling.share) : video,
    );
}

function faultOf<K extends ActiveFault['kind']>(
  request: FastifyRequest,
  kind: K,
): Extract<ActiveFault, { kind: K }> | null {
  const found = request.dataFaults.find((fault) => fault.kind === kind);
  return (found as Extract<ActiveFault, { kind: K }> | undefined) ?? null;
}

function lowered(video: YouTubeVideo, share: number): YouTubeVideo {
  const statistics = Object.fromEntries(
    Object.entries(video.statistics).map(([name, count]) => [name, Math.floor(count * (1 - share))]),
  );
  return { ...video, statistics };
}

function listChannels(request: FastifyRequest, world: World, access: GoogleAccess): Record<string, unknown> {
  const parts = partsOf(request, 'channel');
  const size = pageSize(request);
  const found = channelsAskedFor(request, world, access);
  // YouTube leaves `items` out when no channel answers to the filter.
  const items =
    found.length === 0
      ? {}
      : {
          items: found.map((channel) =>
            channelResource(channel, world.youtube.channelStatistics(channel.id, request.moment), parts),
          ),
        };
  return answer('youtube#channelListResponse', {
    pageInfo: { totalResults: found.length, resultsPerPage: size },
    ...items,
  });
}

function channelsAskedFor(request: FastifyRequest, world: World, access: GoogleAccess): YouTubeChannel[] {
  const ids = listParameter(request, 'id');
  const handle = textParameter(request, 'forHandle');
  const mine = textParameter(request, 'mine');
  const filters = [ids.length > 0, handle !== null, mine !== null].filter(Boolean).length;
  if (filters > 1) {
    throw googleError(400, {
      reason: 'incompatibleParameters',
      message: 'Incompatible parameters specified in the request: id, forHandle, mine',
      location: 'parameters.',
    });
  }
  let found: (YouTubeChannel | null)[];
  if (ids.length > 0) found = ids.slice(0, maxIds).map((id) => world.youtube.channel(id));
  else if (handle !== null) found = [world.youtube.channelByHandle(handle)];
  else if (mine === 'true') found = [ownChannel(world, access)];
  else throw noFilter('categoryId, forHandle, forUsername, id, managedByMe, mine');
  return found.filter((channel) => channel !== null);
}

function ownChannel(world: World, access: GoogleAccess): YouTubeChannel | null {
  if (!access.owner) {
    throw googleError(401, {
      domain: 'youtube.parameter',
      reason: 'authorizationRequired',
      message: 'The request uses the mine parameter but is not properly authorized.',
      location: 'mine',
    });
  }
  return world.youtube.ownChannelId === null ? null : world.youtube.channel(world.youtube.ownChannelId);
}

function listPlaylistItems(request: FastifyRequest, world: World): Record<string, unknown> {
  const parts = partsOf(request, 'playlistItem');
  const size = pageSize(request);
  const playlistId = textParameter(request, 'playlistId');
  if (playlistId === null) throw noFilter('id, playlistId');
  const channel = world.youtube.channelByPlaylist(playlistId);
  if (channel === null) {
    throw googleError(404, {
      domain: 'youtube.playlistItem',
      reason: 'playlistNotFound',
      message:
        "The playlist identified with the request's <code>playlistId</code> parameter cannot be found.",
      location: 'playlistId',
    });
  }
  const token = textParameter(request, 'pageToken');
  const offset = token === null ? 0 : readPageToken(token);
  if (offset === null) {
    throw googleError(400, {
      domain: 'youtube.parameter',
      reason: 'invalidPageToken',
      message: 'The request specifies an invalid page token.',
      location: 'pageToken',
    });
  }
  const uploads = world.youtube.uploads(channel.id, request.moment);
  const missing = faultOf(request, 'missing-items');
  const start = faultOf(request, 'repeated-items') === null ? offset : Math.max(0, offset - 2);
  const items = uploads
    .slice(start, offset + size)
    .filter((id) => missing === null || (missing.ids !== undefined && !missing.ids.includes(id)))
    .map((id) => world.youtube.video(id, request.moment))
    .filter((video) => video !== null)
    .map((video, index) => playlistItemResource(video, playlistId, start + index, parts));
  const next = faultOf(request, 'looping-page') === null ? offset + size : 0;
  // A total that changes while paging grows by one a page.
  const shift = faultOf(request, 'shifting-total') === null ? 0 : 1 + Math.floor(offset / Math.max(1, size));
  return answer('youtube#playlistItemListResponse', {
    ...(next < uploads.length && size > 0 ? { nextPageToken: pageToken(next) } : {}),
    ...(offset > 0 ? { prevPageToken: pageToken(Math.max(0, offset - size)) } : {}),
    items,
    pageInfo: { totalResults: uploads.length + shift, resultsPerPage: size },
  });
}
