/**
 * Every setting, once: its name is the environment variable, the key in a configuration file and the property
 * of the configuration.
 */
import type { z } from 'zod';
import {
  choice,
  clockReading,
  databaseUrl,
  fraction,
  hostAndPort,
  httpUrl,
  level,
  levels,
  secret,
  text,
  timeOfDay,
  timeZone,
  truth,
  wholeNumber,
  type SettingKind,
} from './setting-kinds.js';

export interface Setting<T> {
  kind: SettingKind<T>;
  /** Null: not set. */
  fallback: T | null;
  group: string;
  about: string;
}

interface Required<T> extends Setting<T> {
  fallback: T;
}

type Declare = <T, F extends T | null>(
  kind: SettingKind<T>,
  fallback: F,
  about: string,
) => F extends null ? Setting<T> : Required<T>;

function group(name: string): Declare {
  return ((kind: SettingKind<unknown>, fallback: unknown, about: string) => ({
    kind,
    fallback,
    group: name,
    about,
  })) as Declare;
}

const program = group('The program');
const database = group('Postgres');
const temporal = group('Temporal');
const logs = group('Logs');
const youtube = group('YouTube');
const spotify = group('Spotify');
const collection = group('Collection and files');
const analysis = group('Analysis');
const upkeep = group('Schedules and retention');
const site = group('Site and API');

