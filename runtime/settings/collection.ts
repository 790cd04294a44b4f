/** Where figures come from: the platforms, and files. */
import { httpUrl, secret, text, wholeNumber } from '../setting-kinds.js';
import { group } from './declaration.js';

const youtube = group('YouTube');
const spotify = group('Spotify');
const collection = group('Collection and files');

export const collectionSettings = {
  YOUTUBE_API_KEY: youtube(secret(), null, 'Enough for public counters.'),
  YOUTUBE_CLIENT_ID: youtube(text(), null, 'OAuth client, for the daily reports.'),
  YOUTUBE_CLIENT_SECRET: youtube(secret(), null, 'OAuth client.'),
  YOUTUBE_REFRESH_TOKEN: youtube(secret(), null, 'Of the channel’s owner.'),
  YOUTUBE_ROOT_URL: youtube(httpUrl(true), 'https://youtube.googleapis.com', 'YouTube Data v3.'),
  YOUTUBE_ANALYTICS_ROOT_URL: youtube(
    httpUrl(true),
    'https://youtubeanalytics.googleapis.com',
    'YouTube Analytics v2.',
  ),
  YOUTUBE_TOKEN_URL: youtube(
    httpUrl(true),
    'https://oauth2.googleapis.com/token',
    'Google’s token endpoint.',
  ),

  SPOTIFY_CLIENT_ID: spotify(text(), null, 'Client credentials.'),
  SPOTIFY_CLIENT_SECRET: spotify(secret(), null, 'Client credentials.'),
  SPOTIFY_API_URL: spotify(httpUrl(true), 'https://api.spotify.com/v1', 'The Web API.'),
  SPOTIFY_ACCOUNTS_URL: spotify(
    httpUrl(true),
    'https://accounts.spotify.com',
    'Gives tokens at /api/token below it.',
  ),

  HTTP_TIMEOUT_SECONDS: collection(
    wholeNumber(1, 600),
    30,
    'For a whole call to a platform: connection, answer and body.',
  ),
  LOAD_CHUNK_ROWS: collection(
    wholeNumber(100, 50_000),
    20_000,
    'Rows that are loaded in one transaction; more only take memory.',
  ),
  BACKFILL_CONCURRENCY: collection(wholeNumber(1, 64), 4, 'Days that a backfill collects side by side.'),
  EXPORT_DIRECTORY: collection(
    text('a directory'),
    null,
    'Where exports wait; workers and the site share it. Unset: exports-out in the state directory.',
  ),
  EXPORT_LINK_HOURS: collection(
    wholeNumber(1, 8_760),
    24,
    'After so long an export’s link leads nowhere, and maintenance removes the file.',
  ),
} as const;
