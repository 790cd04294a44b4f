import { join } from 'node:path';
import { readRecords } from './recorded-csv.js';
import type {
  AnalyticsSums,
  ChannelStatistics,
  YouTubeChannel,
  YouTubeVideo,
  YouTubeWorld,
} from './world.js';

/** An instant at which the recordings' collector asked, and what it asked for. */
export interface RecordedMoment {
  /** RFC 3339 to the microsecond, as recorded. */
  at: string;
  videoIds: string[];
}

/** A recorded video and the span over which it was asked for. */
export interface RecordedVideo {
  id: string;
  channelId: string;
  title: string;
  publishedAt: Date;
  trackedFrom: string;
  /** The last time it was asked for; null when that was the last time of all. */
  trackedUntil: string | null;
}

interface Row {
  atMs: number;
  /** Null: the platform answered nothing for the id. */
  statistics: YouTubeVideo['statistics'] | null;
}

/** YouTube as a collector saw it, run by run. */
export class RecordedYouTube implements YouTubeWorld {
  readonly ownChannelId = null;
  readonly moments: readonly RecordedMoment[];
  readonly videos: readonly RecordedVideo[];
  private readonly rows = new Map<string, Row[]>();
  private readonly byId: ReadonlyMap<string, RecordedVideo>;

  constructor(records: readonly Record<string, string>[]) {
    const inOrder = [...records].sort(
      (a, b) => Date.parse(a['run_datetime_utc'] ?? '') - Date.parse(b['run_datetime_utc'] ?? ''),
    );
    const moments = new Map<string, string[]>();
    const videos = new Map<string, RecordedVideo>();
    for (const record of inOrder) {
      const at = record['run_datetime_utc'] ?? '';
      const id = record['video_id'] ?? '';
      moments.set(at, [...(moments.get(at) ?? []), id]);
      const rows = this.rows.get(id) ?? [];
      this.rows.set(id, rows);
      rows.push({ atMs: Date.parse(at), statistics: statisticsOf(record) });
      const known = videos.get(id);
      // A blank row tells nothing but that it was asked for.
      videos.set(id, {
        id,
        channelId: record['channel_id'] || (known?.channelId ?? ''),
        title: record['title'] || (known?.title ?? ''),
        publishedAt: record['published_at']
          ? new Date(record['published_at'])
          : (known?.publishedAt ?? new Date(0)),
        trackedFrom: known?.trackedFrom ?? at,
        trackedUntil: at,
      });
    }
    this.moments = [...moments].map(([at, videoIds]) => ({ at, videoIds }));
    const lastAt = this.moments.at(-1)?.at;
    this.videos = [...videos.values()].map((video) =>
      video.trackedUntil === lastAt ? { ...video, trackedUntil: null } : video,
    );
    this.byId = new Map(this.videos.map((video) => [video.id, video]));
  }

  channel(id: string): YouTubeChannel | null {
    if (!this.videos.some((video) => video.channelId === id)) return null;
    return {
      id,
      title: id,
      description: '',
      handle: `@${id.toLowerCase()}`,
      publishedAt: new Date(0),
      country: null,
      uploadsPlaylist: `UU${id.slice(2)}`,
    };
  }

  channelByHandle(handle: string): YouTubeChannel | null {
    const found = this.videos.find((video) => `@${video.channelId.toLowerCase()}` === handle.toLowerCase());
    return found === undefined ? null : this.channel(found.channelId);
  }

  channelByPlaylist(playlistId: string): YouTubeChannel | null {
    return playlistId.startsWith('UU') ? this.channel(`UC${playlistId.slice(2)}`) : null;
  }

  /** Of the recorded videos alone; subscribers were not recorded. */
  channelStatistics(id: string, at: Date): ChannelStatistics {
    const videos = this.uploads(id, at).map((videoId) => this.video(videoId, at));
    const views = videos.reduce((sum, video) => sum + (video?.statistics.views ?? 0), 0);
    return { views, subscribers: 0, videos: videos.length };
  }

  uploads(channelId: string, at: Date): readonly string[] {
    return this.videos
      .filter((video) => video.channelId === channelId && this.video(video.id, at) !== null)
      .sort((a, b) => b.publishedAt.getTime() - a.publishedAt.getTime())
      .map((video) => video.id);
  }

  video(id: string, at: Date): YouTubeVideo | null {
    const video = this.byId.get(id);
    const statistics = latest(this.rows.get(id) ?? [], at.getTime())?.statistics ?? null;
    if (video === undefined || statistics === null) return null;
    return {
      id,
      channelId: video.channelId,
      channelTitle: video.channelId,
      title: video.title,
      description: '',
      publishedAt: video.publishedAt,
      durationSeconds: null,
      tags: [],
      language: null,
      categoryId: '10',
      statistics,
    };
  }

  /** Nobody recorded reports. */
  analytics(): AnalyticsSums | null {
    return null;
  }
}

/** Reads `youtube/video-daily/daily_stats.csv` under the folder. */
export async function readRecordedYouTube(dataDirectory: string): Promise<RecordedYouTube> {
  return new RecordedYouTube(
    await readRecords(join(dataDirectory, 'youtube', 'video-daily', 'daily_stats.csv')),
  );
}

function statisticsOf(record: Record<string, string>): Row['statistics'] {
  const count = (name: string): number | undefined => (record[name] ? Number(record[name]) : undefined);
  const [views, likes, comments] = [count('view_count'), count('like_count'), count('comment_count')];
  if (views === undefined && likes === undefined && comments === undefined) return null;
  return {
    ...(views === undefined ? {} : { views }),
    ...(likes === undefined ? {} : { likes }),
    ...(comments === undefined ? {} : { comments }),
  };
}

/** The last row at or before the instant, of rows in order of time. */
function latest(rows: readonly Row[], atMs: number): Row | undefined {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle]!.atMs <= atMs) low = middle + 1;
    else high = middle;
  }
  return rows[low - 1];
}
