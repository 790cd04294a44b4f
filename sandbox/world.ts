/**
 * What a sandbox platform answers from. Everything is asked for as of a moment and is a pure function of
 * it, so requests about different moments can run side by side.
 */

export interface YouTubeChannel {
  id: string;
  title: string;
  description: string;
  /** With the leading @. */
  handle: string;
  publishedAt: Date;
  country: string | null;
  uploadsPlaylist: string;
}

export interface ChannelStatistics {
  views: number;
  subscribers: number;
  videos: number;
}

export interface YouTubeVideo {
  id: string;
  channelId: string;
  channelTitle: string;
  title: string;
  description: string;
  publishedAt: Date;
  /** Null where it was never recorded. */
  durationSeconds: number | null;
  tags: readonly string[];
  language: string | null;
  categoryId: string;
  /** Absent counts are hidden or were not recorded. */
  statistics: { views?: number; likes?: number; comments?: number };
}

/** Sums of one video's Pacific day; times are minutes. */
export interface AnalyticsSums {
  views: number;
  engagedViews: number;
  likes: number;
  comments: number;
  shares: number;
  minutesWatched: number;
  subscribersGained: number;
  subscribersLost: number;
}

export interface YouTubeWorld {
  /** The channel that the credentials' owner authorised with; null where there is none. */
  readonly ownChannelId: string | null;
  channel(id: string): YouTubeChannel | null;
  channelByHandle(handle: string): YouTubeChannel | null;
  channelByPlaylist(playlistId: string): YouTubeChannel | null;
  channelStatistics(id: string, at: Date): ChannelStatistics;
  /** Ids of the videos that stand in the uploads playlist at the moment, newest first. */
  uploads(channelId: string, at: Date): readonly string[];
  /** Null when the platform would leave the id out of `items`. */
  video(id: string, at: Date): YouTubeVideo | null;
  /**
   * What the reports of the moment say of a video's Pacific day (days since 1970-01-01): null before
   * publication, while the day is inside the reports' lag, and on a day without activity.
   */
  analytics(videoId: string, day: number, at: Date): AnalyticsSums | null;
}

export interface SpotifyArtist {
  id: string;
  name: string;
  genres: readonly string[];
  imageUrl: string | null;
}

export interface SpotifyAlbum {
  id: string;
  name: string;
  type: 'album' | 'single';
  /** ISO day. */
  releasedOn: string;
  imageUrl: string | null;
  artistIds: readonly string[];
  trackIds: readonly string[];
  label: string | null;
  upc: string | null;
}

export interface SpotifyTrack {
  id: string;
  name: string;
  albumId: string | null;
  artistIds: readonly string[];
  /** Null where it was never recorded. */
  durationMs: number | null;
  isrc: string | null;
  explicit: boolean;
  trackNumber: number;
}

export interface SpotifyWorld {
  artist(id: string): SpotifyArtist | null;
  artistFollowers(id: string, at: Date): number | null;
  /** Ids of the albums released by the moment, newest first. */
  artistAlbums(id: string, at: Date): readonly string[];
  /** Null when unknown or not out yet. */
  album(id: string, at: Date): SpotifyAlbum | null;
  track(id: string, at: Date): SpotifyTrack | null;
  /** 0 to 100; null where it was never recorded. */
  popularity(kind: 'artist' | 'album' | 'track', id: string, at: Date): number | null;
}

export interface World {
  readonly kind: 'generated' | 'recorded';
  readonly youtube: YouTubeWorld;
  readonly spotify: SpotifyWorld;
}
