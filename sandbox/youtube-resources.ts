import { createHash } from 'node:crypto';
import type { ChannelStatistics, YouTubeChannel, YouTubeVideo } from './world.js';

/** Resources of the YouTube Data API as JSON, by the parts asked for. Counts are strings. */
type Json = Record<string, unknown>;
export type Parts = ReadonlySet<string>;

/** Google's etags are opaque; ours follow from the content, so that an unchanged answer keeps its own. */
export function etagOf(content: unknown): string {
  return createHash('sha1').update(JSON.stringify(content)).digest('base64url');
}

function withEtag(kind: string, rest: Json): Json {
  return { kind, etag: etagOf(rest), ...rest };
}

/** `PT3M32S` (ISO 8601), as `videos.list` tells durations. */
function isoDuration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = seconds % 60;
  const text = `${hours > 0 ? `${hours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}${rest > 0 ? `${rest}S` : ''}`;
  return text === '' ? 'P0D' : `PT${text}`;
}

/** RFC 3339 without fractions, as YouTube writes instants. */
function instantText(instant: Date): string {
  return instant.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function counts(statistics: YouTubeVideo['statistics']): Json {
  return {
    ...(statistics.views === undefined ? {} : { viewCount: String(statistics.views) }),
    ...(statistics.likes === undefined ? {} : { likeCount: String(statistics.likes) }),
    ...(statistics.comments === undefined ? {} : { commentCount: String(statistics.comments) }),
  };
}

function thumbnails(base: string, sizes: readonly (readonly [string, string, number, number])[]): Json {
  return Object.fromEntries(
    sizes.map(([name, file, width, height]) => [name, { url: `${base}/${file}`, width, height }]),
  );
}

function videoThumbnails(id: string): Json {
  return thumbnails(`https://i.ytimg.com/vi/${id}`, [
    ['default', 'default.jpg', 120, 90],
    ['medium', 'mqdefault.jpg', 320, 180],
    ['high', 'hqdefault.jpg', 480, 360],
  ]);
}

/** An item of `videos.list`. */
export function videoResource(video: YouTubeVideo, parts: Parts): Json {
  const rest: Json = { id: video.id };
  if (parts.has('snippet')) {
    rest['snippet'] = {
      publishedAt: instantText(video.publishedAt),
      channelId: video.channelId,
      title: video.title,
      description: video.description,
      thumbnails: videoThumbnails(video.id),
      channelTitle: video.channelTitle,
      ...(video.tags.length === 0 ? {} : { tags: video.tags }),
      categoryId: video.categoryId,
      liveBroadcastContent: 'none',
      ...(video.language === null ? {} : { defaultLanguage: video.language }),
      localized: { title: video.title, description: video.description },
      ...(video.language === null ? {} : { defaultAudioLanguage: video.language }),
    };
  }
  if (parts.has('contentDetails')) {
    rest['contentDetails'] = {
      ...(video.durationSeconds === null ? {} : { duration: isoDuration(video.durationSeconds) }),
      dimension: '2d',
      definition: 'hd',
      caption: 'false',
      licensedContent: true,
      contentRating: {},
      projection: 'rectangular',
    };
  }
  if (parts.has('status')) {
    rest['status'] = {
      uploadStatus: 'processed',
      privacyStatus: 'public',
      license: 'youtube',
      embeddable: true,
      publicStatsViewable: true,
      madeForKids: false,
    };
  }
  if (parts.has('statistics')) {
    rest['statistics'] = { ...counts(video.statistics), favoriteCount: '0' };
  }
  return withEtag('youtube#video', rest);
}

/** An item of `videos:batchGetStats`, whose duration is in seconds (`212s`), unlike that of `videos.list`. */
export function videoStatResource(video: YouTubeVideo, parts: Parts): Json {
  const rest: Json = { id: video.id };
  if (parts.has('snippet')) rest['snippet'] = { publishTime: instantText(video.publishedAt) };
  if (parts.has('statistics')) rest['statistics'] = counts(video.statistics);
  if (parts.has('contentDetails')) {
    rest['contentDetails'] = video.durationSeconds === null ? {} : { duration: `${video.durationSeconds}s` };
  }
  return withEtag('youtube#videoStat', rest);
}

/** An item of `channels.list`. */
export function channelResource(channel: YouTubeChannel, statistics: ChannelStatistics, parts: Parts): Json {
  const rest: Json = { id: channel.id };
  if (parts.has('snippet')) {
    rest['snippet'] = {
      title: channel.title,
      description: channel.description,
      customUrl: channel.handle.toLowerCase(),
      publishedAt: instantText(channel.publishedAt),
      thumbnails: thumbnails(`https://yt3.ggpht.com/${channel.id}`, [
        ['default', 's88', 88, 88],
        ['medium', 's240', 240, 240],
        ['high', 's800', 800, 800],
      ]),
      localized: { title: channel.title, description: channel.description },
      ...(channel.country === null ? {} : { country: channel.country }),
    };
  }
  if (parts.has('contentDetails')) {
    rest['contentDetails'] = { relatedPlaylists: { likes: '', uploads: channel.uploadsPlaylist } };
  }
  if (parts.has('statistics')) {
    rest['statistics'] = {
      viewCount: String(statistics.views),
      subscriberCount: String(roundedToThreeFigures(statistics.subscribers)),
      hiddenSubscriberCount: false,
      videoCount: String(statistics.videos),
    };
  }
  return withEtag('youtube#channel', rest);
}

/** YouTube shows subscribers to three significant figures, rounded down. */
function roundedToThreeFigures(count: number): number {
  if (count < 1000) return count;
  const unit = 10 ** (Math.floor(Math.log10(count)) - 2);
  return Math.floor(count / unit) * unit;
}

/** An item of `playlistItems.list` over an uploads playlist. */
export function playlistItemResource(
  video: YouTubeVideo,
  playlistId: string,
  position: number,
  parts: Parts,
): Json {
  const rest: Json = { id: Buffer.from(`${playlistId}.${video.id}`).toString('base64url') };
  if (parts.has('snippet')) {
    rest['snippet'] = {
      publishedAt: instantText(video.publishedAt),
      channelId: video.channelId,
      title: video.title,
      description: video.description,
      thumbnails: videoThumbnails(video.id),
      channelTitle: video.channelTitle,
      playlistId,
      position,
      resourceId: { kind: 'youtube#video', videoId: video.id },
      videoOwnerChannelTitle: video.channelTitle,
      videoOwnerChannelId: video.channelId,
    };
  }
  if (parts.has('contentDetails')) {
    rest['contentDetails'] = { videoId: video.id, videoPublishedAt: instantText(video.publishedAt) };
  }
  if (parts.has('status')) rest['status'] = { privacyStatus: 'public' };
  return withEtag('youtube#playlistItem', rest);
}
