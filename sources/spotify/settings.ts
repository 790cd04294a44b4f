import type { SourceCapabilities } from '../source.js';

export interface SpotifySettings {
  platform: 'spotify';
  clientId: string;
  clientSecret: string;
  /** Web API with its version, `https://api.spotify.com/v1`; may hold `{at}`. Null means Spotify's own. */
  apiUrl: string | null;
  /** `https://accounts.spotify.com`; null means Spotify's own. */
  accountsUrl: string | null;
  /** Whose albums `listContents` walks; null where contents are known by id alone. */
  artistId: string | null;
}

export const spotifyApiUrl = 'https://api.spotify.com/v1';
export const spotifyAccountsUrl = 'https://accounts.spotify.com';

/** Ids a batch takes; answers of one by one are put together alike, so that the loader sees no crumbs. */
export const tracksPerBatch = 50;
export const itemsPerPage = 50;

/** Single tracks asked for at once: the limit is a rolling half-minute without a published figure. */
export const parallelTracks = 6;

export const spotifyBucket = 'requests';

/** What these settings let a caller ask for. Streams are in no API: they come by export files. */
export function spotifyCapabilities(settings: SpotifySettings, takesMoment: boolean): SourceCapabilities {
  return {
    reports: {
      counters: {
        history: takesMoment ? 'range' : 'now',
        dayZone: 'UTC',
        lagDays: 0,
        finalAfterDays: 0,
      },
    },
    listsContents: settings.artistId !== null,
    buckets: { [spotifyBucket]: { dailyLimit: null, zone: 'UTC' } },
  };
}
