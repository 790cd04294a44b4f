import { dayNumber, msPerDay, weekdayOf } from './calendar.js';
import { artistName, spotifyId, type GeneratedRelease } from './generated-catalogue.js';
import { keyOf, normal } from './random.js';
import { plannedReleases, qualityOf } from './release-plan.js';
import type { SpotifyAlbum, SpotifyArtist, SpotifyTrack, SpotifyWorld } from './world.js';

const weekdays = [0.97, 0.95, 0.97, 1, 1.09, 1.06, 0.96];
const popularityWindowDays = 28;

/** Whole streams a UTC day, by Spotify's own days. */
class StreamCurve {
  /** Sums of all days before the index-th one. */
  private readonly sums = [0];
  private readonly key: number;

  constructor(
    seed: number,
    private readonly index: number,
    readonly firstDay: number,
  ) {
    this.key = keyOf(seed, 'streams', index);
  }

  /** Streams before the day (days since 1970-01-01) began. */
  before(day: number): number {
    const index = Math.max(0, day - this.firstDay);
    while (this.sums.length <= index) this.addDay(this.sums.length - 1);
    return this.sums[index]!;
  }

  private addDay(index: number): void {
    const quality = qualityOf(plannedReleases[this.index]!.rank) * Math.exp(0.12 * normal(this.key, 0));
    const level = quality * (2600 * (1 + index) ** -0.9 + 420 * (1 + index / 150) ** -0.5);
    const noise = Math.exp(0.06 * normal(this.key, index + 1));
    const gain = Math.round(level * weekdays[weekdayOf(this.firstDay + index)]! * noise);
    this.sums.push(this.sums.at(-1)! + gain);
  }
}

/** The generated artist's catalogue on Spotify: one single a release, one track a single. */
export class GeneratedSpotify implements SpotifyWorld {
  readonly artistId: string;
  private readonly releasesByTrack: ReadonlyMap<string, GeneratedRelease>;
  private readonly releasesByAlbum: ReadonlyMap<string, GeneratedRelease>;
  private readonly curves: ReadonlyMap<string, StreamCurve>;
  private readonly only: SpotifyArtist;

  constructor(
    seed: number,
    private readonly anchorDay: string,
    releases: readonly GeneratedRelease[],
  ) {
    this.artistId = spotifyId(seed, 'artist');
    this.only = { id: this.artistId, name: artistName, genres: ['dream pop', 'indie pop'], imageUrl: null };
    this.releasesByTrack = new Map(releases.map((release) => [release.trackId, release]));
    this.releasesByAlbum = new Map(releases.map((release) => [release.albumId, release]));
    this.curves = new Map(
      releases.map((release) => [
        release.trackId,
        new StreamCurve(seed, release.index, dayNumber(release.releasedOn)),
      ]),
    );
  }

  /** Streams of a track on a UTC day and in all up to its end; null before its release. */
  streams(trackId: string, day: number): { daily: number; total: number } | null {
    const curve = this.curves.get(trackId);
    if (curve === undefined || day < curve.firstDay) return null;
    const total = curve.before(day + 1);
    return { daily: total - curve.before(day), total };
  }

  artist(id: string): SpotifyArtist | null {
    return id === this.artistId ? this.only : null;
  }

  artistFollowers(id: string, at: Date): number | null {
    if (id !== this.artistId) return null;
    const days = at.getTime() / msPerDay - (dayNumber(this.anchorDay) - 720);
    return Math.max(0, Math.floor(1800 + 9.3 * days));
  }

  artistAlbums(id: string, at: Date): readonly string[] {
    if (id !== this.artistId) return [];
    return [...this.releasesByAlbum.values()]
      .filter((release) => isOut(release, at))
      .map((release) => release.albumId)
      .reverse();
  }

  album(id: string, at: Date): SpotifyAlbum | null {
    const release = this.releasesByAlbum.get(id);
    if (release === undefined || !isOut(release, at)) return null;
    return {
      id,
      name: release.title,
      type: 'single',
      releasedOn: release.releasedOn,
      imageUrl: `https://i.scdn.co/image/${release.albumId.toLowerCase()}`,
      artistIds: [this.artistId],
      trackIds: [release.trackId],
      label: 'Low Water Records',
      upc: release.upc,
    };
  }

  track(id: string, at: Date): SpotifyTrack | null {
    const release = this.releasesByTrack.get(id);
    if (release === undefined || !isOut(release, at)) return null;
    return {
      id,
      name: release.title,
      albumId: release.albumId,
      artistIds: [this.artistId],
      durationMs: release.durationSeconds * 1000,
      isrc: release.isrc,
      explicit: false,
      trackNumber: 1,
    };
  }

  popularity(kind: 'artist' | 'album' | 'track', id: string, at: Date): number | null {
    const tracks =
      kind === 'artist'
        ? [...this.curves.keys()]
        : [kind === 'track' ? id : (this.releasesByAlbum.get(id)?.trackId ?? '')];
    const day = Math.floor(at.getTime() / msPerDay);
    let recent = 0;
    for (const track of tracks) {
      const curve = this.curves.get(track);
      recent += curve === undefined ? 0 : curve.before(day) - curve.before(day - popularityWindowDays);
    }
    return Math.min(100, Math.round(10 * Math.log10(1 + recent)));
  }
}

/** A track is there from its release day's midnight, as Spotify releases do. */
function isOut(release: GeneratedRelease, at: Date): boolean {
  return at.getTime() >= dayNumber(release.releasedOn) * msPerDay;
}
