import { join } from 'node:path';
import { readRecords } from './recorded-csv.js';
import type { SpotifyAlbum, SpotifyArtist, SpotifyTrack, SpotifyWorld } from './world.js';

/** Spotify's catalogue as it was recorded: names, release days and covers. Artists were not. */
export class RecordedSpotify implements SpotifyWorld {
  readonly tracks: ReadonlyMap<string, SpotifyTrack>;
  readonly albums: ReadonlyMap<string, SpotifyAlbum>;

  constructor(
    trackRecords: readonly Record<string, string>[],
    albumRecords: readonly Record<string, string>[],
  ) {
    const trackIds = new Map<string, string[]>();
    const tracks = new Map<string, SpotifyTrack>();
    for (const record of trackRecords) {
      const id = record['TRACK_ID'] ?? '';
      const albumId = record['ALBUM_ID'] ?? '';
      if (id === '' || tracks.has(id)) continue;
      const ofAlbum = trackIds.get(albumId) ?? [];
      trackIds.set(albumId, ofAlbum);
      ofAlbum.push(id);
      tracks.set(id, {
        id,
        name: record['TRACK_NAME'] ?? '',
        albumId: albumId === '' ? null : albumId,
        artistIds: [],
        durationMs: null,
        isrc: null,
        explicit: false,
        trackNumber: ofAlbum.length,
      });
    }
    this.tracks = tracks;
    this.albums = new Map(
      albumRecords.map((record) => {
        const id = record['ALBUM_ID'] ?? '';
        const ofAlbum = trackIds.get(id) ?? [];
        const album: SpotifyAlbum = {
          id,
          name: record['ALBUM_NAME'] ?? '',
          type: ofAlbum.length === 1 ? 'single' : 'album',
          releasedOn: record['ALBUM_RELEASE_DATE'] ?? '',
          imageUrl: record['ALBUM_COVER'] || null,
          artistIds: [],
          trackIds: ofAlbum,
          label: null,
          upc: null,
        };
        return [id, album];
      }),
    );
  }

  artist(): SpotifyArtist | null {
    return null;
  }

  artistFollowers(): number | null {
    return null;
  }

  artistAlbums(): readonly string[] {
    return [];
  }

  album(id: string): SpotifyAlbum | null {
    return this.albums.get(id) ?? null;
  }

  track(id: string): SpotifyTrack | null {
    return this.tracks.get(id) ?? null;
  }

  popularity(): number | null {
    return null;
  }
}

/** Reads the track and album files of `spotify/daily-streams` under the folder. */
export async function readRecordedSpotify(dataDirectory: string): Promise<RecordedSpotify> {
  const folder = join(dataDirectory, 'spotify', 'daily-streams');
  return new RecordedSpotify(
    await readRecords(join(folder, 'Tracks_info.csv')),
    await readRecords(join(folder, 'Album_info.csv')),
  );
}
