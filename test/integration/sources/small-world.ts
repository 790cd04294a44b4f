/** A world small enough to be told whole: what each answer must be follows from these few lines. */
import type {
  AnalyticsSums,
  SpotifyAlbum,
  SpotifyTrack,
  World,
  YouTubeVideo,
} from '../../../sandbox/world.js';

export const channelId = 'UCsmallworld00000000000';
export const artistId = '0SmallWorldArtist00000';
const uploadsPlaylist = 'UUsmallworld00000000000';
const publishedAt = new Date('2026-01-01T12:00:00Z');
const msPerDay = 86_400_000;

/** Eleven characters, as a video's id has. */
export function videoId(number: number): string {
  return `video-${String(number).padStart(5, '0')}`;
}

/** Twenty-two of base 62, as a track's id has. */
export function trackId(number: number): string {
  return `Track${String(number).padStart(17, '0')}`;
}

export interface SmallWorld {
  videos: number;
  tracks?: number;
  /** Ids that the platform does not know any more. */
  gone?: ReadonlySet<string>;
  /** Ids whose like counts are hidden. */
  hidden?: ReadonlySet<string>;
  /** Days before the moment asked for that the daily reports do not hold yet. */
  lagDays?: number;
}

/** Views of a video: a thousand an hour since publication and one for its number. */
export function viewsOf(number: number, at: Date): number {
  return Math.floor((at.getTime() - publishedAt.getTime()) / 3_600) + number;
}

/** What Analytics says of any video's day. */
export const sumsOfADay: AnalyticsSums = {
  views: 240,
  engagedViews: 200,
  likes: -3,
  comments: 2,
  shares: 1,
  minutesWatched: 360,
  subscribersGained: 5,
  subscribersLost: 1,
};

export function smallWorld(options: SmallWorld): World {
  const gone = options.gone ?? new Set();
  const ids = Array.from({ length: options.videos }, (_, number) => videoId(number));
  const tracks = Array.from({ length: options.tracks ?? 0 }, (_, number) => trackId(number));
  const channel = {
    id: channelId,
    title: 'Small World',
    description: '',
    handle: '@smallworld',
    publishedAt,
    country: null,
    uploadsPlaylist,
  };
  const artist = { id: artistId, name: 'Small World', genres: [], imageUrl: null };
  const video = (id: string, at: Date): YouTubeVideo | null => {
    const number = ids.indexOf(id);
    if (number === -1 || gone.has(id)) return null;
    const views = viewsOf(number, at);
    return {
      id,
      channelId,
      channelTitle: channel.title,
      title: `Video ${number}`,
      description: 'words',
      publishedAt,
      durationSeconds: number % 2 === 0 ? 45 : 245,
      tags: ['a', 'b'],
      language: 'en',
      categoryId: '10',
      statistics: options.hidden?.has(id) === true ? { views } : { views, likes: 10, comments: 0 },
    };
  };
  const albumId = (page: number) => `Album${String(page).padStart(17, '0')}`;
  const albums = Math.ceil(tracks.length / 60);
  const album = (id: string): SpotifyAlbum | null => {
    const page = Array.from({ length: albums }, (_, number) => albumId(number)).indexOf(id);
    if (page === -1) return null;
    return {
      id,
      name: `Album ${page}`,
      type: 'album',
      releasedOn: '2026-01-01',
      imageUrl: null,
      artistIds: [artistId],
      trackIds: tracks.slice(page * 60, page * 60 + 60),
      label: null,
      upc: null,
    };
  };
  const track = (id: string): SpotifyTrack | null => {
    const number = tracks.indexOf(id);
    if (number === -1 || gone.has(id)) return null;
    return {
      id,
      name: `Track ${number}`,
      albumId: albumId(Math.floor(number / 60)),
      artistIds: [artistId],
      durationMs: 200_000 + number,
      isrc: `USXX12600${String(number).padStart(3, '0')}`,
      explicit: false,
      trackNumber: (number % 60) + 1,
    };
  };
  return {
    kind: 'generated',
    youtube: {
      ownChannelId: channelId,
      channel: (id) => (id === channelId ? channel : null),
      channelByHandle: (handle) => (handle === channel.handle ? channel : null),
      channelByPlaylist: (id) => (id === uploadsPlaylist ? channel : null),
      channelStatistics: () => ({ views: 1_000_000, subscribers: 4_321, videos: ids.length }),
      uploads: () => ids,
      video,
      analytics: (id, day, at) => {
        const moment = at.getTime() / msPerDay;
        if (!ids.includes(id) || day < publishedAt.getTime() / msPerDay - 1) return null;
        return day > moment - 1 - (options.lagDays ?? 3) ? null : sumsOfADay;
      },
    },
    spotify: {
      artist: (id) => (id === artistId ? artist : null),
      artistFollowers: () => 987,
      artistAlbums: () => Array.from({ length: albums }, (_, page) => albumId(page)),
      album,
      track,
      popularity: (kind) => (kind === 'track' ? 42 : 50),
    },
  };
}
