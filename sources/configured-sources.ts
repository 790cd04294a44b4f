/** The platforms' sources with the settings that the configuration holds for each. */
import type { Platform } from '../contracts/vocabulary.js';
import type { AnalyticsConfig } from '../runtime/configuration.js';
import type { Secret } from '../runtime/secret.js';
import { createSource } from './registry.js';
import { AuthError, UnsupportedError } from './errors.js';
import type { Source } from './source.js';
import type { SpotifySettings } from './spotify/settings.js';
import type { YoutubeSettings } from './youtube/settings.js';

/** Which source an account is collected by. */
export interface SourceOwner {
  platform: Platform;
  /** The channel or profile on the platform, where the account names one. */
  externalId: string | null;
}

/**
 * Sources by platform and channel, each made once: a source remembers its token and what it is granted.
 * The function throws UnsupportedError for a platform that has no source, AuthError without a credential.
 */
export function createSourceFor(config: AnalyticsConfig): (account: SourceOwner) => Source {
  const sources = new Map<string, Source>();
  return (account) => {
    const key = `${account.platform}/${account.externalId ?? ''}`;
    const known = sources.get(key);
    if (known !== undefined) return known;
    const source = createSource(settingsFor(config, account.platform, account.externalId));
    sources.set(key, source);
    return source;
  };
}

function settingsFor(
  config: AnalyticsConfig,
  platform: Platform,
  externalId: string | null,
): YoutubeSettings | SpotifySettings {
  if (platform === 'youtube') return youtubeSettings(config, externalId);
  if (platform === 'spotify') return spotifySettings(config, externalId);
  throw new UnsupportedError(`There is no source for ${platform} yet: import its files instead`);
}

function youtubeSettings(config: AnalyticsConfig, channelId: string | null): YoutubeSettings {
  const clientId = config.YOUTUBE_CLIENT_ID;
  const clientSecret = reveal(config.YOUTUBE_CLIENT_SECRET);
  const refreshToken = reveal(config.YOUTUBE_REFRESH_TOKEN);
  const oauth =
    clientId === null || clientSecret === null || refreshToken === null
      ? null
      : { clientId, clientSecret, refreshToken };
  const apiKey = reveal(config.YOUTUBE_API_KEY);
  if (apiKey === null && oauth === null)
    throw new AuthError(
      'YouTube needs a credential: set YOUTUBE_API_KEY, or YOUTUBE_CLIENT_ID, YOUTUBE_CLIENT_SECRET and ' +
        'YOUTUBE_REFRESH_TOKEN',
    );
  return {
    platform: 'youtube',
    rootUrl: config.YOUTUBE_ROOT_URL,
    analyticsRootUrl: config.YOUTUBE_ANALYTICS_ROOT_URL,
    tokenUrl: config.YOUTUBE_TOKEN_URL,
    apiKey,
    oauth,
    channelId,
  };
}

function spotifySettings(config: AnalyticsConfig, artistId: string | null): SpotifySettings {
  const clientId = config.SPOTIFY_CLIENT_ID;
  const clientSecret = reveal(config.SPOTIFY_CLIENT_SECRET);
  if (clientId === null || clientSecret === null)
    throw new AuthError('Spotify needs a credential: set SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET');
  return {
    platform: 'spotify',
    clientId,
    clientSecret,
    apiUrl: config.SPOTIFY_API_URL,
    accountsUrl: config.SPOTIFY_ACCOUNTS_URL,
    artistId,
  };
}

function reveal(secret: Secret | null): string | null {
  return secret?.reveal() ?? null;
}