export const settings = {
  TIDEMARK_ENV: program(
    choice('development', 'production'),
    'development',
    'Production starts no servers of its own and refuses to run without the addresses of both.',
  ),
  TIDEMARK_CLOCK: program(
    clockReading(),
    'system',
    'The program’s clock: the system’s, or an instant at which it stands.',
  ),
  TIDEMARK_STATE_DIRECTORY: program(
    text('a directory'),
    '.tidemark',
    'Holds the data, logs and addresses of the embedded servers.',
  ),

  DATABASE_URL: database(
    databaseUrl(),
    null,
    'The owner’s connection. Unset, an embedded Postgres is started.',
  ),
  DATABASE_APP_URL: database(
    databaseUrl(),
    null,
    'The connection of the pages and the HTTP API, whose role is bound by row security. Unset: DATABASE_URL.',
  ),
  DB_POOL_SIZE: database(wholeNumber(1, 500), 10, 'Connections a process.'),
  DB_STATEMENT_TIMEOUT_SECONDS: database(
    wholeNumber(0, 86_400),
    300,
    'A statement past it is cancelled; 0 for none.',
  ),
  SLOW_QUERY_SECONDS: database(fraction(0, 3_600), 5, 'A statement past it is logged as slow.'),
  POSTGRES_PORT: database(
    wholeNumber(1_024, 65_435),
    54_320,
    'First choice of the embedded Postgres; a taken port is stepped around.',
  ),

  TEMPORAL_ADDRESS: temporal(
    hostAndPort(),
    null,
    'Unset, an embedded development server with its UI is started.',
  ),
  TEMPORAL_NAMESPACE: temporal(text(), 'default', 'The namespace that everything runs in.'),
  TEMPORAL_API_KEY: temporal(secret(), null, 'For Temporal Cloud; implies TLS.'),
  TEMPORAL_TLS: temporal(truth(), false, 'Connect by TLS.'),
  TEMPORAL_TLS_SERVER_NAME: temporal(text('a host name'), null, 'The name in the server’s certificate.'),
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: temporal(
    text('a file'),
    null,
    'PEM file of the authority that signed the server’s certificate.',
  ),
  TEMPORAL_TLS_CLIENT_CERT_PATH: temporal(text('a file'), null, 'PEM file of our certificate (mTLS).'),
  TEMPORAL_TLS_CLIENT_KEY_PATH: temporal(text('a file'), null, 'PEM file of our key (mTLS).'),
  TEMPORAL_UI_URL: temporal(
    httpUrl(),
    null,
    'Where links to runs lead. Unset: the embedded server’s own, or http://localhost:8233.',
  ),
  TEMPORAL_PORT: temporal(wholeNumber(1_024, 65_435), 7_233, 'First choice of the embedded server.'),
  TEMPORAL_UI_PORT: temporal(wholeNumber(1_024, 65_435), 8_233, 'First choice of its web UI.'),
  WORKER_DRAIN_SECONDS: temporal(
    wholeNumber(1, 3_600),
    20,
    'What a stopping worker gives its activities to finish or to be given back.',
  ),

  LOG_LEVEL: logs(level(), 'info', 'Of every component that LOG_LEVELS does not name.'),
  LOG_LEVELS: logs(levels(), {}, 'Levels by component.'),
  LOG_FILE: logs(text('a file'), null, 'Beside the stream, logs go to this file, such as analytics.log.'),

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

  CACHE_TTL_SECONDS: analysis(wholeNumber(0, 86_400), 300, 'How long a computed answer is served again.'),
  MIN_DATA_POINTS_FOR_ANALYSIS: analysis(
    wholeNumber(3, 1_000),
    10,
    'Below it a series has no trend and no forecast.',
  ),
  MIN_POINTS_FOR_ANOMALIES: analysis(
    wholeNumber(14, 1_000),
    14,
    'Final points that a series needs before a day can be unusual.',
  ),
  MIN_CONTENTS_FOR_CORRELATION: analysis(
    wholeNumber(4, 10_000),
    10,
    'Contents that a correlation needs at least.',
  ),
  CORRELATION_SIGNIFICANCE_THRESHOLD: analysis(
    fraction(0.0001, 0.5),
    0.05,
    'After control of the false-discovery rate.',
  ),
  LOW_PERFORMANCE_THRESHOLD: analysis(fraction(0, 10), 3, 'Scores at or below it are low.'),
  HIGH_PERFORMANCE_THRESHOLD: analysis(fraction(0, 10), 7, 'Scores at or above it are high.'),
  STOCK_HALF_LIFE_DAYS: analysis(
    fraction(0.1, 3_650),
    30,
    'After so long, evidence about a stock source counts half.',
  ),
  ANALYSIS_BATCH_SIZE: analysis(
    wholeNumber(2, 10_000),
    100,
    'Series a batch; halved when memory runs short.',
  ),
  ANALYSIS_MEMORY_LIMIT_MIB: analysis(wholeNumber(128, 1_048_576), 1_000, 'Past it, batches are halved.'),

  HTTP_HOST: site(
    text('a host name or address'),
    '127.0.0.1',
    'Where the site listens; anything but loopback asks for HTTP_AUTH=keys.',
  ),
  HTTP_PORT: site(
    wholeNumber(0, 65_535),
    8_000,
    'Port of the site; `npm start` steps around one that is taken, and 0 takes any that is free.',
  ),
  HTTP_AUTH: site(
    choice('none', 'keys'),
    'none',
    'Whether keys are asked for; `none` lets whoever reaches the loopback address do everything.',
  ),
  HTTP_CORS_ORIGINS: site(
    text('addresses such as https://tools.example, set apart by commas'),
    null,
    'Sites whose pages may call the API from a browser.',
  ),
  HTTP_RATE_LIMIT_PER_MINUTE: site(
    wholeNumber(0, 1_000_000),
    3_000,
    'Requests of one address; 0 for no limit.',
  ),
  HTTP_TRUST_PROXY: site(
    truth(),
    false,
    'Whether a proxy stands in front, whose X-Forwarded headers tell the caller’s address.',
  ),
  SESSION_HOURS: site(
    wholeNumber(1, 8_760),
    12,
    'How long somebody who entered the pages by a key stays in.',
  ),
  WEBHOOK_SECRET: site(
    secret(),
    null,
    'Signs what comes to /webhook/youtube; asked for beyond loopback, and wherever it is set.',
  ),

  DAILY_ANALYSIS_AT: upkeep(timeOfDay(), '02:00', 'When recommendations and clean-up run.'),
  DAILY_ANALYSIS_TIME_ZONE: upkeep(
    timeZone(),
    'UTC',
    'The zone of DAILY_ANALYSIS_AT, and of the weekday and hour that contents were published at.',
  ),
  ENGAGEMENT_DATA_RETENTION_DAYS: upkeep(
    wholeNumber(0, 36_500),
    365,
    'Raw instants are removed after it, their days are kept; 0 keeps everything.',
  ),
  SCHEDULES_PAUSED: upkeep(truth(), false, 'Schedules are created, but paused.'),
} as const;

export type SettingName = keyof typeof settings;
export const settingNames = Object.keys(settings) as SettingName[];

type ValueOf<S> = S extends { kind: SettingKind<infer T>; fallback: infer F }
  ? null extends F
    ? T | null
    : T
  : never;

export type Settings = { readonly [Name in SettingName]: ValueOf<(typeof settings)[Name]> };

/** The same table without the types of single settings, for code that walks over all of them. */
export function settingOf(name: SettingName): Setting<unknown> & { kind: { schema: z.ZodType } } {
  return settings[name];
}
