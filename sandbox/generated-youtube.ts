import { dayNumber, msPerDay, pacificStart } from './calendar.js';
import { artistName, youtubeId, type GeneratedRelease } from './generated-catalogue.js';
import { releaseEntry, settledEntry, type VideoEntry } from './generated-videos.js';
import { keyOf, uniform } from './random.js';
import type { CurveMetric } from './video-curve.js';
import type {
  AnalyticsSums,
  ChannelStatistics,
  YouTubeChannel,
  YouTubeVideo,
  YouTubeWorld,
} from './world.js';

const hourMs = 3_600_000;

/** The generated channel. A moment's answer depends on seed and anchor day alone. */
export class GeneratedYouTube implements YouTubeWorld {
  readonly ownChannelId: string;
  private readonly only: YouTubeChannel;
  private readonly entries = new Map<string, VideoEntry>();
  /** Newest first. */
  private readonly newestFirst: VideoEntry[];

  constructor(
    private readonly seed: number,
    anchorDay: string,
    releases: readonly GeneratedRelease[],
    backCatalogue: number,
  ) {
    this.ownChannelId = youtubeId('channel', seed);
    this.only = {
      id: this.ownChannelId,
      title: artistName,
      description: 'Songs from the edge of the water. New release every other week or so.',
      handle: '@aurelvance',
      publishedAt: new Date((dayNumber(anchorDay) - 1200) * msPerDay + 10 * hourMs),
      country: 'PT',
      uploadsPlaylist: `UU${this.ownChannelId.slice(2)}`,
    };
    const context = { seed, anchorDay, channel: this.only };
    for (const release of releases) this.add(releaseEntry(context, release));
    for (let index = 0; index < backCatalogue; index += 1) this.add(settledEntry(context, index));
    this.newestFirst = [...this.entries.values()].sort(
      (a, b) => b.video.publishedAt.getTime() - a.video.publishedAt.getTime(),
    );
  }

  channel(id: string): YouTubeChannel | null {
    return id === this.only.id ? this.only : null;
  }

  channelByHandle(handle: string): YouTubeChannel | null {
    const wanted = handle.startsWith('@') ? handle : `@${handle}`;
    return wanted.toLowerCase() === this.only.handle ? this.only : null;
  }

  channelByPlaylist(playlistId: string): YouTubeChannel | null {
    return playlistId === this.only.uploadsPlaylist ? this.only : null;
  }

  channelStatistics(_id: string, at: Date): ChannelStatistics {
    const atMs = at.getTime();
    let views = 0;
    let subscribers = 12_000;
    for (const entry of this.entries.values()) {
      views += viewsOf(entry, atMs);
      subscribers +=
        entry.curve.total('subscribersGained', atMs) - entry.curve.total('subscribersLost', atMs);
    }
    return { views, subscribers, videos: this.uploads(this.only.id, at).length };
  }

  uploads(channelId: string, at: Date): readonly string[] {
    if (channelId !== this.only.id) return [];
    const atMs = at.getTime();
    return this.newestFirst.filter((entry) => isThere(entry, atMs)).map((entry) => entry.video.id);
  }

  video(id: string, at: Date): YouTubeVideo | null {
    const entry = this.entries.get(id);
    const atMs = at.getTime();
    if (entry === undefined || !isThere(entry, atMs)) return null;
    return {
      ...entry.video,
      statistics: {
        views: viewsOf(entry, atMs),
        likes: entry.curve.total('likes', atMs),
        comments: entry.curve.total('comments', atMs),
      },
    };
  }

  analytics(videoId: string, day: number, at: Date): AnalyticsSums | null {
    const entry = this.entries.get(videoId);
    if (entry === undefined) return null;
    const [fromMs, toMs] = [pacificStart(day), pacificStart(day + 1)];
    const readyMs = toMs + (48 + 24 * uniform(keyOf(this.seed, 'lag', day))) * hourMs;
    const ageMs = at.getTime() - readyMs;
    if (ageMs < 0) return null;
    const share = this.settledShare(videoId, day, ageMs);
    const gain = (metric: CurveMetric): number =>
      Math.round((entry.curve.total(metric, toMs) - entry.curve.total(metric, fromMs)) * share);
    const views = gain('views');
    // The platform gives no row to a day on which nothing happened.
    if (views === 0) return null;
    return {
      views,
      engagedViews: gain('engagedViews'),
      likes: gain('likes'),
      comments: gain('comments'),
      shares: gain('shares'),
      minutesWatched: gain('minutesWatched'),
      subscribersGained: gain('subscribersGained'),
      subscribersLost: gain('subscribersLost'),
    };
  }

  /** Share of its settled figures that a day shows: cut short when it first appears, restated twice, then final. */
  private settledShare(videoId: string, day: number, ageMs: number): number {
    const key = keyOf(this.seed, 'settling', videoId, day);
    if (ageMs < 24 * hourMs) return 0.78 + 0.12 * uniform(key, 0);
    if (ageMs < 48 * hourMs) return 0.94 + 0.04 * uniform(key, 1);
    if (ageMs < 96 * hourMs) return 0.99 + 0.02 * uniform(key, 2);
    return 1;
  }

  private add(entry: VideoEntry): void {
    this.entries.set(entry.video.id, entry);
  }
}

function isThere(entry: VideoEntry, atMs: number): boolean {
  if (atMs < entry.video.publishedAt.getTime()) return false;
  return entry.absent === null || atMs < entry.absent.fromMs || atMs >= entry.absent.toMs;
}

function viewsOf(entry: VideoEntry, atMs: number): number {
  const views = entry.curve.total('views', atMs);
  return entry.correction !== null && atMs >= entry.correction.atMs ? views - entry.correction.views : views;
}
